/// What people give for an image that is none, so that the error can say what it is.
struct ForeignFormat {
  /// What it is, and what to do about it.
  let description: String

  private init(_ description: String) {
    self.description = description
  }

  /// Nil when it is nothing that is known here; of fewer than four bytes nothing can be known.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 4 else { return nil }
    if let known = ForeignFormat.table.first(where: { bytes.starts(with: $0.magic) }) {
      description = "it is \(known.what); \(known.advice)"
    } else if ForeignFormat.isLZMA(bytes) {
      description = "it is in lzma, the format before xz; \(ForeignFormat.recompress)"
    } else if let text = ForeignFormat.text(bytes) {
      description = text
    } else {
      return nil
    }
  }

  private static let recompress =
    "decompress it and compress it with gzip, bzip2, xz or zstd, or not at all"
  private static let rebuild = "put what is in it into a directory rootfs and use appc build"

  private static let table: [(magic: [UInt8], what: String, advice: String)] = [
    ([0x04, 0x22, 0x4D, 0x18], "in lz4", recompress),
    ([0x02, 0x21, 0x4C, 0x18], "in lz4", recompress),
    ([0x1F, 0x9D], "in compress (.Z)", recompress),
    ([0x1F, 0xA0], "in compress (.Z)", recompress),
    ([0x4C, 0x5A, 0x49, 0x50], "in lzip", recompress),
    ([0x89, 0x4C, 0x5A, 0x4F], "in lzop", recompress),
    ([0x50, 0x2A, 0x4D, 0x18], "zstd as pzstd writes it", "compress it with zstd -T0"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip file", rebuild),
    ([0x50, 0x4B, 0x05, 0x06], "a zip file", rebuild),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z file", rebuild),
    (Array("Rar!".utf8), "a rar file", rebuild),
    (Array("!<arch>\n".utf8), "a Debian package or an ar archive", rebuild),
    ([0xED, 0xAB, 0xEE, 0xDB], "an RPM package", rebuild),
    (Array("070701".utf8), "a cpio archive", rebuild),
    (Array("070702".utf8), "a cpio archive", rebuild),
    (Array("070707".utf8), "a cpio archive", rebuild),
    (Array("hsqs".utf8), "a SquashFS file system", rebuild),
    ([0x51, 0x46, 0x49, 0xFB], "a disk image (qcow2)", rebuild),
    ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)", rebuild),
  ]

  /// LZMA has no magic: the usual properties, a dictionary in whole 64 KiB, and a length that is unknown or
  /// below 2^40.
  private static func isLZMA(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 13, bytes[0] == 0x5D, bytes[1] == 0, bytes[2] == 0 else { return false }
    let length = bytes[5..<13]
    return length.allSatisfy { $0 == 0xFF } || length.suffix(3).allSatisfy { $0 == 0 }
  }

  /// What a text is: mostly what a server says instead of giving the image.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    let bytes = bytes.prefix(512)
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }) else {
      return nil
    }
    // Its last letter may be cut.
    let isText = (0...3).contains { cut in
      String(validating: bytes.dropLast(cut), as: UTF8.self) != nil
    }
    guard isText else { return nil }
    let letters = bytes.drop { $0 <= 0x20 || [0xEF, 0xBB, 0xBF].contains($0) }
    switch letters.first {
    case UInt8(ascii: "<"):
      return "it is a web page or XML, perhaps what a server said instead; check the address and get it again"
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      return "it is JSON, perhaps a manifest or what a server said; give the image itself"
    case UInt8(ascii: "#") where letters.dropFirst().first == UInt8(ascii: "!"):
      return "it is a script; \(rebuild)"
    default: return "it is text; give the image itself"
    }
  }
}

extension ForeignFormat {
  /// What an archive is that holds this where manifest and rootfs are expected; nil when that is not known.
  static func layout(with path: ArchivePath) -> ForeignFormat? {
    let first = path.bytes.split(separator: slash, maxSplits: 1).first ?? []
    let name = String(decoding: first, as: UTF8.self)
    let digits = name.hasSuffix(".json") ? name.dropLast(5) : name[...]
    let isDigest =
      digits.utf8.count == 64 && digits.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    if isDigest || ["manifest.json", "repositories", "index.json", "oci-layout", "blobs"].contains(name) {
      return ForeignFormat(
        "it is a Docker or OCI image, not an ACI; export its file system (docker export) into a directory "
          + "rootfs and use appc build")
    }
    if ["bin", "boot", "etc", "lib", "lib64", "opt", "sbin", "usr", "var"].contains(name) {
      return ForeignFormat("it is the bare archive of a file system; \(rebuild)")
    }
    return nil
  }
}
