import Glibc
public import SystemPackage

/// Where the bytes of an image come from.
public struct ByteSource: ~Copyable, Sendable {
  enum Origin: ~Copyable, Sendable {
    case owned(OwnedDescriptor)
    case borrowed(CInt)
    case memory([UInt8])
  }

  let origin: Origin
  /// What messages call it.
  let name: String

  /// An image in memory.
  public init(_ bytes: [UInt8], name: String = "image") {
    origin = .memory(bytes)
    self.name = name
  }

  /// An open file, pipe or socket, read from where it stands to its end.
  ///
  /// The caller keeps it open meanwhile and closes it afterwards.
  public init(_ descriptor: FileDescriptor, name: String = "image") {
    origin = .borrowed(descriptor.rawValue)
    self.name = name
  }

  /// An open file, pipe or socket, read from where it stands to its end, and closed with this value.
  public init(taking descriptor: consuming OwnedDescriptor, name: String = "image") {
    origin = .owned(descriptor)
    self.name = name
  }

  /// A regular file, opened here.
  ///
  /// Blocks for no peer: a FIFO or device is refused, not waited for.
  ///
  /// - Throws: `io` when the file cannot be opened or is not a regular file.
  public init(opening path: FilePath) throws(ArchiveError) {
    let name = path.shown
    let raw = retryingInterrupts {
      path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    }
    guard raw >= 0 else { throw .system(errno, "open image", name, "the file cannot be opened") }
    let file = OwnedDescriptor(taking: raw)
    var status = stat()
    guard (try? Kernel.glibc({ fstat(raw, &status) })) != nil else {
      throw .system(errno, "open image", name, "fstat failed")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ArchiveError(
        .io, operation: "open image", subject: name, detail: "it is not a regular file; give an .aci file")
    }
    origin = .owned(file)
    self.name = name
  }

  /// Reads up to the buffer's size from the source; `position` is how much has been read before.
  ///
  /// - Returns: the number of bytes read, 0 at the end.
  borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at position: Int64
  ) throws(ArchiveError) -> Int {
    switch origin {
    case .owned(let descriptor): return try read(descriptor.raw, into: buffer)
    case .borrowed(let raw): return try read(raw, into: buffer)
    case .memory(let bytes):
      let rest = bytes.dropFirst(Int(clamping: position)).prefix(buffer.count)
      buffer.copyBytes(from: rest)
      return rest.count
    }
  }

  private borrowing func read(
    _ raw: CInt, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> Int {
    let count = retryingInterrupts(moving: buffer.count) { Glibc.read(raw, buffer.baseAddress, $0) }
    guard count >= 0 else { throw .system(errno, "read image", name, "the file cannot be read") }
    return count
  }

  /// Goes past bytes without reading them; files only.
  borrowing func skip(_ count: Int64) throws(ArchiveError) {
    let raw: CInt
    switch origin {
    case .owned(let descriptor): raw = descriptor.raw
    case .borrowed(let descriptor): raw = descriptor
    case .memory: return
    }
    guard (try? Kernel.glibc({ lseek(raw, off_t(count), SEEK_CUR) })) != nil else {
      throw .system(errno, "read image", name, "the file cannot be read")
    }
  }

  /// The source as a file for reading anywhere, if it is one.
  borrowing func directFile() -> DirectFile? {
    switch origin {
    case .owned(let descriptor): DirectFile(descriptor.raw)
    case .borrowed(let raw): DirectFile(raw)
    case .memory: nil
    }
  }

  /// Bytes from where the source stands to its end; nil for a pipe or socket.
  var remainingBytes: Int64? {
    switch origin {
    case .owned(let descriptor): return ByteSource.remainingBytes(of: descriptor.raw)
    case .borrowed(let raw): return ByteSource.remainingBytes(of: raw)
    case .memory(let bytes): return Int64(bytes.count)
    }
  }

  private static func remainingBytes(of raw: CInt) -> Int64? {
    var status = stat()
    guard (try? Kernel.glibc({ fstat(raw, &status) })) != nil, status.st_mode & S_IFMT == S_IFREG,
      let position = try? Kernel.glibc({ lseek(raw, 0, SEEK_CUR) })
    else { return nil }
    return max(0, Int64(status.st_size) - Int64(position))
  }
}
