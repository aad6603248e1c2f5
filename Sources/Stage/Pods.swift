public import AppcSchema
import CAppcLinux
import Glibc
public import Logging
public import SystemPackage

/// The pods of one data directory: starts them, tells about them, removes them.
///
/// There is no daemon.
///
/// Values are cheap to make and may be used from many threads and processes at once: a pod's state is the
/// directory that it is in and the lock that its pid 1 holds.
public struct Pods: Sendable {
  /// The directory under which all state is kept: `<root>/pods`.
  public let root: FilePath
  let pods: FilePath
  let logger: Logger
  private let fixedHierarchies: CgroupHierarchies?

  /// Opens the pods of a data directory and makes what is missing of it, mode 0700.
  ///
  /// - Parameters:
  ///   - root: the data directory.
  ///   - hierarchies: the control group hierarchies to use; those that are mounted by default.
  ///   - logger: where warnings go.
  /// - Throws: ``StageError`` with `.directory` when it cannot be made.
  public init(
    root: FilePath, hierarchies: CgroupHierarchies? = nil,
    logger: Logger = Logger(label: "appc.stage", factory: { _ in SwiftLogNoOpLogHandler() })
  ) throws(StageError) {
    self.root = root
    fixedHierarchies = hierarchies
    pods = root.appending("pods")
    self.logger = logger
    var path = pods
    do throws(Errno) {
      for stage in [nil] + PodDirectory.Stage.allCases.map(Optional.some) {
        path = stage.map { pods.appending($0.rawValue) } ?? pods
        if path.withPlatformString({ access($0, F_OK) }) == 0 { continue }
        if path == pods { try Self.makeRoot(root) }
        do { try PodDirectory.make(path) } catch Errno.fileExists {}
      }
    } catch {
      throw StageError(.directory, "making", path.string, errno: error)
    }
  }

  private static func makeRoot(_ root: FilePath) throws(Errno) {
    if root.withPlatformString({ access($0, F_OK) }) == 0 { return }
    do { try PodDirectory.make(root) } catch Errno.fileExists {}
  }

  /// The control groups of this machine's pods.
  func cgroups() throws(StageError) -> PodCgroups {
    if let fixedHierarchies { return PodCgroups(hierarchies: fixedHierarchies) }
    return PodCgroups(hierarchies: try CgroupHierarchies.detect())
  }

  // MARK: Looking

  /// All pods, oldest first; those being removed are left out.
  ///
  /// - Throws: ``StageError`` with `.directory` when the directories cannot be read.
  public func list() throws(StageError) -> [PodStatus] {
    var found: [PodStatus] = []
    for directory in try directories() where directory.stage != .garbage {
      if let status = status(in: directory) { found.append(status) }
    }
    return found.sorted { ($0.created ?? 0, $0.uuid) < ($1.created ?? 0, $1.uuid) }
  }

  /// What is known about a pod.
  ///
  /// - Throws: ``StageError`` with `.notFound`.
  public func status(of uuid: PodUUID) throws(StageError) -> PodStatus {
    guard let directory = find(uuid), let status = status(in: directory) else {
      throw StageError(.notFound, "looking for pod", uuid.description, detail: "there is no such pod")
    }
    return status
  }

  /// The pod whose UUID starts with `prefix`, with or without dashes.
  ///
  /// - Throws: ``StageError`` with `.notFound` or `.ambiguous`.
  public func uuid(matching prefix: String) throws(StageError) -> PodUUID {
    let wanted = prefix.utf8.filter { $0 != UInt8(ascii: "-") }.map { $0 | 0x20 }
    let matches =
      wanted.isEmpty
      ? []
      : try directories().filter { directory in
        directory.uuid.description.utf8.filter { $0 != UInt8(ascii: "-") }.starts(with: wanted)
      }
    guard let match = matches.first else {
      throw StageError(
        .notFound, "looking for pod", printable(prefix.utf8), detail: "there is no such pod; see appc list")
    }
    // One that moves on while we look is seen twice.
    let uuids = Set(matches.map(\.uuid))
    guard uuids.count == 1 else {
      let first = uuids.sorted().prefix(3).map(\.description).joined(separator: ", ")
      throw StageError(
        .ambiguous, "looking for pod", printable(prefix.utf8),
        detail: "\(uuids.count) pods start so (\(first)); give more of the UUID")
    }
    return match.uuid
  }

  func directories() throws(StageError) -> [PodDirectory] {
    var found: [PodDirectory] = []
    for stage in PodDirectory.Stage.allCases {
      let path = pods.appending(stage.rawValue)
      let names: [[UInt8]]
      do throws(Errno) {
        names = try DirectoryListing.names(in: path)
      } catch {
        throw StageError(.directory, "reading", path.string, errno: error)
      }
      for name in names {
        guard let uuid = try? PodUUID(String(decoding: name, as: UTF8.self), mode: .strict) else { continue }
        found.append(PodDirectory(pods: pods, stage: stage, uuid: uuid))
      }
    }
    return found
  }

  func find(_ uuid: PodUUID) -> PodDirectory? {
    // A pod that moves on while we look is found further on: the order is that of a pod's life.
    PodDirectory.Stage.allCases.lazy.map { PodDirectory(pods: pods, stage: $0, uuid: uuid) }
      .first { $0.path.withPlatformString { access($0, F_OK) } == 0 }
  }

  private func status(in directory: PodDirectory) -> PodStatus? {
    var status = stat()
    guard directory.path.withPlatformString({ lstat($0, &status) }) == 0 else { return nil }
    let manifest = (try? SmallFile.read(directory.manifest, limit: 64 << 20))
      .flatMap { try? PodManifest.read($0, mode: .tolerant).value }
    let state = state(of: directory)
    let pid = (try? SmallFile.read(directory.pid)).flatMap { text in
      ImageUsers.number(text.prefix { $0 != UInt8(ascii: "\n") })
    }
    return PodStatus(
      uuid: directory.uuid, state: state, manifest: manifest,
      apps: (manifest?.apps ?? []).map { AppRecord.status(of: $0.name, in: directory) },
      created: Self.modified(directory.manifest), started: Self.modified(directory.pid),
      pid: state == .running ? pid.map(Int32.init(bitPattern:)) : nil,
      networks: (try? SmallFile.read(directory.networks))
        .map { $0.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) } } ?? [],
      directory: directory.path)
  }

  private func state(of directory: PodDirectory) -> PodState {
    switch directory.stage {
    case .preparing: return PodLock.isHeld(directory.lock) ? .preparing : .abortedPrepare
    case .prepared: return .prepared
    case .run:
      if PodLock.isHeld(directory.lock) { return .running }
      return (try? cgroups())?.isPopulated(directory.uuid) == true ? .ending : .exited
    case .exited: return .exited
    case .garbage: return .garbage
    }
  }

  private static func modified(_ path: FilePath) -> Int64? {
    var status = stat()
    return path.withPlatformString { lstat($0, &status) } == 0 ? Int64(status.st_mtim.tv_sec) : nil
  }
}

/// The `status.json` that pid 1 leaves for an app.
enum AppRecord {
  static func status(of name: ACName, in directory: PodDirectory) -> AppStatus {
    let path = directory.app(name.description).appending("status.json")
    guard let text = try? SmallFile.read(path), let record = try? JSONValue.parse(text) else {
      return AppStatus(name: name, pid: nil, exit: nil)
    }
    var exit: AppExit?
    if let status = number(record, "exitStatus") { exit = .exited(status) }
    if let signal = number(record, "signal") { exit = .signaled(signal) }
    return AppStatus(name: name, pid: number(record, "pid"), exit: exit)
  }

  private static func number(_ record: JSONValue, _ key: String) -> Int32? {
    record[key]?.number.flatMap { Int32($0.text) }
  }
}
