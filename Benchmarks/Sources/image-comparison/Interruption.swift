import Glibc
import Measuring
import Synchronization

/// Whether somebody wants the run to end: what was made is removed then.
enum Interruption {
  private static let isWanted = Atomic<Bool>(false)

  static func install() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      Glibc.signal(signal) { _ in Interruption.isWanted.store(true, ordering: .relaxed) }
    }
  }

  static func check() throws {
    if isWanted.load(ordering: .relaxed) { throw Problem("interrupted") }
  }
}
