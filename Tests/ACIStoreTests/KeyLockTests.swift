import ACIStore
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Locks by key")
struct KeyLockTests {
  @Test("exclude holders of the same key only, as their modes say")
  func modes() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      let held = try locks.lock("a".utf8)
      #expect(try !isFree(locks, "a"))
      #expect(try isFree(locks, "b"))
      held.release()
      let shared = try locks.lock("a".utf8, .shared)
      #expect(try isFree(locks, "a", .shared))
      #expect(try !isFree(locks, "a"))
      shared.release()
      #expect(try isFree(locks, "a"))
    }
  }

  @Test("tell all keys apart, and keep every file in their directory")
  func keys() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      let keys: [[UInt8]] = [
        [], [0], [0x2F], Array("..".utf8), Array("../../etc".utf8), Array("a/b".utf8), Array("a%2fb".utf8),
        Array("A".utf8), Array("a".utf8), Array("é".utf8), Array("e\u{301}".utf8), [0xFF, 0xFE],
        [UInt8](repeating: 0x61, count: 196), [UInt8](repeating: 0x61, count: 197),
        [UInt8](repeating: 0x61, count: 100_000), [UInt8](repeating: 0, count: 100_000),
      ]
      var files = 0
      for key in keys {
        try locks.lock(key).release()
        files += 1
        let names = try names(directory.appending("locks"))
        #expect(names.count == files, "\(key.prefix(20))")
        #expect(names.allSatisfy { $0.utf8.count <= 200 && $0 == $0.lowercased() })
      }
      #expect(try directory.contents().count == files + 1)
    }
  }

  @Test("are given up at the deadline or when the wait is cancelled, each with its own code")
  func waiting() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      let held = try locks.lock("a".utf8)
      func code(_ waiting: FileLock.Waiting, _ isCancelled: (() -> Bool)? = nil) -> StoreError.Code? {
        do throws(StoreError) {
          try locks.lock("a".utf8, waiting: waiting, isCancelled: isCancelled).release()
          return nil
        } catch {
          return error.code
        }
      }
      #expect(code(.never) == .busy)
      let start = ContinuousClock.now
      #expect(code(.atMost(.milliseconds(40))) == .timedOut)
      #expect(ContinuousClock.now - start >= .milliseconds(40))
      var polls = 0
      let cancel = { () -> Bool in
        polls += 1
        return polls == 3
      }
      #expect(code(.forever, cancel) == .stopped)
      #expect(polls == 3)
      held.release()
      #expect(code(.forever, { true }) == nil)
    }
  }

  @Test("are held while the body runs and given up when it throws")
  func body() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      let answer = try locks.withLock("a".utf8) {
        try isFree(locks, "a")
      }
      #expect(!answer)
      #expect(throws: Errno.self) { try locks.withLock("a".utf8) { throw Errno.ioError } }
      #expect(try isFree(locks, "a"))
    }
  }

  @Test("whose files nobody holds are removed, others and strange files stay")
  func removal() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      try directory.write("", to: "locks/other")
      let held = try locks.lock("held".utf8)
      for key in ["a", "b", "c"] { try locks.lock(key.utf8).release() }
      #expect(try locks.removeUnused() == 3)
      #expect(try names(directory.appending("locks")) == ["key-held", "other"])
      #expect(try !isFree(locks, "held"))
      held.release()
      #expect(try locks.removeUnused() == 1)
      #expect(try isFree(locks, "held"))
    }
  }

  @Test("exclude threads from each other while files are removed all the time")
  func threads() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      let counter = try directory.write("0", to: "counter")
      _ = try await inParallel(8) { task in
        for round in 0..<40 {
          if task == 0 {
            _ = try locks.removeUnused()
          } else {
            try locks.withLock("counter".utf8, waiting: round % 2 == 0 ? .forever : .atMost(.seconds(60))) {
              let value = Int(String(decoding: try contents(of: counter), as: UTF8.self)) ?? 0
              try directory.write("\(value + 1)", to: "counter")
            }
          }
        }
      }
      #expect(String(decoding: try contents(of: counter), as: UTF8.self) == "280")
    }
  }

  @Test("exclude processes from each other, and end with the process that held them, killed or not")
  func processes() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let locks = try KeyLocks(directory: directory.appending("locks"))
      let counter = try directory.write("0", to: "counter")
      let path = directory.path.string
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
              let locks = try KeyLocks(directory: FilePath("\(path)/locks"))
              for _ in 0..<25 {
                try locks.withLock("counter".utf8) {
                  let file = FilePath("\(path)/counter")
                  let value = Int(String(decoding: try contents(of: file), as: UTF8.self)) ?? 0
                  let open = try FileDescriptor.open(file, .writeOnly, options: .truncate)
                  try open.closeAfter { _ = try open.writeAll("\(value + 1)".utf8) }
                }
                _ = try locks.removeUnused()
              }
              let held = try locks.lock("mine".utf8, .shared)
              kill(getpid(), SIGKILL)
              held.release()
            }
          }
        }
      }
      #expect(String(decoding: try contents(of: counter), as: UTF8.self) == "100")
      #expect(try isFree(locks, "mine"))
    }
  }

  private func isFree(_ locks: KeyLocks, _ key: String, _ mode: FileLock.Mode = .exclusive) throws -> Bool {
    switch try locks.lockIfFree(key.utf8, mode) {
    case .some(let lock):
      lock.release()
      return true
    case .none: return false
    }
  }
}
