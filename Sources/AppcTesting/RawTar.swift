/// A tar archive written header by header, right or wrong as a test wants it.
///
/// Knows nothing of the rules of images, and shares no code with the writer under test.
public struct RawTar: Sendable {
  /// One member.
  public struct Entry: Sendable {
    /// The name as it stands in the header, at most 100 bytes.
    public var name: [UInt8]
    /// The type flag: "0" file, "1" hard link, "2" symbolic link, "3" and "4" devices, "5" directory, "6" FIFO.
    public var type: UInt8
    /// Permission bits.
    public var mode: Int
    /// Owner's number.
    public var uid: Int
    /// Group's number.
    public var gid: Int
    /// Time of change, seconds since 1970.
    public var modified: Int
    /// The link's target, at most 100 bytes.
    public var link: [UInt8]
    /// Device numbers.
    public var device: (major: Int, minor: Int)
    /// The bytes that follow the header.
    public var content: [UInt8]
    /// The size in the header, where it is to differ from the content's.
    public var declaredSize: Int?
    /// Whether the header's checksum is right.
    public var hasValidChecksum: Bool

    /// Makes a member; what is left out is what a plain file of root has.
    public init(
      _ name: String, type: Character = "0", mode: Int = 0o644, uid: Int = 0, gid: Int = 0,
      modified: Int = 1_262_304_000,
      link: String = "", device: (major: Int, minor: Int) = (0, 0), content: [UInt8] = [],
      declaredSize: Int? = nil,
      hasValidChecksum: Bool = true
    ) {
      self.name = Array(name.utf8)
      self.type = type.asciiValue ?? 0
      self.mode = mode
      self.uid = uid
      self.gid = gid
      self.modified = modified
      self.link = Array(link.utf8)
      self.device = device
      self.content = content
      self.declaredSize = declaredSize
      self.hasValidChecksum = hasValidChecksum
    }

    /// A regular file.
    public static func file(_ name: String, _ content: String = "", mode: Int = 0o644) -> Entry {
      Entry(name, mode: mode, content: Array(content.utf8))
    }

    /// A directory.
    public static func directory(_ name: String, mode: Int = 0o755) -> Entry {
      Entry(name, type: "5", mode: mode)
    }

    /// A symbolic link.
    public static func symbolicLink(_ name: String, to target: String) -> Entry {
      Entry(name, type: "2", mode: 0o777, link: target)
    }

    /// A hard link.
    public static func hardLink(_ name: String, to target: String) -> Entry {
      Entry(name, type: "1", link: target)
    }
  }

  /// The members in order.
  public var entries: [Entry]
  /// Blocks of zeros at the end; a good archive has two or more.
  public var endBlocks: Int

  /// Makes an archive of members.
  public init(_ entries: [Entry], endBlocks: Int = 2) {
    self.entries = entries
    self.endBlocks = endBlocks
  }

  /// The archive's bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      bytes += header(entry) + entry.content
      bytes += [UInt8](repeating: 0, count: (512 - entry.content.count % 512) % 512)
    }
    return bytes + [UInt8](repeating: 0, count: 512 * endBlocks)
  }

  private func header(_ entry: Entry) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Sequence<UInt8>, _ offset: Int, _ length: Int) {
      for (index, byte) in bytes.prefix(length).enumerated() { block[offset + index] = byte }
    }
    func putOctal(_ value: Int, _ offset: Int, _ length: Int) {
      let digits = String(value, radix: 8)
      put((String(repeating: "0", count: max(0, length - 1 - digits.count)) + digits).utf8, offset, length)
    }
    put(entry.name, 0, 100)
    putOctal(entry.mode, 100, 8)
    putOctal(entry.uid, 108, 8)
    putOctal(entry.gid, 116, 8)
    putOctal(entry.declaredSize ?? entry.content.count, 124, 12)
    putOctal(entry.modified, 136, 12)
    block[156] = entry.type
    put(entry.link, 157, 100)
    put("ustar\u{0}00".utf8, 257, 8)
    putOctal(entry.device.major, 329, 8)
    putOctal(entry.device.minor, 337, 8)
    put("        ".utf8, 148, 8)
    let sum = block.reduce(0) { $0 + Int($1) }
    putOctal(entry.hasValidChecksum ? sum : sum + 1, 148, 7)
    return block
  }
}
