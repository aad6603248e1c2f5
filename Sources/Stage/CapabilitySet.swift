import CAppcCap

/// A set of Linux capabilities, by number, as bits of 64.
public struct CapabilitySet: OptionSet, Hashable, Sendable, CustomStringConvertible {
  /// Bit n stands for capability n.
  public let rawValue: UInt64

  /// Takes a mask.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The capability of a name such as `CAP_CHOWN`, in either case.
  ///
  /// - Throws: ``StageError`` with `.capability` when libcap does not know the name.
  public init(name: String) throws(StageError) {
    var value: cap_value_t = 0
    guard cap_from_name(name.lowercased(), &value) == 0, (0..<64).contains(value) else {
      throw StageError(
        .capability, "limiting capabilities:", name,
        detail: "there is no such capability; see capabilities(7)")
    }
    rawValue = 1 << UInt64(value)
  }

  /// The union of the capabilities with these names.
  public init(names: some Sequence<String>) throws(StageError) {
    var set = CapabilitySet()
    for name in names { set.formUnion(try CapabilitySet(name: name)) }
    self = set
  }

  /// What an app keeps when its image says nothing (J20).
  public static let appcDefault = CapabilitySet(
    numbers: [
      CAP_AUDIT_WRITE, CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FSETID, CAP_FOWNER, CAP_KILL, CAP_MKNOD, CAP_NET_RAW,
      CAP_NET_BIND_SERVICE, CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_SETFCAP, CAP_SYS_CHROOT,
    ])

  /// Everything that the running kernel knows.
  public static var everything: CapabilitySet {
    let count = UInt64(max(0, min(63, cap_max_bits())))
    return CapabilitySet(rawValue: (1 << count) - 1)
  }

  /// Whether the calling process may use a capability now.
  static func isEffective(named name: String) -> Bool {
    var value: cap_value_t = 0
    guard cap_from_name(name, &value) == 0, let state = cap_get_proc() else { return false }
    defer { cap_free(UnsafeMutableRawPointer(state)) }
    var flag = CAP_CLEAR
    return cap_get_flag(state, value, CAP_EFFECTIVE, &flag) == 0 && flag == CAP_SET
  }

  private init(numbers: [Int32]) {
    rawValue = numbers.reduce(0) { $0 | 1 << UInt64($1) }
  }

  /// The names, in the order of their numbers.
  public var names: [String] {
    (0..<64).filter { rawValue >> UInt64($0) & 1 == 1 }.map { number in
      guard let name = cap_to_name(cap_value_t(number)) else { return "\(number)" }
      defer { cap_free(name) }
      return String(cString: name).uppercased()
    }
  }

  /// The names, or `none`.
  public var description: String { isEmpty ? "none" : names.joined(separator: " ") }
}
