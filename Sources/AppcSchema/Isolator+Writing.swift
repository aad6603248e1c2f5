extension Isolator.Content {
  /// The value as an isolator holds it.
  var json: JSONValue {
    switch self {
    case .seccompRemoveSet(let set), .seccompRetainSet(let set): Self.json(set)
    case .selinuxContext(let context):
      [
        "user": .string(context.user), "role": .string(context.role), "type": .string(context.type),
        "level": .string(context.level),
      ]
    case .apparmorProfile(let profile): ["profile": .string(profile)]
    case .capabilitiesRemoveSet(let names), .capabilitiesRetainSet(let names):
      ["set": .array(names.map(JSONValue.string))]
    case .noNewPrivileges(let flag): .bool(flag)
    case .oomScoreAdjustment(let number), .cpuShares(let number): .integer(number)
    case .cpu(let range), .memory(let range): Self.json(range, isDefault: false)
    case .blockBandwidth(let range), .blockIOPS(let range), .networkBandwidth(let range):
      Self.json(range, isDefault: true)
    case .sysctl(let settings): Self.json(settings)
    case .unknown(_, let value): value
    }
  }

  private static func json(_ set: Isolator.SeccompSet) -> JSONValue {
    var writer = ObjectWriter(.none)
    writer.put("set", .array(set.set.map(JSONValue.string)))
    writer.put("errno", set.errno.map(JSONValue.string))
    return writer.finish()
  }

  private static func json(_ range: Isolator.ResourceRange, isDefault: Bool) -> JSONValue {
    var writer = ObjectWriter(.none)
    writer.put("default", flag: isDefault)
    writer.put("request", (range.request?.description).map(JSONValue.string))
    writer.put("limit", (range.limit?.description).map(JSONValue.string))
    return writer.finish()
  }

  private static func json(_ settings: [Isolator.SysctlSetting]) -> JSONValue {
    .object(JSONObject(settings.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }))
  }
}

extension [Isolator] {
  /// The first isolator of a name.
  public func first(named name: ACIdentifier) -> Isolator? { first { $0.name == name } }

  /// The capabilities an app is to keep, nil if nothing says so.
  ///
  /// Of several sets what they have in common.
  public var capabilitiesRetain: [String]? {
    let sets = compactMap { isolator -> [String]? in
      if case .capabilitiesRetainSet(let names)? = isolator.content { names } else { nil }
    }
    guard let first = sets.first else { return nil }
    let others = sets.dropFirst().map { Set($0.map(ByteKey.init)) }
    return first.filter { name in others.allSatisfy { $0.contains(ByteKey(name)) } }
  }

  /// The capabilities to take from the default set, nil if nothing says so.
  ///
  /// Of several sets all together.
  public var capabilitiesRemove: [String]? {
    let sets = compactMap { isolator -> [String]? in
      if case .capabilitiesRemoveSet(let names)? = isolator.content { names } else { nil }
    }
    return sets.isEmpty ? nil : sets.flatMap(\.self)
  }

  /// Whether processes may gain no rights by executing a program.
  public var noNewPrivileges: Bool {
    contains { $0.content == .noNewPrivileges(true) }
  }

  /// Bytes of memory; of several the smallest.
  public var memory: Isolator.ResourceRange? {
    smallest { if case .memory(let range)? = $0.content { range } else { nil } }
  }

  /// Processor cores; of several the smallest.
  public var cpu: Isolator.ResourceRange? {
    smallest { if case .cpu(let range)? = $0.content { range } else { nil } }
  }

  private func smallest(_ range: (Isolator) -> Isolator.ResourceRange?) -> Isolator.ResourceRange? {
    let ranges = compactMap(range)
    guard !ranges.isEmpty else { return nil }
    return Isolator.ResourceRange(
      request: ranges.compactMap(\.request).min(), limit: ranges.compactMap(\.limit).min())
  }
}
