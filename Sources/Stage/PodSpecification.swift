public import AppcSchema
import Glibc
public import SystemPackage

/// A pod to run: its reified manifest, and what a manifest cannot say.
public struct PodSpecification: Sendable {
  /// The pod's identity.
  public var uuid: PodUUID
  /// The manifest, reified: every app has its `app`, every mount point a mount or a volume of its name.
  public var manifest: PodManifest
  /// Each app's root file system, by the app's name.
  public var roots: [ACName: RootSource]
  /// Each app's streams; the null device by default.
  public var streams: [ACName: AppStreams]
  /// What the pod sees of networks.
  public var network: PodNetwork
  /// The pod's host name; `appc-` and the UUID by default.
  public var hostname: String?
  /// What apps find in AC_METADATA_URL.
  public var metadataURL: String
  /// What keeps apps in that is to be left out.
  public var exceptions: Set<ConfinementException>
  /// Locks of the caller's that pid 1 is to hold while the pod runs, such as leases on rendered trees.
  public var leases: [FileDescriptor]

  /// Makes a pod whose apps see a loopback interface and nothing else.
  public init(
    uuid: PodUUID = PodUUID(), manifest: PodManifest, roots: [ACName: RootSource],
    streams: [ACName: AppStreams] = [:], network: PodNetwork = .none, hostname: String? = nil,
    metadataURL: String = "", exceptions: Set<ConfinementException> = [], leases: [FileDescriptor] = []
  ) {
    self.uuid = uuid
    self.manifest = manifest
    self.roots = roots
    self.streams = streams
    self.network = network
    self.hostname = hostname
    self.metadataURL = metadataURL
    self.exceptions = exceptions
    self.leases = leases
  }
}

/// Where an app's root file system comes from.
public struct RootSource: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case overlay(FilePath)
    case direct(FilePath)
  }

  let value: Value

  /// A directory that stays as it is: the app writes into a layer of its own, which goes with the pod.
  public static func overlay(_ directory: FilePath) -> RootSource { RootSource(value: .overlay(directory)) }

  /// A directory that the app writes into.
  public static func direct(_ directory: FilePath) -> RootSource { RootSource(value: .direct(directory)) }

  var directory: FilePath {
    switch value {
    case .overlay(let path), .direct(let path): path
    }
  }

  var isOverlay: Bool {
    if case .overlay = value { true } else { false }
  }
}

/// An app's streams 0, 1 and 2; nil is the null device.
///
/// Pipes, sockets, regular files and terminals may be given; a directory is refused, for it would lead out of
/// the app's root. The pod uses copies: the caller's own stay open.
public struct AppStreams: Hashable, Sendable {
  /// Standard input.
  public var input: FileDescriptor?
  /// Standard output.
  public var output: FileDescriptor?
  /// Standard error.
  public var error: FileDescriptor?

  /// Makes streams; the null device by default.
  public init(input: FileDescriptor? = nil, output: FileDescriptor? = nil, error: FileDescriptor? = nil) {
    self.input = input
    self.output = output
    self.error = error
  }

  var all: [FileDescriptor?] { [input, output, error] }

  /// The same streams without the host's null device, in whose place the pod has its own: an app that runs as
  /// root can change the mode and owner of what it has open.
  var withoutNullDevice: AppStreams {
    AppStreams(input: Self.kept(input), output: Self.kept(output), error: Self.kept(error))
  }

  private static func kept(_ stream: FileDescriptor?) -> FileDescriptor? {
    var status = stat()
    guard let stream, fstat(stream.rawValue, &status) == 0 else { return stream }
    // Device 1:3.
    return status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == 0x103 ? nil : stream
  }
}

/// What a pod sees of networks.
public struct PodNetwork: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case none
    case host
  }

  let value: Value

  /// A network namespace with a loopback interface that is up.
  public static let none = PodNetwork(value: .none)
  /// The host's network namespace, its abstract sockets included.
  public static let host = PodNetwork(value: .host)
}

/// Something that keeps apps in, and may be left out for a pod that is trusted.
public struct ConfinementException: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case capabilities
    case paths
  }

  let value: Value

  /// Apps keep every capability.
  public static let capabilities = ConfinementException(value: .capabilities)
  /// No path of `/proc` or `/sys` is hidden or made read-only.
  public static let paths = ConfinementException(value: .paths)
}
