import ArgumentParser
import Glibc
import Measuring
import SystemPackage

/// What any program pays for files that are there after a power cut: write, fsync, rename.
struct BareWrites: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bare-writes", abstract: "Time files that are written, synced and renamed.",
    shouldDisplay: false)

  private static let size = 10 << 10

  @Argument(help: "The directory.")
  var directory: String

  @Argument(help: "How many files.")
  var count: Int

  func run() throws {
    let content = [UInt8](repeating: 0x5a, count: Self.size)
    let directory = FilePath(directory)
    try SelfTiming.write {
      for number in 0..<count { try write(content, in: directory, number) }
    }
  }

  private func write(_ content: [UInt8], in directory: FilePath, _ number: Int) throws {
    let temporary = directory.appending("new")
    let file = try FileDescriptor.open(
      temporary, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    try file.closeAfter {
      try file.writeAll(content)
      guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
    guard rename(temporary.string, directory.appending("file-\(number)").string) == 0 else {
      throw Errno(rawValue: errno)
    }
  }
}
