import CAppcArchive
import Glibc

/// bzip2, xz and zstd by libarchive, which is loaded when the first such image is read: its raw format with
/// exactly one filter, chosen by the magic bytes.
final class FilterDecompressor: Decompressor {
  private let input: CompressedInput
  private let compression: Compression
  private let bridge: Bridge
  private let filter: OpaquePointer

  /// What libarchive calls back into.
  ///
  /// Its address is libarchive's context.
  private final class Bridge {
    let input: CompressedInput
    private var follower: (any StreamFollower)?
    /// Bytes lent out at the last call, taken at the next.
    var lent = 0
    var failure: ArchiveError?
    var sawEnd = false

    init(_ input: CompressedInput, _ follower: (any StreamFollower)?) {
      self.input = input
      self.follower = follower
    }

    func next(_ bytes: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int64 {
      do throws(ArchiveError) {
        input.consume(lent)
        try input.fill()
        lent = input.window.count
        sawEnd = lent == 0
        try follower?.follow(input.window)
        if sawEnd { try follower?.finish() }
        bytes.pointee = input.window.baseAddress
        return Int64(lent)
      } catch {
        failure = error
        lent = 0
        return -1
      }
    }
  }

  init(_ compression: Compression, _ input: CompressedInput, limits: ArchiveLimits) throws(ArchiveError) {
    let bridge = Bridge(input, FilterDecompressor.follower(of: compression, limits))
    var opened: OpaquePointer?
    let (status, message) = withFilterMessage { text, size in
      let context = Unmanaged.passUnretained(bridge).toOpaque()
      return Int64(
        appc_filter_open(
          FilterDecompressor.kind(of: compression),
          { context, bytes in
            guard let context else { return -1 }
            return Unmanaged<Bridge>.fromOpaque(context).takeUnretainedValue().next(bytes)
          }, context, &opened, text, size))
    }
    guard status == 0, let opened else {
      throw FilterDecompressor.failure(status, message, compression, bridge)
    }
    filter = opened
    self.input = input
    self.compression = compression
    self.bridge = bridge
  }

  deinit {
    appc_filter_close(filter)
  }

  /// Counts what libarchive holds as used: how far it has got inside of that is not told.
  var consumed: Int64 { input.consumed + Int64(bridge.lent) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    let (count, message) = withFilterMessage { text, size in
      appc_filter_read(filter, base, buffer.count, text, size)
    }
    guard count >= 0 else { throw FilterDecompressor.failure(count, message, compression, bridge) }
    if count == 0 { try checkEnd() }
    return Int(count)
  }

  /// libarchive ends quietly at bytes that do not continue the stream: they are in the file, so they are
  /// refused.
  private func checkEnd() throws(ArchiveError) {
    let used = appc_filter_consumed(filter)
    input.consume(bridge.lent)
    bridge.lent = 0
    try input.fill()
    guard input.window.isEmpty, used == input.consumed else {
      throw .reading(
        .damaged, "bytes follow the end of the \(compression) stream; cut them off or get the image again")
    }
  }
}

extension FilterDecompressor {
  private static func kind(of compression: Compression) -> CInt {
    switch compression {
    case .xz: APPC_FILTER_XZ
    case .zstd: APPC_FILTER_ZSTD
    default: APPC_FILTER_BZIP2
    }
  }

  /// bzip2 has no dictionary: its memory is that of one block, at most 4 MB.
  private static func follower(
    of compression: Compression, _ limits: ArchiveLimits
  ) -> (any StreamFollower)? {
    switch compression {
    case .xz: XZFollower(allowed: limits.dictionaryBytes)
    case .zstd: ZstdFollower(allowed: limits.dictionaryBytes)
    default: nil
    }
  }

  private static func failure(
    _ status: Int64, _ message: String, _ compression: Compression, _ bridge: Bridge
  ) -> ArchiveError {
    if let failure = bridge.failure { return failure }
    switch CInt(truncatingIfNeeded: -status) {
    case ENOENT:
      return .reading(
        .missingLibrary, "\(compression) needs libarchive; install the package libarchive13 (\(message))")
    case ENOTSUP:
      return .reading(.missingLibrary, "\(compression) cannot be read: \(message); install another")
    case ENOMEM: return .system(ENOMEM, "read image", "", "libarchive has no memory")
    default:
      // libarchive does not tell an early end from damage, except in words.
      let code: ArchiveError.Code = bridge.sawEnd && message.contains("runcated") ? .truncated : .damaged
      return .reading(code, "the \(compression) data is invalid (\(message)); get the image again")
    }
  }
}
