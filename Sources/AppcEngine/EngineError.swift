public import SystemPackage

/// What went wrong in a flow across the rooms.
///
/// An error of a room is passed on as its cause, and the description is then the room's own line.
public struct EngineError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; new kinds may be added in minor versions.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case invalidRequest, image, store, build, pod, notSupported, configuration
    }

    private let value: Value

    private init(_ value: Value) { self.value = value }

    /// The request contradicts itself, or the image cannot be run so.
    public static let invalidRequest = Code(.invalidRequest)
    /// An image could not be read.
    public static let image = Code(.image)
    /// The store refused.
    public static let store = Code(.store)
    /// An image could not be built.
    public static let build = Code(.build)
    /// A pod could not be started, watched or removed.
    public static let pod = Code(.pod)
    /// Asked for something that this version does not do.
    public static let notSupported = Code(.notSupported)
    /// A configuration file is wrong.
    public static let configuration = Code(.configuration)

    /// The code's name.
    public var description: String { value.rawValue }
  }

  /// The kind of failure.
  public let code: Code
  /// What was being done.
  public let operation: String
  /// The path or name that it is about.
  public let subject: String
  /// What is wrong and what to do about it.
  public let detail: String
  /// The kernel's error, if it was one.
  public let errno: Errno?
  /// The room's error that led here, if any.
  public let cause: (any Error)?

  /// Makes an error of the engine's own.
  public init(
    _ code: Code, _ operation: String, _ subject: String, detail: String = "", errno: Errno? = nil
  ) {
    self.code = code
    self.operation = operation
    self.subject = subject
    self.detail = detail
    self.errno = errno
    cause = nil
  }

  /// Passes on an error of a room.
  init(_ code: Code, _ cause: any Error) {
    self.code = code
    operation = ""
    subject = ""
    detail = ""
    errno = nil
    self.cause = cause
  }

  /// One line: what was being done, to what, why it failed and what to do.
  public var description: String {
    if let cause { return "\(cause)" }
    var line = subject.isEmpty ? operation : "\(operation) \(subject)"
    if let errno { line += ": \(errno)" }
    if !detail.isEmpty { line += ": \(detail)" }
    return line
  }
}
