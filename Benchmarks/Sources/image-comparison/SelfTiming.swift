import Measuring
import SystemPackage

/// How long something took, told by the process that did it: nanoseconds, on the only line that it writes.
enum SelfTiming {
  static func write(_ body: () throws -> Void) rethrows {
    let start = Sample.now()
    try body()
    print(Sample.now() - start)
  }

  static func read(_ output: FilePath) throws -> Int64 {
    let text = try SmallText.read(output)
    guard let time = text.split(separator: "\n").last.flatMap({ Int64($0) }) else {
      throw Problem("a command that times itself wrote \"\(text)\"")
    }
    return time
  }
}
