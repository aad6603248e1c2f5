/// What something in OpenPGP is, by its beginning (RFC 9580).
enum OpenPGPContent {
  /// A message that is encrypted (B8).
  case encrypted
  /// A message that is signed or compressed, but can be read by everybody.
  case message
  /// A signature of something else (B10).
  case signature
  /// A key.
  case key

  /// Nil when it is not OpenPGP, neither armored nor binary.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let content = OpenPGPContent.armored(bytes) ?? OpenPGPContent.binary(bytes) else { return nil }
    self = content
  }

  /// By the first armor header line, which text may precede (6.2).
  private static func armored(_ bytes: UnsafeRawBufferPointer) -> OpenPGPContent? {
    let lines = bytes.prefix(512).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    guard let line = lines.first(where: { $0.starts(with: "-----BEGIN PGP ".utf8) }) else { return nil }
    let label = line.dropFirst("-----BEGIN PGP ".utf8.count)
    if label.starts(with: "MESSAGE".utf8) { return .encrypted }
    if label.starts(with: "SIGNATURE".utf8) { return .signature }
    if label.starts(with: "SIGNED MESSAGE".utf8) { return .message }
    return label.starts(with: "PUBLIC KEY".utf8) || label.starts(with: "PRIVATE KEY".utf8) ? .key : nil
  }

  /// By the first packet: its type, and the version that its content begins with (4.2, 5).
  private static func binary(_ bytes: UnsafeRawBufferPointer) -> OpenPGPContent? {
    guard let (tag, version) = firstPacket(bytes) else { return nil }
    switch (tag, version) {
    // Session keys for a public key (1) or a password (3), then data: without (9) and with (18, 20) integrity.
    case (1, 2...6), (3, 4...6), (9, _), (18, 1...2), (20, 1): return .encrypted
    // A signature to come (4), compressed data (8) by its algorithm, literal data (11) by its format.
    case (4, 3...6), (8, 0...3), (11, 0x62), (11, 0x74), (11, 0x75): return .message
    case (2, 2...6): return .signature
    case (5...6, 2...6): return .key
    default: return nil
    }
  }

  /// The first packet's type and the first byte of its content, in the old or the new format.
  private static func firstPacket(_ bytes: UnsafeRawBufferPointer) -> (tag: UInt8, version: UInt8)? {
    guard bytes.count > 1, bytes[0] & 0x80 != 0 else { return nil }
    let isNew = bytes[0] & 0x40 != 0
    let lengthSize: Int
    if isNew {
      // One byte, or the beginning of a partial length; two; five.
      lengthSize = bytes[1] == 255 ? 5 : (192..<224).contains(bytes[1]) ? 2 : 1
    } else {
      lengthSize = [1, 2, 4, 0][Int(bytes[0] & 3)]
    }
    guard bytes.count > 1 + lengthSize else { return nil }
    return (isNew ? bytes[0] & 0x3F : (bytes[0] & 0x3C) >> 2, bytes[1 + lengthSize])
  }
}
