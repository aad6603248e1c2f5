public import AppcSchema
import Glibc
import SystemPackage

extension Pods {
  /// What `collectGarbage` may take.
  public struct CollectionPolicy: Hashable, Sendable {
    /// How long an exited pod is kept after it was found exited, in seconds.
    public var grace: Int64
    /// How long a prepared pod may wait to be started, in seconds.
    public var expirePrepared: Int64
    /// Only mark what is exited; remove nothing.
    public var markOnly: Bool

    /// rkt's defaults: half an hour, and a day.
    public init(grace: Int64 = 30 * 60, expirePrepared: Int64 = 24 * 3600, markOnly: Bool = false) {
      self.grace = grace
      self.expirePrepared = expirePrepared
      self.markOnly = markOnly
    }
  }

  /// What a collection did.
  public struct CollectionReport: Sendable {
    /// Pods found exited and marked.
    public internal(set) var marked: [PodUUID] = []
    /// Pods removed.
    public internal(set) var removed: [PodUUID] = []
    /// Pods that could not be removed, and why; the next collection tries again.
    public internal(set) var failures: [(uuid: PodUUID, error: StageError)] = []
  }

  /// Removes a pod that is not running: its processes if the kernel still has some, control groups and directory.
  ///
  /// May be repeated after any failure; what is gone already is no error.
  ///
  /// - Throws: ``StageError`` with `.notFound`, `.busy` while it runs or is made, or `.directory`.
  public func remove(_ uuid: PodUUID) throws(StageError) {
    guard var directory = find(uuid) else {
      throw StageError(.notFound, "removing pod", uuid.description, detail: "there is no such pod")
    }
    // Held until the directory is gone, so that nobody starts what is being removed.
    let lock = try takeForRemoval(&directory)
    defer { _ = lock.isFree }
    try removeGroups(of: uuid)
    do throws(Errno) {
      try TreeRemoval.remove(directory.path)
    } catch {
      throw StageError(.directory, "removing pod", uuid.description, errno: error)
    }
  }

  private func takeForRemoval(_ directory: inout PodDirectory) throws(StageError) -> PodLock.Attempt {
    do throws(Errno) {
      // A directory without a lock file may be one that is just being made.
      let making = try PodLock.exclusive(pods.appending(PodDirectory.Stage.preparing.rawValue))
      defer { _ = making.rawValue }
      let attempt = try PodLock.tryTake(directory.lock)
      if attempt.isFree {
        if directory.stage != .garbage { try directory.move(to: .garbage) }
        return attempt
      }
    } catch {
      throw StageError(.directory, "removing pod", directory.uuid.description, errno: error)
    }
    throw StageError(
      .busy, "removing pod", directory.uuid.description,
      detail: Self.whoHolds(directory.stage))
  }

  private func removeGroups(of uuid: PodUUID) throws(StageError) {
    guard let cgroups = try? cgroups() else { return }
    if cgroups.isPopulated(uuid) { cgroups.kill(uuid) }
    guard cgroups.remove(uuid, waiting: 10_000) else {
      throw StageError(
        .cgroup, "removing pod", uuid.description,
        detail: "the kernel has not ended its processes in 10 s; try again")
    }
  }

  /// Marks pods that have exited, and removes what the policy does not keep.
  ///
  /// Control groups of exited pods go at once, whatever the grace. Several collections may run at the same time.
  ///
  /// - Throws: ``StageError`` when the directories cannot be read; a pod that cannot be removed is in the report.
  public func collectGarbage(_ policy: CollectionPolicy = CollectionPolicy()) throws(StageError)
    -> CollectionReport
  {
    var report = CollectionReport()
    let now = Int64(time(nil))
    for status in try everything() {
      let age = now - status.since
      do throws(StageError) {
        switch status.directory.stage {
        case .run where status.isFree:
          try mark(status.directory)
          report.marked.append(status.directory.uuid)
          if !policy.markOnly, policy.grace <= 0 {
            try remove(status.directory.uuid)
            report.removed.append(status.directory.uuid)
          }
        case .exited where !policy.markOnly && age >= policy.grace,
          .prepared where !policy.markOnly && age >= policy.expirePrepared,
          .preparing where !policy.markOnly && status.isFree,
          .garbage where !policy.markOnly:
          try remove(status.directory.uuid)
          report.removed.append(status.directory.uuid)
        default: continue
        }
      } catch {
        // Somebody else was faster, or has it: both are fine.
        if error.code != .notFound && error.code != .busy {
          report.failures.append((status.directory.uuid, error))
        }
      }
    }
    return report
  }

  private static func whoHolds(_ stage: PodDirectory.Stage) -> String {
    switch stage {
    case .run: "it is running"
    case .garbage, .exited: "it is being removed"
    case .preparing, .prepared: "it is being made"
    }
  }

  private func mark(_ directory: PodDirectory) throws(StageError) {
    var directory = directory
    let lock = try freeLock(of: directory)
    defer { _ = lock.isFree }
    // The groups go first: what is marked has none.
    try removeGroups(of: directory.uuid)
    do throws(Errno) {
      try directory.move(to: .exited)
    } catch {
      throw StageError(
        error == .noSuchFileOrDirectory ? .notFound : .directory, "marking pod",
        directory.uuid.description, errno: error)
    }
  }

  private func freeLock(of directory: PodDirectory) throws(StageError) -> PodLock.Attempt {
    do throws(Errno) {
      let attempt = try PodLock.tryTake(directory.lock)
      if attempt.isFree { return attempt }
    } catch {
      throw StageError(.directory, "marking pod", directory.uuid.description, errno: error)
    }
    throw StageError(
      .busy, "marking pod", directory.uuid.description, detail: Self.whoHolds(directory.stage))
  }

  private struct Found {
    let directory: PodDirectory
    let since: Int64
    let isFree: Bool
  }

  private func everything() throws(StageError) -> [Found] {
    try directories().compactMap { directory in
      var status = stat()
      guard directory.path.withPlatformString({ lstat($0, &status) }) == 0 else { return nil }
      // A rename changes the time of change: it tells since when the pod is in its state.
      return Found(
        directory: directory, since: Int64(status.st_ctim.tv_sec), isFree: !PodLock.isHeld(directory.lock))
    }
  }
}
