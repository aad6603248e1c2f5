public import SystemPackage

/// Everything that will be done to start a pod, as data: what pid 1 is handed, what it does, and each app.
///
/// A plan is pure: it can be made, printed and compared without any right. Stage compiles it to the bytes that
/// StageInit executes in order; when a step fails, its index comes back and becomes that step's sentence.
public struct LaunchPlan: Hashable, Sendable {
  /// A number in the plan's table of descriptors.
  public struct DescriptorIndex: Hashable, Sendable {
    let value: UInt32

    init(_ value: UInt32) { self.value = value }
  }

  /// Something the launcher opens for pid 1.
  ///
  /// No path of the host enters the pod: only these.
  public enum Descriptor: Hashable, Sendable {
    /// The pod's lock, held by pid 1 for as long as it lives.
    case lock
    /// A lock of the caller's, such as a lease on a rendered tree, kept likewise.
    case lease(Int)
    /// A detached clone of the pod's `apps` directory, for the apps' status.
    case appsDirectory
    /// The `tasks` file of the pod's, or of an app's, v1 control group.
    case tasks(controller: String, app: String?)
    /// An app's v2 control group.
    case appCgroup(String)
    /// A detached clone of an app's root tree.
    case root(String)
    /// A detached clone of `apps/<name>`, with `upper` and `work`.
    case writable(String)
    /// A detached clone of a volume's source, made for one mount.
    case volume(VolumeUse)
    /// One of an app's streams 0, 1 and 2.
    case stream(app: String, number: Int)
  }

  /// A volume as one app mounts it.
  public struct VolumeUse: Hashable, Sendable {
    /// The volume's name.
    public var volume: String
    /// The app that mounts it.
    public var app: String
    /// The source on the host; nil for an empty volume of the pod.
    public var source: FilePath?
    /// Whether it is a directory rather than a single file.
    public var isDirectory: Bool
    /// Where, in the app's root.
    public var target: [UInt8]
    /// Whether writes are refused.
    public var readOnly: Bool
    /// Whether what is mounted beneath the source comes along.
    public var recursive: Bool
  }

  /// A step of the pod.
  public enum PodStep: Hashable, Sendable {
    /// Pid 1 enters a v1 control group by itself; a parent that moves it waits 10 ms.
    case joinCgroup(DescriptorIndex, controller: String)
    /// A file of the host's `/proc`, written before the host's mounts are left.
    case writeFile(path: [UInt8], content: [UInt8])
    /// Every mount of the host is gone; a small tmpfs is the root.
    case scratchRoot
    /// The loopback interface is up.
    case loopbackUp
    /// The pod's host name.
    case hostname([UInt8])
  }

  /// A step of an app, in a mount namespace of its own.
  ///
  /// Targets are paths in the app's root.
  public enum AppStep: Hashable, Sendable {
    /// The app's process enters a v1 control group of its own.
    case joinCgroup(DescriptorIndex, controller: String)
    /// A cgroup namespace whose root is where the app is now.
    case cgroupNamespace
    /// The root: a writable layer over a tree.
    case overlayRoot(lower: DescriptorIndex, writable: DescriptorIndex, attributes: MountAttributes)
    /// The root: a tree as it is.
    case bindRoot(DescriptorIndex, attributes: MountAttributes)
    /// A directory is there; an `own` one even where the image has a link.
    case directory([UInt8], mode: UInt32, own: Bool)
    /// Something is there to mount a single file on.
    case file([UInt8])
    /// A new file system.
    case mount(type: String, target: [UInt8], attributes: MountAttributes, options: [MountOption])
    /// A detached tree is attached.
    case attach(DescriptorIndex, volume: String, target: [UInt8], isDirectory: Bool)
    /// A character device.
    case device([UInt8], major: UInt32, minor: UInt32, mode: UInt32)
    /// A symbolic link.
    case symlink([UInt8], to: [UInt8])
    /// A tree is made read-only, if it is there.
    case readOnly([UInt8])
    /// A path is hidden, if it is there.
    case mask([UInt8])
    /// A file in a file system that this plan has just mounted.
    case writeOwnFile([UInt8], content: [UInt8])
    /// The root's own mount is restricted, once everything has been mounted on it.
    case restrictRoot(MountAttributes)
    /// The app's root becomes its `/`, and nothing else is left.
    case enterRoot
  }

  /// An option of a new file system; an empty value is a flag.
  public struct MountOption: Hashable, Sendable {
    /// The option's name.
    public var key: String
    /// Its value.
    public var value: String
  }

  /// Restrictions of a mount, with the kernel's `MOUNT_ATTR_` values.
  public struct MountAttributes: OptionSet, Hashable, Sendable {
    /// The kernel's bits.
    public let rawValue: UInt32

    /// Takes the kernel's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Writes are refused.
    public static let readOnly = MountAttributes(rawValue: 1)
    /// Set-user-ID bits and file capabilities have no effect.
    public static let noSetUserID = MountAttributes(rawValue: 2)
    /// Device nodes cannot be opened.
    public static let noDevices = MountAttributes(rawValue: 4)
    /// Nothing can be executed.
    public static let noExecution = MountAttributes(rawValue: 8)
  }

  /// An app's process: what the one routine that starts every process applies.
  public struct Process: Hashable, Sendable {
    /// The user it runs as, 0 to 2^32 - 2.
    public var uid: UInt32
    /// The group it runs as.
    public var gid: UInt32
    /// Its supplementary groups.
    public var groups: [UInt32]
    /// What remains in its bounding set.
    public var capabilities: CapabilitySet
    /// Whether exec can never give it more rights.
    public var noNewPrivileges: Bool
    /// The v2 control group it is started in.
    public var cgroup: DescriptorIndex?
    /// Streams 0, 1 and 2; nil is the null device.
    public var streams: [DescriptorIndex?]
    /// Where it starts.
    public var workingDirectory: [UInt8]
    /// The paths that exec tries, in order.
    public var candidates: [[UInt8]]
    /// Its arguments, the program's name first.
    public var arguments: [[UInt8]]
    /// Its environment, each `name=value`.
    public var environment: [[UInt8]]
  }

  /// An app of the pod.
  public struct App: Hashable, Sendable {
    /// Its name in the pod.
    public var name: String
    /// What its file system is put together from.
    public var steps: [AppStep]
    /// Its process.
    public var process: Process
  }

  /// What pid 1 finds open, in order.
  public internal(set) var descriptors: [Descriptor] = []
  /// How many of them, from the front, pid 1 keeps while apps run.
  public internal(set) var keptDescriptors = 0
  /// The pod's steps.
  public internal(set) var podSteps: [PodStep] = []
  /// The apps, in the order in which they start.
  public internal(set) var apps: [App] = []
  /// Whether the pod has a network namespace of its own.
  public internal(set) var ownNetwork = true
  /// What a reader of the plan should know: hidden directories, limits that cannot be enforced here.
  public internal(set) var warnings: [String] = []

  /// The index of a descriptor, which is added if it is not in the table yet.
  mutating func index(of descriptor: Descriptor) -> DescriptorIndex {
    if let known = descriptors.firstIndex(of: descriptor) { return DescriptorIndex(UInt32(known)) }
    descriptors.append(descriptor)
    return DescriptorIndex(UInt32(descriptors.count - 1))
  }
}
