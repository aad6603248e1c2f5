import CAppcLinux

/// The devices that a pod's apps may use, whatever nodes they find or make.
///
/// Everything else is refused.
struct DeviceRules: Hashable, Sendable {
  struct Rule: Hashable, Sendable {
    /// nil matches any.
    var major: UInt32?
    var minor: UInt32?
    /// `m`, `r` and `w`, as the v1 controller writes them.
    var access: String
  }

  var rules: [Rule]

  /// The nodes of rule I8, terminals of the pod's own devpts among them.
  static let standard = DeviceRules(rules: [
    Rule(major: 1, minor: 3, access: "rwm"),
    Rule(major: 1, minor: 5, access: "rwm"),
    Rule(major: 1, minor: 7, access: "rwm"),
    Rule(major: 1, minor: 8, access: "rwm"),
    Rule(major: 1, minor: 9, access: "rwm"),
    Rule(major: 5, minor: 0, access: "rwm"),
    Rule(major: 5, minor: 2, access: "rwm"),
    Rule(major: 136, minor: nil, access: "rwm"),
  ])

  /// The lines to write to a v1 `devices.allow`, after `a` to `devices.deny`.
  var allowLines: [String] {
    rules.map { rule in
      "c \(rule.major.map(String.init) ?? "*"):\(rule.minor.map(String.init) ?? "*") \(rule.access)"
    }
  }

  /// The rules as the v2 program's table: major, minor, access bits.
  var table: [UInt32] {
    rules.flatMap { rule in
      let access = rule.access.utf8.reduce(0 as UInt32) { bits, letter in
        switch letter {
        case UInt8(ascii: "m"): bits | 1
        case UInt8(ascii: "r"): bits | 2
        default: bits | 4
        }
      }
      return [rule.major ?? UInt32(APPC_ANY), rule.minor ?? UInt32(APPC_ANY), access]
    }
  }
}
