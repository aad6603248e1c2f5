import CAppcDeflate
import Glibc

/// gzip by libdeflate: each block becomes a member of its own, which readers join (RFC 1952, 2.2).
struct GzipCoding: BlockCoding {
  let level: CInt
  let blockSize = 1 << 20
  var memberCapacity: Int { libdeflate_gzip_compress_bound(nil, blockSize) }

  func makeEncoder() -> any BlockEncoder { Encoder(level: level) }
  func makeFraming() -> any StreamFraming { Concatenation() }

  private final class Encoder: BlockEncoder {
    private let compressor: OpaquePointer?

    init(level: CInt) {
      compressor = libdeflate_alloc_compressor(level)
    }

    deinit {
      compressor.map(libdeflate_free_compressor)
    }

    func encode(
      _ block: UnsafeRawBufferPointer, in room: UnsafeMutableRawBufferPointer
    ) throws(ArchiveError) -> Range<Int> {
      let size = compressor.map {
        libdeflate_gzip_compress($0, block.baseAddress, block.count, room.baseAddress, room.count)
      }
      guard let size, size > 0 else {
        throw .system(ENOMEM, "write image", "", "libdeflate has no memory")
      }
      return 0..<size
    }
  }
}
