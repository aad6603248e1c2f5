/// Where a pod is in its life.
///
/// The directory that holds it says so, with its lock.
public struct PodState: Hashable, Sendable, CustomStringConvertible {
  private enum Value: String {
    case preparing, prepared, running, ending, exited, garbage
    case abortedPrepare = "aborted prepare"
  }

  private let value: Value

  private init(_ value: Value) { self.value = value }

  /// Being made by a process that is alive.
  public static let preparing = PodState(.preparing)
  /// Left half made by a process that is gone.
  public static let abortedPrepare = PodState(.abortedPrepare)
  /// Ready to be started.
  public static let prepared = PodState(.prepared)
  /// Pid 1 lives.
  public static let running = PodState(.running)
  /// Pid 1 is gone; the kernel is still taking processes down.
  public static let ending = PodState(.ending)
  /// Nothing runs; the pod's directory is left.
  public static let exited = PodState(.exited)
  /// Marked for removal.
  public static let garbage = PodState(.garbage)

  /// The state's name, as rkt lists it.
  public var description: String { value.rawValue }
}
