import Glibc

/// Bytes as a Swift source file: base64 in a `StaticString`, which compiles in no time (an array literal of
/// this size takes seconds).
struct EmbeddedSource {
  let image: [UInt8]

  var text: String {
    """
    // Made by stageinit-builder from Sources/StageInit.
    enum StageInitImage {
      static let byteCount = \(image.count)
      static let base64: StaticString = "\(base64)"
    }

    """
  }

  private var base64: String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var encoded: [UInt8] = []
    encoded.reserveCapacity((image.count + 2) / 3 * 4)
    for start in stride(from: 0, to: image.count, by: 3) {
      let group = image[start..<min(start + 3, image.count)]
      var bits = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      bits <<= 8
      for position in 0..<4 {
        encoded.append(position <= group.count ? alphabet[Int(bits >> 26)] : UInt8(ascii: "="))
        bits <<= 6
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}

func readFile(_ path: String) throws(BuilderError) -> [UInt8] {
  guard let file = fopen(path, "r") else { throw BuilderError("cannot read \(path): errno \(errno)") }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

func writeFile(_ path: String, _ text: String) throws(BuilderError) {
  guard let file = fopen(path, "w") else { throw BuilderError("cannot write \(path): errno \(errno)") }
  let written = fwrite(text, 1, text.utf8.count, file)
  guard fclose(file) == 0, written == text.utf8.count else {
    throw BuilderError("cannot write \(path): errno \(errno)")
  }
}
