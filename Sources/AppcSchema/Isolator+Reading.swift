extension Isolator.Content {
  /// Takes a value apart by its isolator's name, reporting what does not follow the rules of J.
  init?(name: ACIdentifier, _ node: JSONNode, _ reader: inout SchemaReader) {
    let content: Self?
    switch name {
    case Self.memoryName: content = Self.plain(node, "J16", &reader).map(Self.memory)
    case Self.cpuName: content = Self.plain(node, "J15", &reader).map(Self.cpu)
    case Self.capabilitiesRetainName:
      content = Self.capabilities(node, "J9", &reader).map(Self.capabilitiesRetainSet)
    case Self.capabilitiesRemoveName:
      content = Self.capabilities(node, "J8", &reader).map(Self.capabilitiesRemoveSet)
    case Self.noNewPrivilegesName: content = reader.bool(node, "J10").map(Self.noNewPrivileges)
    case Self.seccompRemoveName: content = Self.seccomp(node, &reader).map(Self.seccompRemoveSet)
    case Self.seccompRetainName: content = Self.seccomp(node, &reader).map(Self.seccompRetainSet)
    case Self.selinuxName: content = Self.selinux(node, &reader).map(Self.selinuxContext)
    case Self.apparmorName: content = Self.apparmor(node, &reader).map(Self.apparmorProfile)
    case Self.oomScoreName:
      content = reader.integer(node, "J11", in: -1000...1000).map(Self.oomScoreAdjustment)
    case Self.cpuSharesName: content = reader.integer(node, "J12", in: 2...262_144).map(Self.cpuShares)
    case Self.blockBandwidthName: content = Self.device(node, "J13", &reader).map(Self.blockBandwidth)
    case Self.blockIOPSName: content = Self.device(node, "J14", &reader).map(Self.blockIOPS)
    case Self.networkBandwidthName: content = Self.device(node, "J17", &reader).map(Self.networkBandwidth)
    case Self.sysctlName: content = Self.settings(node, &reader).map(Self.sysctl)
    default:
      reader.report(
        .note, "J2", at: node, "the isolator \"\(name)\" is not of the specification; it is kept")
      content = .unknown(name: name, value: reader.value(node))
    }
    guard let content else { return nil }
    self = content
  }

  private static func seccomp(_ node: JSONNode, _ reader: inout SchemaReader) -> Isolator.SeccompSet? {
    guard var fields = reader.fields(node, "J4") else { return nil }
    let set = reader.texts(&fields, "set", "J4")
    if set.isEmpty { reader.error("J4", at: node, "\"set\" must hold at least one name") }
    let errno = reader.optional(&fields, "errno").flatMap { self.errno($0, &reader) }
    reader.warnOfCase(fields, ["set", "errno"])
    return Isolator.SeccompSet(set: set, errno: errno)
  }

  private static func errno(_ node: JSONNode, _ reader: inout SchemaReader) -> String? {
    guard let name = reader.string(node, "J4"), !name.isEmpty else { return nil }
    let rest = name.utf8.dropFirst()
    let isName =
      name.utf8.first == UInt8(ascii: "E")
      && rest.allSatisfy { ASCII.isUpperLetter($0) || ASCII.isDigit($0) }
    if !isName { reader.error("J4", at: node, "\(quoted(name)) is no name of an error") }
    return name
  }

  private static func selinux(_ node: JSONNode, _ reader: inout SchemaReader) -> Isolator.SELinuxContext? {
    guard var fields = reader.fields(node, "J6") else { return nil }
    var parts: [String] = []
    for key in ["user", "role", "type", "level"] as [StaticString] {
      let part = reader.optional(&fields, key)
      let text = part.flatMap { reader.string($0, "J6") } ?? ""
      if text.isEmpty { reader.error("J6", at: part ?? node, "\"\(key)\" must not be empty") }
      if "\(key)" != "level", text.utf8.contains(ASCII.colon) {
        reader.error("J6", at: part ?? node, "\"\(key)\" must not hold \":\"")
      }
      parts.append(text)
    }
    reader.warnOfCase(fields, ["user", "role", "type", "level"])
    return Isolator.SELinuxContext(user: parts[0], role: parts[1], type: parts[2], level: parts[3])
  }

  private static func apparmor(_ node: JSONNode, _ reader: inout SchemaReader) -> String? {
    guard var fields = reader.fields(node, "J7") else { return nil }
    let profile = reader.string(&fields, "profile", "J7") ?? ""
    reader.warnOfCase(fields, ["profile"])
    if profile.isEmpty { reader.error("J7", at: node, "\"profile\" must not be empty") }
    return profile
  }

  /// The reference implementation checks no names; they are checked by who applies them, against the kernel.
  private static func capabilities(
    _ node: JSONNode, _ rule: String, _ reader: inout SchemaReader
  ) -> [String]? {
    guard var fields = reader.fields(node, rule) else { return nil }
    let names = reader.texts(&fields, "set", rule)
    reader.warnOfCase(fields, ["set"])
    if names.isEmpty { reader.error(rule, at: node, "\"set\" must hold at least one capability") }
    for name in names where !name.utf8.starts(with: "CAP_".utf8) {
      reader.warn(rule, at: node, "\(quoted(name)) is no capability: their names start with CAP_")
    }
    return names
  }

  /// Processor and memory: `default` must not be true.
  private static func plain(
    _ node: JSONNode, _ rule: String, _ reader: inout SchemaReader
  ) -> Isolator.ResourceRange? {
    guard var fields = reader.fields(node, rule) else { return nil }
    if let flag = reader.optional(&fields, "default"), reader.bool(flag, rule) ?? false {
      reader.error(rule, at: flag, "must not be true")
    }
    let range = Isolator.ResourceRange(
      request: quantity(&fields, "request", rule, &reader), limit: quantity(&fields, "limit", rule, &reader))
    reader.warnOfCase(fields, ["default", "request", "limit"])
    if range.request == nil, range.limit == nil {
      reader.warn("J19", at: node, "neither request nor limit is given")
    }
    return range
  }

  /// Bandwidths and operations: `default` must be true, and there is no request.
  private static func device(
    _ node: JSONNode, _ rule: String, _ reader: inout SchemaReader
  ) -> Isolator.ResourceRange? {
    guard var fields = reader.fields(node, rule) else { return nil }
    if reader.bool(&fields, "default", rule) != true {
      reader.error(rule, at: node, "\"default\" must be true")
    }
    if let request = reader.optional(&fields, "request") {
      reader.error(rule, at: request, "there is only a limit")
    }
    let limit = quantity(&fields, "limit", rule, &reader)
    reader.warnOfCase(fields, ["default", "request", "limit"])
    return Isolator.ResourceRange(limit: limit)
  }

  private static func quantity(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String, _ reader: inout SchemaReader
  ) -> Quantity? {
    guard let node = reader.optional(&fields, key) else { return nil }
    let quantity = reader.quantity(node)
    if let quantity, quantity.isNegative { reader.deviation(rule, at: node, "is negative") }
    return quantity
  }

  private static func settings(
    _ node: JSONNode, _ reader: inout SchemaReader
  ) -> [Isolator.SysctlSetting]? {
    guard reader.fields(node, "J18") != nil else { return nil }
    return reader.members(node, "J18") { key, value, reader in
      reader.string(value, "J18").map { Isolator.SysctlSetting(key: key, value: $0) }
    }
  }
}

extension SchemaReader {
  /// A quantity: a string or a number (A14).
  fileprivate mutating func quantity(_ node: JSONNode) -> Quantity? {
    let token = tokens[node.index]
    if token.kind == .plainString, let quantity = try? Quantity(token.text(in: bytes.span)) {
      return quantity
    }
    let value = value(node)
    return attempt("A13", at: node) { () throws(SchemaError) in try Quantity(json: value) }
  }
}
