public import AppcSchema
public import SystemPackage

/// What is known about a pod: from its directory, without asking any process.
public struct PodStatus: Sendable {
  /// The pod's identity.
  public let uuid: PodUUID
  /// Where it is in its life.
  public let state: PodState
  /// Its manifest; nil when it cannot be read, as of a pod that was left half made.
  public let manifest: PodManifest?
  /// The apps, in the order of the manifest.
  public let apps: [AppStatus]
  /// When the pod was made, in seconds since 1970.
  public let created: Int64?
  /// When it was started.
  public let started: Int64?
  /// Pid 1 as the host numbers it, while it runs.
  public let pid: Int32?
  /// The names of its networks.
  public let networks: [String]
  /// Where its directory is.
  public let directory: FilePath

  /// The pod's exit status: 0, or the first non-zero status in app order; nil until every app has ended.
  public var exitStatus: Int32? {
    var first: Int32 = 0
    for app in apps {
      guard let exit = app.exit else { return nil }
      if first == 0 { first = exit.status }
    }
    return apps.isEmpty ? nil : first
  }
}

/// What is known about an app of a pod.
public struct AppStatus: Sendable {
  /// Its name in the pod.
  public let name: ACName
  /// Its first process, as the pod numbers it; nil when it never started.
  public let pid: Int32?
  /// How it ended; nil while it runs, and for one whose end nobody saw.
  public let exit: AppExit?
}

/// How an app's first process ended.
public struct AppExit: Hashable, Sendable, CustomStringConvertible {
  enum Value: Hashable, Sendable {
    case exited(Int32)
    case signaled(Int32)
  }

  let value: Value

  private init(_ value: Value) { self.value = value }

  /// It called exit with a status of 0 to 255.
  public static func exited(_ status: Int32) -> AppExit { AppExit(.exited(status)) }
  /// A signal ended it.
  public static func signaled(_ signal: Int32) -> AppExit { AppExit(.signaled(signal)) }

  /// Takes a wait status as wait4 gives it.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    value = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
  }

  /// What a shell would say: the status, or 128 and the signal's number.
  public var status: Int32 {
    switch value {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }

  /// `exit status 1`, or `signal 9`.
  public var description: String {
    switch value {
    case .exited(let status): "exit status \(status)"
    case .signaled(let signal): "signal \(signal)"
    }
  }
}
