public import SystemPackage

/// What a store operation failed at, and what can be done about it.
///
/// The description is one line: operation, subject, what is wrong and the next step.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure, for programs to decide on.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case notFound, ambiguous, exists, busy, timedOut, unsafeRoot, unknownVersion, refused, corrupt
      case dependency, diskFull, invalidArgument, stopped, system
    }

    private let value: Value
    private init(_ value: Value) { self.value = value }

    /// Nothing in the store answers to the reference.
    public static let notFound = Code(.notFound)
    /// A prefix stands for more than one image.
    public static let ambiguous = Code(.ambiguous)
    /// The output is there already.
    public static let exists = Code(.exists)
    /// Another process or thread uses what was to be changed.
    public static let busy = Code(.busy)
    /// A lock was not to be had before the deadline.
    public static let timedOut = Code(.timedOut)
    /// The store's directory could be written or read by others, or is not a directory of ours.
    public static let unsafeRoot = Code(.unsafeRoot)
    /// The store was written in a format that this release does not know.
    public static let unknownVersion = Code(.unknownVersion)
    /// The image breaks a rule; `cause` says which.
    public static let refused = Code(.refused)
    /// Something in the store is not what was put there.
    public static let corrupt = Code(.corrupt)
    /// A dependency is missing, does not match, is part of a cycle, or lies too deep.
    public static let dependency = Code(.dependency)
    /// The file system or the quota is full.
    public static let diskFull = Code(.diskFull)
    /// An argument cannot be used.
    public static let invalidArgument = Code(.invalidArgument)
    /// The caller's own progress handler ended the operation, and `cause` is what it threw; or the wait for a lock was
    /// cancelled.
    public static let stopped = Code(.stopped)
    /// The kernel refused; `errno` says why.
    public static let system = Code(.system)

    /// The code's name.
    public var description: String { value.rawValue }
  }

  /// The kind of failure.
  public let code: Code
  /// What was being done, as a verb phrase: "import", "render".
  public let operation: String
  /// The path, image or name it is about.
  public let subject: String
  /// The kernel's answer, if it was the kernel's.
  public let errno: Errno?
  /// The error of a lower layer, if one caused this.
  public let cause: (any Error)?
  /// What is wrong and what to do, without operation and subject.
  public let detail: String

  /// Makes an error; see the properties for the meaning of each part.
  public init(
    _ code: Code, operation: String, subject: String, detail: String, errno: Errno? = nil,
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

extension StoreError {
  /// The error for a system call that failed, with a full disk told apart.
  init(system errno: Errno, operation: String, subject: String) {
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

/// Runs `body` and turns the kernel's refusal into a store error about `subject`.
func attempting<Value: ~Copyable>(
  _ operation: String, _ subject: @autoclosure () -> String, _ body: () throws(Errno) -> Value
) throws(StoreError) -> Value {
  do {
    return try body()
  } catch {
    throw StoreError(system: error, operation: operation, subject: subject())
  }
}
