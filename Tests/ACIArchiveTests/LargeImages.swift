import ACIArchive
import AppcTesting

/// Images that are large enough for threads.
enum LargeImages {
  /// Files of many sizes, in directories that come after what they hold, with links of both kinds: 9 MB.
  static let mixed: [UInt8] = {
    var content = PatternBytes()
    var entries: [RawTar.Entry] = [
      RawTar.Entry("manifest", content: plainManifest), .directory("rootfs"),
    ]
    for number in 0..<400 {
      let directory = "rootfs/d\(number % 23)"
      let size = number.isMultiple(of: 20) ? (number * 9173) % 700_000 : (number * 131) % 5000
      entries.append(
        RawTar.Entry(
          "\(directory)/f\(number)", mode: number.isMultiple(of: 7) ? 0o4750 : 0o644, uid: number % 3,
          gid: number % 5, modified: 1_600_000_000 + number, content: content.bytes(size)))
      if number.isMultiple(of: 11) {
        entries.append(.hardLink("\(directory)/h\(number)", to: "\(directory)/f\(number)"))
        entries.append(.symbolicLink("\(directory)/s\(number)", to: "../f\(number)"))
      }
    }
    for number in 0..<23 { entries.append(.directory("rootfs/d\(number)", mode: 0o711)) }
    return RawTar(entries).bytes
  }()

  /// The same as a gzip member.
  static let mixedZipped = StoredGzip.member(mixed)

  /// One file of so many bytes, and what follows it.
  static func oneFile(_ count: Int) -> [UInt8] {
    var content = PatternBytes()
    return image(RawTar.Entry("rootfs/big", content: content.bytes(count)), .file("rootfs/last", "end"))
  }
}

/// Bytes of which no piece is like the next, made quickly: pieces of one block whose length is a prime.
struct PatternBytes {
  private static let block: [UInt8] = {
    var generator = SystemRandomNumberGenerator()
    return (0..<65_521).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }()
  private var start = 0

  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      bytes += Self.block[start...].prefix(count - bytes.count)
      start = (start + 7919) % Self.block.count
    }
    return bytes
  }
}
