import AppcSchema
import SystemPackage

/// The name of an image's file in one directory, in the form in which the kernel takes it.
///
/// One is filled in again and again by who looks at the files of many images: no memory is taken for each.
struct ImageFileName {
  private static let scheme = Array("sha512-".utf8)
  private static let digits = 128
  private static let shardDigits = 2

  private var bytes: [CChar]
  /// Where the image's digits go.
  private let start: Int
  private let isInShard: Bool

  /// Names of files that end in `suffix` after the ID, beneath the image's shard if `inShard` is on.
  init(inShard: Bool = false, suffix: String = "") {
    let shard = inShard ? [UInt8](repeating: 0, count: Self.shardDigits) + [UInt8(ascii: "/")] : []
    let room = [UInt8](repeating: 0, count: Self.digits)
    bytes = (shard + Self.scheme + room + Array(suffix.utf8) + [0]).map(CChar.init(bitPattern:))
    start = shard.count + Self.scheme.count
    isInShard = inShard
  }

  /// Calls `body` with the name of the file that is about `id`.
  mutating func with<Result: ~Copyable>(
    _ id: ImageID, _ body: (UnsafePointer<CChar>) throws(Errno) -> Result
  ) throws(Errno) -> Result {
    bytes.withUnsafeMutableBytes { bytes in
      let room = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + Self.digits])
      room.copyBytes(from: id.hex.utf8.prefix(Self.digits))
      if isInShard { bytes.copyBytes(from: id.hex.utf8.prefix(Self.shardDigits)) }
    }
    return try body(bytes)
  }

  /// The image that a file is named after, if its ID begins with `prefix`.
  static func imageID(_ name: UnsafeRawBufferPointer, beginningWith prefix: [UInt8]? = nil) -> ImageID? {
    // Most names are told apart without making a string of them.
    guard name.count == scheme.count + digits, name.starts(with: prefix ?? scheme) else { return nil }
    return try? ImageID(String(decoding: name, as: UTF8.self))
  }
}
