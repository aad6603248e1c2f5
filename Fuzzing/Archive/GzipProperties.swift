@testable import ACIArchive
import CAppcDeflate
import FuzzSupport

/// A gzip stream is taken just when libdeflate takes every member of it, and gives the same bytes.
///
/// The first byte says what is put right: the first member's header and the trailers, at which no mutation would
/// arrive.
func checkGzip(_ bytes: [UInt8]) {
  var input = InputCursor(bytes)
  let mode = input.byte()
  let stream = mode & 1 == 0 ? input.bytes(bytes.count) : makeMembers(&input)
  let ours = accepted { () throws(ArchiveError) in try gunzipped(stream) }
  let reference = referenceGunzipped(stream)
  if let ours {
    hold(reference.map { $0 == ours } ?? false, "what is accepted is accepted by libdeflate: \(stream)")
  } else if let reference, reference.count < limit {
    // libdeflate does not check the checksum of a header, and asks for no end of the stream.
    hold(hasHeaderChecksum(stream), "what libdeflate accepts is accepted: \(stream)")
  }
}

private let limit = 1 << 20

private func gunzipped(_ stream: [UInt8]) throws(ArchiveError) -> [UInt8] {
  let decompressor = try GzipDecompressor(CompressedInput(ByteSource(stream)))
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while output.count < limit {
    let count = try buffer.withUnsafeMutableBufferPointer { bytes throws(ArchiveError) in
      try decompressor.read(into: UnsafeMutableRawBufferPointer(bytes))
    }
    guard count > 0 else { break }
    output += buffer[..<count]
  }
  guard output.count < limit else { throw .reading(.limitExceeded, "it is too long for the fuzzer") }
  hold(decompressor.consumed == stream.count, "a stream is accepted with its last byte")
  return output
}

private func referenceGunzipped(_ stream: [UInt8]) -> [UInt8]? {
  guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
  defer { libdeflate_free_decompressor(decompressor) }
  var output: [UInt8] = []
  var rest = stream[...]
  var buffer = [UInt8](repeating: 0, count: limit)
  repeat {
    var used = 0
    var count = 0
    let result = rest.withUnsafeBytes { input in
      libdeflate_gzip_decompress_ex(
        decompressor, input.baseAddress, input.count, &buffer, buffer.count, &used, &count)
    }
    guard result == LIBDEFLATE_SUCCESS else { return nil }
    output += buffer[..<count]
    rest = rest.dropFirst(used)
  } while !rest.isEmpty
  return output
}

/// Whether some place of the stream may be a header with a checksum of its own.
private func hasHeaderChecksum(_ stream: [UInt8]) -> Bool {
  stream.indices.dropLast(3).contains {
    stream[$0...].starts(with: [0x1F, 0x8B, 8]) && stream[$0 + 3] & 2 != 0
  }
}

/// Members with right trailers around what libdeflate makes of pieces of the input.
private func makeMembers(_ input: inout InputCursor) -> [UInt8] {
  var stream: [UInt8] = []
  repeat {
    let flags = input.byte()
    var header: [UInt8] = [0x1F, 0x8B, 8, flags] + [0, 0, 0, 0, 0, 3]
    if flags & 4 != 0 {
      let extra = input.bytes(Int(input.byte() & 31))
      header += [UInt8(extra.count), 0] + extra
    }
    if flags & 8 != 0 { header += input.bytes(Int(input.byte() & 15)).filter { $0 != 0 } + [0] }
    if flags & 16 != 0 { header += input.bytes(Int(input.byte() & 15)).filter { $0 != 0 } + [0] }
    if flags & 2 != 0 {
      let sum = libdeflate_crc32(0, header, header.count)
      header += [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)]
    }
    stream += header + member(input.bytes(Int(input.byte())), level: CInt(input.byte() % 13))
  } while input.byte() & 1 == 1 && !input.isAtEnd
  // What may follow the last member: nothing, mostly.
  return stream + (input.byte() & 7 == 7 ? input.bytes(3) : [])
}

/// The deflated bytes and their trailer.
private func member(_ content: [UInt8], level: CInt) -> [UInt8] {
  guard let compressor = libdeflate_alloc_compressor(level) else { return [] }
  defer { libdeflate_free_compressor(compressor) }
  var buffer = [UInt8](repeating: 0, count: libdeflate_deflate_compress_bound(compressor, content.count))
  let count = libdeflate_deflate_compress(compressor, content, content.count, &buffer, buffer.count)
  let trailer = [libdeflate_crc32(0, content, content.count), UInt32(content.count)]
  return Array(buffer[..<count])
    + trailer.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}
