public import SystemPackage

/// Why an image was not built, and what can be done about it.
///
/// The description is one line. After an error nothing is left at the output's name that was not there before.
public struct BuildError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure, for programs to decide on.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case exists, badName, badLayout, invalidManifest, changed, refused, unsupportedCompression, diskFull,
        system
    }

    private let value: Value
    private init(_ value: Value) { self.value = value }

    /// The output is there already.
    public static let exists = Code(.exists)
    /// The output's name does not end in `.aci` (B1).
    public static let badName = Code(.badName)
    /// The directory is not `manifest` and `rootfs` and nothing else (B3).
    public static let badLayout = Code(.badLayout)
    /// The manifest is not valid; `cause` is the schema's error.
    public static let invalidManifest = Code(.invalidManifest)
    /// A file changed while it was read.
    public static let changed = Code(.changed)
    /// A file cannot be part of an image; `cause` is the archive's error.
    public static let refused = Code(.refused)
    /// The output cannot be compressed so: the level does not exist, or libarchive is not installed or lacks
    /// the compression.
    ///
    /// `cause` is the archive's error.
    public static let unsupportedCompression = Code(.unsupportedCompression)
    /// The file system of the output is full.
    public static let diskFull = Code(.diskFull)
    /// The kernel refused; `errno` says why.
    public static let system = Code(.system)

    /// The code's name.
    public var description: String { value.rawValue }
  }

  /// The kind of failure.
  public let code: Code
  /// What was being done.
  public let operation: String
  /// The path it is about.
  public let subject: String
  /// The kernel's answer, if it was the kernel's.
  public let errno: Errno?
  /// The error of a lower layer, if one caused this.
  public let cause: (any Error)?
  /// What is wrong and what to do, without operation and subject.
  public let detail: String

  /// Makes an error; see the properties for the meaning of each part.
  public init(
    _ code: Code, operation: String = "build", subject: String, detail: String, errno: Errno? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.detail = detail
    self.errno = errno
    self.cause = cause
  }

  /// One line: operation, subject, detail.
  public var description: String { "\(operation) \(subject): \(detail)" }
}

extension BuildError {
  /// The error for a system call that failed, with a full disk told apart.
  init(system errno: Errno, operation: String = "build", subject: String) {
    switch errno {
    case .noSpace, .diskQuotaExceeded:
      self.init(
        .diskFull, operation: operation, subject: subject,
        detail: "the disk is full: free some space and run this again", errno: errno)
    case .tooManyOpenFiles:
      self.init(
        .system, operation: operation, subject: subject,
        detail: "too many open files: raise the limit (ulimit -n)", errno: errno)
    default:
      self.init(.system, operation: operation, subject: subject, detail: "\(errno)", errno: errno)
    }
  }
}
