import AppcSchema
public import SystemPackage

/// Why an image could not be read, written or extracted.
///
/// `description` is one line: what was being done, to which image or entry, what is wrong and what to do.
/// Bytes that came out of an image are escaped in it.
public struct ArchiveError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure, to branch on.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Kind: String, Sendable {
      case io = "input/output error"
      case notAnImage = "not an image"
      case encrypted = "encrypted image"
      case missingLibrary = "missing library"
      case damaged = "damaged image"
      case truncated = "truncated image"
      case unsupported = "unsupported feature"
      case invalidHeader = "invalid tar header"
      case invalidName = "invalid name"
      case invalidLayout = "invalid layout"
      case duplicateEntry = "duplicate entry"
      case invalidLink = "invalid link"
      case deviceRefused = "device refused"
      case attributeRefused = "extended attribute refused"
      case limitExceeded = "limit exceeded"
      case invalidManifest = "invalid manifest"
      case destinationExists = "destination exists"
      case contentMismatch = "content mismatch"
      case stopped = "stopped"
    }

    private let kind: Kind

    /// The kernel or a library failed: a read, a write, no memory.
    ///
    /// See `errno`.
    public static let io = Code(kind: .io)
    /// The bytes are neither a tar archive nor a compression of one that the format allows (B7).
    public static let notAnImage = Code(kind: .notAnImage)
    /// The bytes are an OpenPGP message (B8): decrypt it first.
    public static let encrypted = Code(kind: .encrypted)
    /// A library that is loaded when needed is not installed, or lacks the compression.
    public static let missingLibrary = Code(kind: .missingLibrary)
    /// A checksum is wrong, a compressed stream is invalid or bytes follow where none may.
    public static let damaged = Code(kind: .damaged)
    /// The image ends too early.
    public static let truncated = Code(kind: .truncated)
    /// An entry type or extension that no image needs and readers disagree about.
    public static let unsupported = Code(kind: .unsupported)
    /// A header block or an extended header is malformed.
    public static let invalidHeader = Code(kind: .invalidHeader)
    /// An entry's name is absolute, climbs with "..", is empty or holds a NUL.
    public static let invalidName = Code(kind: .invalidName)
    /// The image is not exactly `manifest` and `rootfs` (B3, B4), or an entry lies beneath a non-directory.
    public static let invalidLayout = Code(kind: .invalidLayout)
    /// Two entries have the same name (B2).
    public static let duplicateEntry = Code(kind: .duplicateEntry)
    /// A link's target is missing, outside of the image or not of a kind that can be linked to.
    public static let invalidLink = Code(kind: .invalidLink)
    /// A device number that no file system holds, an overlay whiteout, or a device where the policy says
    /// none.
    public static let deviceRefused = Code(kind: .deviceRefused)
    /// An extended attribute that is malformed, too large, or refused by policy.
    public static let attributeRefused = Code(kind: .attributeRefused)
    /// A limit of `ArchiveLimits` was passed.
    public static let limitExceeded = Code(kind: .limitExceeded)
    /// The manifest is not a valid image manifest; `cause` is the `SchemaError`.
    public static let invalidManifest = Code(kind: .invalidManifest)
    /// Something is where the result is to go.
    public static let destinationExists = Code(kind: .destinationExists)
    /// Content given to the writer is longer or shorter than its entry said.
    public static let contentMismatch = Code(kind: .contentMismatch)
    /// The caller's sink or visitor threw; `cause` is what it threw.
    public static let stopped = Code(kind: .stopped)

    /// The code in words.
    public var description: String { kind.rawValue }
  }

  /// What kind of failure this is.
  public var code: Code
  /// What was being done, for example "read image".
  public var operation: String
  /// The file, or the entry in the image, that it was done to.
  ///
  /// Safe to show.
  public var subject: String
  /// The kernel's reason, when there was one.
  public var errno: Errno?
  /// The error below this one, if there is one.
  public var cause: (any Error)?
  /// What is wrong and what to do about it.
  ///
  /// Safe to show.
  public var detail: String

  /// Creates an error.
  public init(
    _ code: Code, operation: String, subject: String, errno: Errno? = nil, cause: (any Error)? = nil,
    detail: String
  ) {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.errno = errno
    self.cause = cause
    self.detail = detail
  }

  /// One line that names the thing, says what is wrong with it and what to do.
  public var description: String {
    let place = subject.isEmpty ? "" : " \(subject)"
    let kernel = errno.map { ": \($0.description)" } ?? ""
    let reason = cause.map { ": \($0)" } ?? ""
    return "cannot \(operation)\(place): \(detail)\(kernel)\(reason)"
  }
}

extension ArchiveError {
  /// An error about an entry of an image, or about the stream between entries when `path` is nil.
  static func reading(
    _ code: Code, _ detail: String, of path: ArchivePath? = nil, cause: (any Error)? = nil
  ) -> ArchiveError {
    let subject = path.map { "entry \(excerpt($0.bytes))" } ?? ""
    return ArchiveError(code, operation: "read image", subject: subject, cause: cause, detail: detail)
  }

  /// A failed system call.
  static func system(
    _ number: CInt, _ operation: String, _ subject: String, _ detail: String
  ) -> ArchiveError {
    ArchiveError(
      .io, operation: operation, subject: subject, errno: Errno(rawValue: number), detail: detail)
  }

  /// The same error, about `name` if it was about nothing in particular, else naming both.
  func inside(_ name: String) -> ArchiveError {
    guard !name.isEmpty else { return self }
    var error = self
    error.subject = subject.isEmpty ? name : "\(name), \(subject)"
    return error
  }
}
