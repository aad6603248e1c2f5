import AppcTesting
import Testing

@testable import ACIArchive

/// Streams of every kind, cut, changed, joined and followed by what does not belong to them.
struct StreamDamageTests {
  private let plain: [UInt8] = {
    let noise = String((0..<400).map { UInt32($0) &* 2_654_435_761 }.map { String($0, radix: 36) }.joined())
    return image(.file("rootfs/a", noise), .directory("rootfs/d"), .symbolicLink("rootfs/d/l", to: "x"))
  }()

  @Test("C1: however an image is compressed, its ID is the same", arguments: PackedForm.all)
  func identity(_ form: PackedForm) throws {
    let summary = try Archive.inspect(ByteSource(try form.pack(plain)))
    #expect(summary.compression == form.compression)
    try #expect(summary.imageID == Archive.inspect(ByteSource(plain)).imageID)
  }

  @Test("a stream cut anywhere is refused, and mostly known to be cut", arguments: PackedForm.all)
  func cut(_ form: PackedForm) throws {
    let bytes = try form.pack(plain)
    for end in 0..<bytes.count {
      let refusal = refusal(of: Array(bytes[..<end]))
      #expect(refusal == .truncated || refusal == .damaged, "cut at \(end) of \(bytes.count)")
    }
  }

  @Test("a changed bit anywhere is refused, or was of no consequence", arguments: PackedForm.all)
  func flipped(_ form: PackedForm) throws {
    let bytes = try form.pack(plain)
    let id = try Archive.inspect(ByteSource(bytes)).imageID
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      guard let summary = try? Archive.inspect(ByteSource(changed)) else { continue }
      #expect(summary.imageID == id || !form.hasChecksum, "byte \(index) of \(bytes.count)")
    }
  }

  @Test("nothing may follow a stream", arguments: PackedForm.all)
  func followed(_ form: PackedForm) throws {
    let bytes = try form.pack(plain)
    for garbage in [
      [0], [1], Array("garbage".utf8), [UInt8](repeating: 0, count: 511), Array(bytes.prefix(7)),
    ] {
      #expect([.damaged, .truncated].contains(refusal(of: bytes + garbage)), "\(garbage.prefix(8))")
    }
  }

  @Test(
    "concatenated streams are one, wherever they are cut, and some may be empty", arguments: PackedForm.all)
  func joined(_ form: PackedForm) throws {
    let id = try Archive.inspect(ByteSource(plain)).imageID
    for cut in [1, 511, 512, 700, plain.count - 1] {
      let bytes = try form.pack(Array(plain[..<cut])) + form.pack(Array(plain[cut...]))
      try #expect(Archive.inspect(ByteSource(bytes)).imageID == id, "cut at \(cut)")
    }
    let (empty, whole) = (try form.pack([]), try form.pack(plain))
    try #expect(Archive.inspect(ByteSource(whole + empty)).imageID == id)
    let half = plain.count / 2
    let halves = try form.pack(Array(plain[..<half])) + empty + form.pack(Array(plain[half...]))
    try #expect(Archive.inspect(ByteSource(halves)).imageID == id)
    try #expect(Archive.inspect(ByteSource(empty + whole)).imageID == id)
  }

  @Test("compression inside of a compression is refused, whatever both are", arguments: PackedForm.all)
  func twice(_ form: PackedForm) throws {
    let inner = try form.pack(plain)
    for compression in Compression.allCases where compression != .none {
      #expect(refusal(of: try compressed(inner, OutputCompression(compression))) != nil)
    }
  }

  @Test("xz streams may have zeros after them, four at a time")
  func padding() throws {
    let bytes = try compressed(plain, .xz())
    let id = try Archive.inspect(ByteSource(plain)).imageID
    let (first, second) = (
      try compressed(Array(plain[..<600]), .xz()), try compressed(Array(plain[600...]), .xz())
    )
    for count in [4, 8, 512, 1 << 20] {
      let zeros = [UInt8](repeating: 0, count: count)
      try #expect(Archive.inspect(ByteSource(bytes + zeros)).imageID == id)
      try #expect(Archive.inspect(ByteSource(first + zeros + second)).imageID == id)
    }
    for count in [1, 2, 3, 5] {
      let zeros = [UInt8](repeating: 0, count: count)
      #expect([.damaged, .truncated].contains(refusal(of: bytes + zeros)), "\(count)")
      #expect(refusal(of: first + zeros + second) == .damaged, "\(count)")
    }
  }
}
