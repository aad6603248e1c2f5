import Glibc
import SystemPackage

/// What a reader has to know of the machine to make something of the figures.
public enum Machine {
  /// Above this the figures say more about the other programs than about ours.
  static let highestLoad = 0.5

  /// The load average of the last minute.
  public static func load() throws -> Double {
    let text = try SmallText.read("/proc/loadavg")
    guard let load = text.split(separator: " ").first.flatMap({ Double($0) }) else {
      throw Problem("/proc/loadavg cannot be understood")
    }
    return load
  }

  /// Waits until the load is low enough, at most `seconds`.
  ///
  /// - Throws: `Problem` when it is still too high then.
  public static func waitForQuiet(seconds: Int) throws {
    var left = seconds
    while try load() > highestLoad {
      guard left > 0 else {
        throw Problem(
          "the load of the last minute is \(try load()), above \(highestLoad): the figures would be of no use."
            + " Try again on an idle machine, or give --wait SECONDS; --force is for development")
      }
      sleep(1)
      left -= 1
    }
  }

  /// Processor, number of cores and kernel, in one line.
  public static func description() throws -> String {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let model =
      try SmallText.read("/proc/cpuinfo").split(separator: "\n")
      .first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.drop { $0 == " " } } ?? "?"
    return "\(model), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores, Linux \(release)"
  }

  /// How much memory it has.
  public static func memory() throws -> String {
    let line = try SmallText.read("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
    let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    return "\((kibibytes + 524_288) >> 20) GiB"
  }
}
