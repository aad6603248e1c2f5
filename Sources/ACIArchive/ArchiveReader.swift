public import AppcSchema

/// Reads one image from front to back: decompresses, checks every rule, hashes every byte.
///
/// Call `next()` until it returns nil, then `finish()`. Content that is not asked for is skipped, but read,
/// hashed and checked all the same. After an error the reader is of no more use, but see `canContinue`. Blocks
/// on its source. One reader belongs to one thread at a time.
public struct ArchiveReader: ~Copyable, @unchecked Sendable {
  // Unchecked: the stream is a class with raw buffers, but this value is its only owner and cannot be copied,
  // so whoever holds the reader is the only one to touch it.

  /// Sees every uncompressed byte once and in order, the padding after the end included.
  ///
  /// The bytes are valid during the call only. What it throws stops the reading, as the cause of an error
  /// with code `stopped`.
  public typealias Sink = @Sendable (UnsafeRawBufferPointer) throws -> Void

  /// How to read.
  public struct Options: Sendable {
    /// What the image may cost.
    public var limits: ArchiveLimits
    /// How closely the manifest must follow the specification.
    public var manifestMode: ReadingMode
    /// Whether to compute the image ID.
    ///
    /// Without it the image can be read with `drain()`, not with `finish()`.
    public var hashing: Bool
    /// Sees every uncompressed byte.
    public var sink: Sink?
    /// Called now and then, at least every few hundred kilobytes.
    ///
    /// What it throws stops the reading, as the cause of an error with code `stopped`: the place to look for
    /// cancellation.
    public var progress: (@Sendable (ArchiveProgress) throws -> Void)?

    /// Creates options.
    public init(
      limits: ArchiveLimits = .default, manifestMode: ReadingMode = .tolerant, hashing: Bool = true,
      sink: Sink? = nil, progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
    ) {
      self.limits = limits
      self.manifestMode = manifestMode
      self.hashing = hashing
      self.sink = sink
      self.progress = progress
    }
  }

  let options: Options
  let stream: TarStream
  var rules: ArchiveRules
  var content = ContentCursor()
  var current: ArchivePath?
  /// The manifest's bytes while its entry is the current one: they have been read already.
  var pendingManifest: [UInt8]?
  var reading: (value: Reading<ImageManifest>, bytes: [UInt8])?
  /// The manifest's bytes as soon as they have been read, whether they are a valid manifest or not.
  public private(set) var manifestBytes: [UInt8]?
  /// Whether the last error was about one entry that breaks a rule, or about the manifest's content.
  ///
  /// Then `next()` may be called again to find what else is wrong. The image is refused all the same: `finish()`
  /// throws the first error.
  public private(set) var canContinue = false
  private var firstError: ArchiveError?
  private var globals = PAXRecords()
  private var isAtEnd = false

  /// Opens an image: reads its beginning and tells how it is compressed.
  ///
  /// - Throws: `io`; `notAnImage`, `encrypted`, `truncated` for what is no image; `missingLibrary`.
  public init(_ source: consuming ByteSource, options: Options = Options()) throws(ArchiveError) {
    self.options = options
    stream = try TarStream(source, options: options)
    rules = ArchiveRules(limits: options.limits)
  }

  /// How the image is compressed.
  public var compression: Compression { stream.compression }

  /// The manifest and its bytes, as soon as its entry has been returned by `next()`.
  ///
  /// Until `finish()` it is not proven to be that of a valid image.
  public var manifest: (manifest: ImageManifest, bytes: [UInt8])? {
    reading.map { ($0.value.value, $0.bytes) }
  }

  /// Bytes of the source used so far: for progress.
  public var consumedBytes: Int64 { stream.compressed }

  /// Goes to the next entry, past what is left of the current one's content; nil at the end of the image,
  /// when the stream has been read to its last byte.
  ///
  /// - Throws: an error naming the image, the entry and what is wrong.
  public mutating func next() throws(ArchiveError) -> ArchiveEntry? {
    canContinue = false
    do throws(ArchiveError) {
      try skipContent()
      return isAtEnd ? nil : try readEntry()
    } catch {
      if error.code == .limitExceeded || error.code == .io { canContinue = false }
      let error = error.inside(stream.name)
      firstError = firstError ?? error
      throw error
    }
  }

  /// Reads what is left of the image and checks it.
  public mutating func drain() throws(ArchiveError) {
    while try next() != nil {}
  }

  /// Reads what is left of the image, checks it and tells what it was.
  ///
  /// To be called once, and only with the option `hashing`.
  public mutating func finish() throws(ArchiveError) -> ArchiveSummary {
    try drain()
    if let firstError { throw firstError }
    do throws(ArchiveError) {
      guard let reading else { throw .reading(.invalidLayout, "it has no entry \"manifest\" (B3)") }
      return ArchiveSummary(
        imageID: try stream.finishDigest(), manifest: reading.value.value,
        diagnostics: reading.value.diagnostics, manifestBytes: reading.bytes, compression: compression,
        tarBytes: stream.expanded, compressedBytes: stream.compressed, contentBytes: rules.contentBytes,
        entryCount: rules.entryCount)
    } catch {
      throw error.inside(stream.name)
    }
  }
}

extension ArchiveReader {
  /// Reads headers up to and including that of the next entry.
  private mutating func readEntry() throws(ArchiveError) -> ArchiveEntry? {
    var extensions = EntryExtensions()
    stream.copy?.keepBack()
    while true {
      let block = try readBlock()
      if TarHeader.isZero(block) {
        guard extensions.isEmpty else {
          throw .reading(.truncated, "an extended header has no entry after it")
        }
        try readEnd()
        return nil
      }
      let header = try TarHeader(block)
      switch header.type {
      case UInt8(ascii: "x"):
        try extensions.add(PAXRecords(readExtension(header), limits: options.limits))
      case UInt8(ascii: "g"):
        guard extensions.isEmpty else {
          throw .reading(.unsupported, "a global header stands between an extended header and its entry")
        }
        globals = globals.merged(with: try .global(readExtension(header), limits: options.limits))
        try keepHeaders()
      case UInt8(ascii: "L"): try extensions.add(longName: readExtension(header))
      case UInt8(ascii: "K"): try extensions.add(longLink: readExtension(header))
      default:
        if let entry = try admit(header, block, extensions) { return entry }
        extensions = EntryExtensions()
        try keepHeaders()
      }
    }
  }

  /// Makes an entry out of its headers and stands at its content.
  ///
  /// Nil for the entry "." (B5), whose owner and mode are those of the directory that the image happened to
  /// be made in.
  private mutating func admit(
    _ header: TarHeader, _ block: UnsafeRawBufferPointer, _ extensions: EntryExtensions
  ) throws(ArchiveError) -> ArchiveEntry? {
    if header.type == UInt8(ascii: "5"), header.size == 0, extensions.namesRoot(header) {
      try rules.countEntry()
      return nil
    }
    var entry = try ArchiveEntry(header, extensions, globals: globals)
    current = entry.path
    try checkStored(entry)
    content = ContentCursor(stored: entry.size)
    if let map = try readSparseMap(header, block, extensions.pax) {
      guard map.map.dataSize == content.stored else {
        throw .reading(
          .invalidHeader, "its sparse map names \(map.map.dataSize) bytes, but \(content.stored) are stored",
          of: entry.path)
      }
      entry.size = map.size
      entry.sparseMap = map.map
      content.spread(over: map.map)
    }
    // From here on the reader stands at the entry's content, whatever the rules say of the entry.
    canContinue = true
    try rules.admit(entry)
    if entry.path == .manifest {
      stream.copy?.leaveOut()
      try readManifest(entry)
    } else {
      try stream.copy?.copy()
    }
    canContinue = false
    return entry
  }

  /// Headers that make no entry, but belong to the image.
  private func keepHeaders() throws(ArchiveError) {
    try stream.copy?.copy()
    stream.copy?.keepBack()
  }

  /// Content after a header that has none would be read as headers by others.
  private func checkStored(_ entry: ArchiveEntry) throws(ArchiveError) {
    guard entry.kind == .regular || entry.size == 0 else {
      throw .reading(.invalidHeader, "it has content, but is not a regular file", of: entry.path)
    }
  }

  /// The whole manifest, read before anything is made of the image.
  private mutating func readManifest(_ entry: ArchiveEntry) throws(ArchiveError) {
    canContinue = false
    let bytes = try readAll(entry.size)
    canContinue = true
    manifestBytes = bytes
    do throws(SchemaError) {
      // Its size was checked before; that is the one limit of JSON that callers set.
      let limits = JSONLimits(bytes: max(bytes.count, JSONLimits.default.bytes))
      reading = (try ImageManifest.read(bytes, mode: options.manifestMode, limits: limits), bytes)
    } catch {
      throw .reading(.invalidManifest, "its manifest is not valid", cause: error)
    }
    pendingManifest = bytes
  }

  /// After a block of zeros there may be nothing but zeros: what other readers would still find there is no
  /// part of the image, and what they would not find must not be in its identity (C2).
  private mutating func readEnd() throws(ArchiveError) {
    current = nil
    stream.copy?.leaveOut()
    while true {
      try stream.fill(atLeast: 1)
      let rest = stream.window
      guard !rest.isEmpty else { break }
      guard TarHeader.isZero(rest) else {
        throw .reading(.damaged, "bytes follow the end of the archive; cut them off or make the image anew")
      }
      try stream.consume(rest.count)
    }
    try rules.finish()
    isAtEnd = true
  }

  /// The next block.
  ///
  /// Valid until the stream is filled again.
  func readBlock() throws(ArchiveError) -> UnsafeRawBufferPointer {
    try stream.fill(atLeast: TarHeader.blockSize)
    let window = stream.window
    guard window.count >= TarHeader.blockSize else {
      throw .reading(.truncated, "it ends without the blocks that end a tar archive; get the image again")
    }
    try stream.consume(TarHeader.blockSize)
    return UnsafeRawBufferPointer(rebasing: window[..<TarHeader.blockSize])
  }
}
