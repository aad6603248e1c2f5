import CMeasuring
import Glibc
import Measuring
import SystemPackage

/// A mount namespace in which a peer is started because some mount of the host is in its way.
///
/// Entering and leaving happen outside the measured time, on the thread that measures.
struct MountView {
  private let own: Int32
  private let view: Int32

  /// The host's mounts without those at `hidden`.
  init(without hidden: [String]) throws {
    let paths = hidden.map { strdup($0) }
    defer { for path in paths { free(path) } }
    own = try Self.checked(measuring_own_mounts())
    view = try Self.checked(
      measuring_mounts_without(paths.map { UnsafePointer($0) }, UInt32(paths.count)))
  }

  func run<Result>(_ body: () throws -> Result) throws -> Result {
    _ = try Self.checked(measuring_enter_mounts(view))
    defer { _ = measuring_enter_mounts(own) }
    return try body()
  }

  private static func checked(_ outcome: Int32) throws -> Int32 {
    guard outcome >= 0 else {
      throw Problem("a mount namespace cannot be made: \(Errno(rawValue: -outcome))")
    }
    return outcome
  }

  /// The host's mount points with the type of what is mounted there, in the order in which they were mounted.
  static func mounts() throws -> [(point: String, type: String)] {
    try SmallText.read("/proc/self/mountinfo").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 5, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else {
        return nil
      }
      return (String(fields[4]), String(fields[dash + 1]))
    }
  }
}
