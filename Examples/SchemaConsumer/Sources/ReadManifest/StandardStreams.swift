import AppcSchema
import Glibc

/// All that comes on standard input, up to one byte more than a manifest may have.
func standardInput() -> [UInt8] {
  let limit = JSONLimits.default.bytes
  return [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, count in
    while count <= limit {
      let length = read(STDIN_FILENO, buffer.baseAddress?.advanced(by: count), limit + 1 - count)
      guard length > 0 else { return }
      count += length
    }
  }
}

/// Writes bytes to a descriptor.
func write(_ bytes: [UInt8], to descriptor: Int32) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let length = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard length > 0 else { return }
    rest = rest.dropFirst(length)
  }
}

/// Writes a line to a descriptor.
func say(_ line: String, to descriptor: Int32 = STDERR_FILENO) {
  write(Array("\(line)\n".utf8), to: descriptor)
}
