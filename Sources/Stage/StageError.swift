public import SystemPackage

/// What went wrong while a pod was planned, started, watched or removed.
public struct StageError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure, to switch on; new kinds may be added in minor versions.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case invalidPod, notPermitted, volume, user, capability, cgroup, launch, executable, directory
      case notFound, ambiguous, busy, supervisor, system
    }

    private let value: Value

    private init(_ value: Value) { self.value = value }

    /// The pod manifest or the options cannot be run as they are.
    public static let invalidPod = Code(.invalidPod)
    /// The caller lacks the rights that starting a pod needs.
    public static let notPermitted = Code(.notPermitted)
    /// A volume's source is missing, of the wrong kind, or reached through a link.
    public static let volume = Code(.volume)
    /// A user or group does not exist in the app's image.
    public static let user = Code(.user)
    /// A capability's name is not known.
    public static let capability = Code(.capability)
    /// A control group could not be made or set.
    public static let cgroup = Code(.cgroup)
    /// A step of the launch plan failed inside the pod.
    public static let launch = Code(.launch)
    /// An app's program is missing or cannot be executed.
    public static let executable = Code(.executable)
    /// A file or directory of the pod could not be made, read or removed.
    public static let directory = Code(.directory)
    /// There is no such pod.
    public static let notFound = Code(.notFound)
    /// A UUID prefix matches several pods.
    public static let ambiguous = Code(.ambiguous)
    /// The pod is running, and the operation needs it not to.
    public static let busy = Code(.busy)
    /// The pod's pid 1 ended before its apps did.
    public static let supervisor = Code(.supervisor)
    /// The kernel refused a call that nothing of the pod explains.
    public static let system = Code(.system)

    /// The code's name.
    public var description: String { value.rawValue }
  }

  /// The kind of failure.
  public let code: Code
  /// What was being done, as a verb phrase: `starting app web`.
  public let operation: String
  /// The app, path or name that it is about.
  public let subject: String
  /// What is wrong and what to do about it.
  public let detail: String
  /// The kernel's error, if it was one.
  public let errno: Errno?
  /// The error of another part that led here, if any.
  public let cause: (any Error)?

  /// Makes an error; `detail` says what to do.
  public init(
    _ code: Code, _ operation: String, _ subject: String, detail: String = "", errno: Errno? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.detail = detail
    self.errno = errno
    self.cause = cause
  }

  /// One line: what was being done, to what, why it failed and what to do.
  public var description: String {
    var line = subject.isEmpty ? operation : "\(operation) \(subject)"
    if let errno { line += ": \(errno)" }
    if !detail.isEmpty { line += ": \(detail)" }
    if let cause { line += ": \(cause)" }
    return line
  }
}
