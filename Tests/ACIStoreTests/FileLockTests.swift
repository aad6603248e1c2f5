import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("A file lock")
struct FileLockTests {
  @Test("excludes another holder of the same process, and shared ones bear each other")
  func modes() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("", to: "lock")
      let first = try FileLock(at: path, .shared)
      #expect(try isFree(path, .shared))
      #expect(try !isFree(path, .exclusive))
      first.release()
      let exclusive = try FileLock(at: path, .exclusive)
      #expect(try !isFree(path, .shared))
      exclusive.release()
      #expect(try isFree(path, .exclusive))
    }
  }

  #if DEBUG
    @Test("is taken on a file open for writing where only such a one can be locked, as on NFS")
    func writable() throws {
      try TemporaryDirectory.with(.memory) { directory in
        let path = try directory.write("", to: "lock")
        // The call after those that open the file and examine it.
        let plan = FaultInjection(.failure(.badFileDescriptor), at: 3)
        let lock = try plan.attached { () throws(StoreError) in try FileLock(at: path, .exclusive) }
        let flags = fcntl(lock.descriptor.rawValue, F_GETFL)
        #expect(plan.hasFired && flags & O_ACCMODE == O_RDWR)
        #expect(try !isFree(path, .shared))
        lock.release()
      }
    }
  #endif

  @Test("gives up at its deadline, and says that it did")
  func deadline() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("", to: "lock")
      let held = try FileLock(at: path, .exclusive)
      let start = ContinuousClock.now
      var code: StoreError.Code?
      do throws(StoreError) {
        _ = try FileLock(at: path, .exclusive, waiting: .atMost(.milliseconds(60)))
      } catch {
        code = error.code
      }
      #expect(code == .timedOut)
      #expect(ContinuousClock.now - start >= .milliseconds(60))
      held.release()
    }
  }

  @Test("waits for its turn")
  func waits() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("", to: "lock")
      let counter = try directory.write("0", to: "counter")
      _ = try await inParallel(8) { _ in
        for _ in 0..<25 {
          let lock = try FileLock(at: path, .exclusive)
          let value = Int(String(decoding: try contents(of: counter), as: UTF8.self)) ?? 0
          try directory.write("\(value + 1)", to: "counter")
          lock.release()
        }
      }
      #expect(String(decoding: try contents(of: counter), as: UTF8.self) == "200")
    }
  }

  @Test("is taken on the file that has the name afterwards, not on one that was removed meanwhile")
  func replaced() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("", to: "lock")
      let old = try FileLock(at: path, .exclusive)
      async let waiter = Task.detached { try lockedInode(path) }.value
      try await Task.sleep(for: .milliseconds(50))
      _ = path.withPlatformString { unlink($0) }
      try directory.write("", to: "lock")
      old.release()
      let locked = try await waiter
      #expect(try inode(of: path) == locked)
    }
  }

  @Test("becomes one of the other mode, or is given up when that cannot be had")
  func converted() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("", to: "lock")
      var lock: FileLock? = try FileLock(at: path, .exclusive).converted(to: .shared)
      #expect(try isFree(path, .shared) && !isFree(path, .exclusive))
      lock = try lock.take()?.converted(to: .exclusive, waiting: .never)
      #expect(try !isFree(path, .shared))
      lock = try lock.take()?.converted(to: .shared)
      let other = try FileLock(at: path, .shared)
      lock = try lock.take()?.converted(to: .exclusive, waiting: .atMost(.milliseconds(5)))
      let isGivenUp = lock == nil
      #expect(isGivenUp)
      other.release()
      #expect(try isFree(path, .exclusive))
    }
  }

  @Test("is waited for by an operation of a store until that is cancelled, and nothing is left of it")
  func cancelled() throws {
    try TestStore.with { store, directory in
      let image = TestImage("ex/a").bytes
      let id = try store.importImage(image).record.id
      try store.remove(id)
      let before = try directory.contents()
      let impatient = try ImageStore.open(at: store.path, isCancelled: { true })
      let shard = store.path.pushing(StoreLayout.shardDirectory(StoreLayout.shard(of: id)))
      let held = try FileLock(at: shard, .exclusive)
      let error = #expect(throws: StoreError.self) { try impatient.importImage(image) }
      held.release()
      #expect(error?.code == .stopped)
      #expect(try directory.contents() == before)
      #expect(try impatient.importImage(image).record.id == id)
    }
  }

  @Test("is not converted on a file that was removed")
  func convertedRemoved() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("", to: "lock")
      let lock = try FileLock(at: path, .shared)
      _ = path.withPlatformString { unlink($0) }
      let converted = try lock.converted(to: .exclusive)
      let isGivenUp = converted == nil
      #expect(isGivenUp)
    }
  }

  @Test("refuses what is not a file or a directory, without waiting for it", .timeLimit(.minutes(1)))
  func pipe() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = directory.appending("pipe")
      _ = path.withPlatformString { mkfifo($0, 0o600) }
      var isRefused = false
      do { _ = try FileLock(at: path, .shared) } catch { isRefused = true }
      #expect(isRefused)
    }
  }
}

private func isFree(_ path: FilePath, _ mode: FileLock.Mode) throws -> Bool {
  switch try FileLock.ifFree(at: path, mode) {
  case .some(let lock):
    lock.release()
    return true
  case .none: return false
  }
}

private func lockedInode(_ path: FilePath) throws -> UInt64 {
  let lock = try FileLock(at: path, .exclusive)
  var value = stat()
  fstat(lock.descriptor.rawValue, &value)
  return UInt64(value.st_ino)
}
