extension Isolator.Content {
  /// Takes a value apart by its isolator's name, reporting what does not follow the rules of J.
  init?(name: ACIdentifier, value: JSONValue, _ reader: inout SchemaReader) {
    var content: Self?
    switch name {
    case Self.seccompRemoveName: content = Self.seccomp(value, &reader).map(Self.seccompRemoveSet)
    case Self.seccompRetainName: content = Self.seccomp(value, &reader).map(Self.seccompRetainSet)
    case Self.selinuxName: content = Self.selinux(value, &reader).map(Self.selinuxContext)
    case Self.apparmorName: content = Self.apparmor(value, &reader).map(Self.apparmorProfile)
    case Self.capabilitiesRemoveName:
      content = Self.capabilities(value, "J8", &reader).map(Self.capabilitiesRemoveSet)
    case Self.capabilitiesRetainName:
      content = Self.capabilities(value, "J9", &reader).map(Self.capabilitiesRetainSet)
    case Self.noNewPrivilegesName:
      content = value.bool.map(Self.noNewPrivileges)
      if content == nil { reader.error("J10", "must be true or false, not \(value.kindName)") }
    case Self.oomScoreName:
      content = reader.integer(value, "J11", in: -1000...1000).map(Self.oomScoreAdjustment)
    case Self.cpuSharesName: content = reader.integer(value, "J12", in: 2...262_144).map(Self.cpuShares)
    case Self.blockBandwidthName: content = Self.device(value, "J13", &reader).map(Self.blockBandwidth)
    case Self.blockIOPSName: content = Self.device(value, "J14", &reader).map(Self.blockIOPS)
    case Self.networkBandwidthName: content = Self.device(value, "J17", &reader).map(Self.networkBandwidth)
    case Self.cpuName: content = Self.plain(value, "J15", &reader).map(Self.cpu)
    case Self.memoryName: content = Self.plain(value, "J16", &reader).map(Self.memory)
    case Self.sysctlName: content = Self.settings(value, &reader).map(Self.sysctl)
    default:
      reader.report(.note, "J2", "the isolator \"\(name)\" is not of the specification; it is kept")
      content = .unknown(name: name, value: value)
    }
    guard let content else { return nil }
    self = content
  }

  private static func seccomp(_ value: JSONValue, _ reader: inout SchemaReader) -> Isolator.SeccompSet? {
    guard let object = reader.object(value, "J4") else { return nil }
    let set = reader.texts(object, "set", "J4")
    if set.isEmpty { reader.at("set") { $0.error("J4", "must hold at least one name") } }
    let errno = reader.string(object, "errno", "J4").flatMap { $0.isEmpty ? nil : $0 }
    if let errno {
      let rest = errno.utf8.dropFirst()
      let isName =
        errno.utf8.first == UInt8(ascii: "E")
        && rest.allSatisfy { ASCII.isUpperLetter($0) || ASCII.isDigit($0) }
      if !isName { reader.at("errno") { $0.error("J4", "\(quoted(errno)) is no name of an error") } }
    }
    return Isolator.SeccompSet(set: set, errno: errno)
  }

  private static func selinux(_ value: JSONValue, _ reader: inout SchemaReader) -> Isolator.SELinuxContext? {
    guard let object = reader.object(value, "J6") else { return nil }
    var parts: [String] = []
    for key in ["user", "role", "type", "level"] {
      let text = reader.string(object, key, "J6") ?? ""
      if text.isEmpty { reader.at(key) { $0.error("J6", "must not be empty") } }
      if key != "level", text.utf8.contains(ASCII.colon) {
        reader.at(key) { $0.error("J6", "must not hold \":\"") }
      }
      parts.append(text)
    }
    return Isolator.SELinuxContext(user: parts[0], role: parts[1], type: parts[2], level: parts[3])
  }

  private static func apparmor(_ value: JSONValue, _ reader: inout SchemaReader) -> String? {
    guard let object = reader.object(value, "J7") else { return nil }
    let profile = reader.string(object, "profile", "J7") ?? ""
    if profile.isEmpty { reader.at("profile") { $0.error("J7", "must not be empty") } }
    return profile
  }

  /// The reference implementation checks no names; they are checked by who applies them, against the kernel.
  private static func capabilities(
    _ value: JSONValue, _ rule: String, _ reader: inout SchemaReader
  ) -> [String]? {
    guard let object = reader.object(value, rule) else { return nil }
    let names = reader.texts(object, "set", rule)
    if names.isEmpty { reader.at("set") { $0.error(rule, "must hold at least one capability") } }
    for name in names where !name.utf8.starts(with: "CAP_".utf8) {
      reader.at("set") { $0.warn(rule, "\(quoted(name)) is no capability: their names start with CAP_") }
    }
    return names
  }

  /// Processor and memory: `default` must not be true.
  private static func plain(
    _ value: JSONValue, _ rule: String, _ reader: inout SchemaReader
  ) -> Isolator.ResourceRange? {
    guard let object = reader.object(value, rule) else { return nil }
    if reader.bool(object, "default", rule) ?? false {
      reader.at("default") { $0.error(rule, "must not be true") }
    }
    let range = Isolator.ResourceRange(
      request: quantity(object, "request", rule, &reader), limit: quantity(object, "limit", rule, &reader))
    if range.request == nil, range.limit == nil { reader.warn("J19", "neither request nor limit is given") }
    return range
  }

  /// Bandwidths and operations: `default` must be true, and there is no request.
  private static func device(
    _ value: JSONValue, _ rule: String, _ reader: inout SchemaReader
  ) -> Isolator.ResourceRange? {
    guard let object = reader.object(value, rule) else { return nil }
    if reader.bool(object, "default", rule) != true {
      reader.at("default") { $0.error(rule, "must be true") }
    }
    if reader.optional(object, "request") != nil {
      reader.at("request") { $0.error(rule, "there is only a limit") }
    }
    return Isolator.ResourceRange(limit: quantity(object, "limit", rule, &reader))
  }

  private static func quantity(
    _ object: JSONObject, _ key: String, _ rule: String, _ reader: inout SchemaReader
  ) -> Quantity? {
    guard let value = reader.optional(object, key) else { return nil }
    return reader.at(key) { reader in
      let quantity = reader.attempt("A13") { () throws(SchemaError) in try Quantity(json: value) }
      if let quantity, quantity.isNegative { reader.deviation(rule, "is negative") }
      return quantity
    }
  }

  private static func settings(
    _ value: JSONValue, _ reader: inout SchemaReader
  ) -> [Isolator.SysctlSetting]? {
    guard let object = reader.object(value, "J18") else { return nil }
    return object.compactMap { member in
      let text = reader.at(member.key) { $0.string(member.value, "J18") }
      return text.map { Isolator.SysctlSetting(key: member.key, value: $0) }
    }
  }
}
