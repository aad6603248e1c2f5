extension Isolator {
  /// The value of an isolator, by what its name says it is.
  public enum Content: Hashable, Sendable {
    /// System calls that are blocked (J4).
    case seccompRemoveSet(SeccompSet)
    /// System calls that are allowed, all others are not (J5).
    case seccompRetainSet(SeccompSet)
    /// The SELinux context the app runs in (J6).
    case selinuxContext(SELinuxContext)
    /// The name of the AppArmor profile the app runs under (J7).
    case apparmorProfile(String)
    /// Capabilities taken from the default set (J8).
    case capabilitiesRemoveSet([String])
    /// The capabilities the app has, and no others (J9).
    case capabilitiesRetainSet([String])
    /// Whether processes can gain no rights by executing a program (J10).
    case noNewPrivileges(Bool)
    /// How readily the app is killed when memory runs out, -1000 to 1000 (J11).
    case oomScoreAdjustment(Int)
    /// The app's weight when processors are short, 2 to 262144 (J12).
    case cpuShares(Int)
    /// Bytes a second to and from block devices (J13).
    case blockBandwidth(ResourceRange)
    /// Operations a second on block devices (J14).
    case blockIOPS(ResourceRange)
    /// Processor cores (J15).
    case cpu(ResourceRange)
    /// Bytes of memory (J16).
    case memory(ResourceRange)
    /// Bytes a second on the network, the loopback device left out (J17).
    case networkBandwidth(ResourceRange)
    /// Kernel parameters of the pod (J18).
    case sysctl([SysctlSetting])
    /// An isolator that the specification does not know.
    case unknown(name: ACIdentifier, value: JSONValue)
  }

  /// The value of a seccomp isolator.
  public struct SeccompSet: Hashable, Sendable {
    /// Names of system calls, and wildcards such as `@appc.io/all`; not empty.
    @Bytewise public var set: [String]
    /// The error that a blocked call returns, for example "EPERM"; nil kills the process.
    @Bytewise public var errno: String?

    /// Creates a set.
    public init(set: [String], errno: String? = nil) {
      self.set = set
      self.errno = errno
    }
  }

  /// The value of an SELinux isolator.
  public struct SELinuxContext: Hashable, Sendable {
    /// The user.
    @Bytewise public var user: String
    /// The role.
    @Bytewise public var role: String
    /// The type.
    @Bytewise public var type: String
    /// The level; may hold ":".
    @Bytewise public var level: String

    /// Creates a context.
    public init(user: String, role: String, type: String, level: String) {
      self.user = user
      self.role = role
      self.type = type
      self.level = level
    }
  }

  /// One kernel parameter.
  public struct SysctlSetting: Hashable, Sendable {
    /// The parameter's name.
    @Bytewise public var key: String
    /// Its value.
    @Bytewise public var value: String

    /// Creates a setting.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// How much of a resource an app asks for and may have.
  public struct ResourceRange: Hashable, Sendable {
    /// What it is promised; nil means as much as the limit.
    public var request: Quantity?
    /// What it may not exceed; nil means there is no limit.
    public var limit: Quantity?

    /// Creates a range.
    public init(request: Quantity? = nil, limit: Quantity? = nil) {
      self.request = request
      self.limit = limit
    }
  }
}

extension Isolator.Content {
  static var seccompRemoveName: ACIdentifier { ACIdentifier(checkedText: "os/linux/seccomp-remove-set") }
  static var seccompRetainName: ACIdentifier { ACIdentifier(checkedText: "os/linux/seccomp-retain-set") }
  static var selinuxName: ACIdentifier { ACIdentifier(checkedText: "os/linux/selinux-context") }
  static var apparmorName: ACIdentifier { ACIdentifier(checkedText: "os/linux/apparmor-profile") }
  static var capabilitiesRemoveName: ACIdentifier {
    ACIdentifier(checkedText: "os/linux/capabilities-remove-set")
  }
  static var capabilitiesRetainName: ACIdentifier {
    ACIdentifier(checkedText: "os/linux/capabilities-retain-set")
  }
  static var noNewPrivilegesName: ACIdentifier { ACIdentifier(checkedText: "os/linux/no-new-privileges") }
  static var oomScoreName: ACIdentifier { ACIdentifier(checkedText: "os/linux/oom-score-adj") }
  static var cpuSharesName: ACIdentifier { ACIdentifier(checkedText: "os/linux/cpu-shares") }
  static var blockBandwidthName: ACIdentifier { ACIdentifier(checkedText: "resource/block-bandwidth") }
  static var blockIOPSName: ACIdentifier { ACIdentifier(checkedText: "resource/block-iops") }
  static var cpuName: ACIdentifier { ACIdentifier(checkedText: "resource/cpu") }
  static var memoryName: ACIdentifier { ACIdentifier(checkedText: "resource/memory") }
  static var networkBandwidthName: ACIdentifier { ACIdentifier(checkedText: "resource/network-bandwidth") }
  static var sysctlName: ACIdentifier { ACIdentifier(checkedText: "os/unix/sysctl") }

  private static let once: Set<ACIdentifier> = [
    seccompRemoveName, seccompRetainName, selinuxName, apparmorName, oomScoreName, cpuSharesName, sysctlName,
  ]
  private static let repeatable: Set<ACIdentifier> = [
    capabilitiesRemoveName, capabilitiesRetainName, noNewPrivilegesName, blockBandwidthName, blockIOPSName,
    cpuName, memoryName, networkBandwidthName,
  ]

  static func isKnown(_ name: ACIdentifier) -> Bool { once.contains(name) || repeatable.contains(name) }

  /// J3: which names the reference implementation lets an app have twice.
  ///
  /// Unknown ones are nobody's business.
  static func mayRepeat(_ name: String) -> Bool { !once.contains { $0.text.hasSameBytes(as: name) } }

  /// The name of the isolator that has this content.
  public var name: ACIdentifier {
    switch self {
    case .seccompRemoveSet: Self.seccompRemoveName
    case .seccompRetainSet: Self.seccompRetainName
    case .selinuxContext: Self.selinuxName
    case .apparmorProfile: Self.apparmorName
    case .capabilitiesRemoveSet: Self.capabilitiesRemoveName
    case .capabilitiesRetainSet: Self.capabilitiesRetainName
    case .noNewPrivileges: Self.noNewPrivilegesName
    case .oomScoreAdjustment: Self.oomScoreName
    case .cpuShares: Self.cpuSharesName
    case .blockBandwidth: Self.blockBandwidthName
    case .blockIOPS: Self.blockIOPSName
    case .cpu: Self.cpuName
    case .memory: Self.memoryName
    case .networkBandwidth: Self.networkBandwidthName
    case .sysctl: Self.sysctlName
    case .unknown(let name, _): name
    }
  }
}
