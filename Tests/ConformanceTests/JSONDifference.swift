import AppcSchema

/// One place where two documents say something different; nil where one says nothing.
struct JSONDifference: Sendable, CustomStringConvertible {
  let path: JSONPath
  let ours: JSONValue?
  let theirs: JSONValue?

  var description: String {
    "\(path): \(theirs?.description ?? "nothing"), not \(ours?.description ?? "nothing")"
  }

  /// Every difference, but for the order of members, members that say nothing, and defaults that are spelt
  /// out.
  static func all(ours: JSONValue, theirs: JSONValue) -> [JSONDifference] {
    between(ours.isNull ? [] : ours.significant, theirs.isNull ? [] : theirs.significant, at: [])
  }

  private static func between(
    _ ours: JSONValue?, _ theirs: JSONValue?, at path: [JSONPath.Component]
  ) -> [JSONDifference] {
    if ours == theirs { return [] }
    switch (ours, theirs) {
    case (.object(let mine)?, .object(let other)?):
      let keys = mine.map(\.key) + other.map(\.key).filter { mine[$0] == nil }
      return keys.flatMap { between(mine[$0], other[$0], at: path + [.key(JSONPath.ByteText($0))]) }
    case (.array(let mine)?, .array(let other)?) where mine.count == other.count:
      return mine.indices.flatMap { between(mine[$0], other[$0], at: path + [.index($0)]) }
    default:
      return [JSONDifference(path: JSONPath(components: path), ours: ours, theirs: theirs)]
    }
  }
}

extension JSONValue {
  /// The value without members that say no more than their absence would.
  fileprivate var significant: JSONValue {
    switch self {
    case .array(let elements): return .array(elements.map(\.significant))
    case .object(let object):
      let members = object.map { member in
        JSONObject.Member(
          key: member.key,
          value: Self.literal.contains(member.key) ? member.value : member.value.significant)
      }
      return .object(
        JSONObject(members.filter { !$0.value.saysNothing && Self.defaults[$0.key] != $0.value }))
    default: return self
    }
  }

  /// Members whose values are anybody's own, where an empty text is not the same as none.
  private static let literal: Set<String> = ["userLabels", "userAnnotations", "value"]

  /// What the reference spells out and a reader takes for granted (E11, K5, J13).
  private static let defaults: [String: JSONValue] = [
    "count": 1, "socketActivated": false, "readOnly": false, "readOnlyRootFS": false, "mode": "0755",
    "uid": 0,
    "gid": 0, "default": false,
  ]

  private var saysNothing: Bool {
    switch self {
    case .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let object): object.isEmpty
    default: false
    }
  }
}

extension JSONPath {
  /// The last key on the way.
  var lastKey: String? { components.lastKey }

  /// The value that the path leads to, nil if it leads nowhere.
  func value(in root: JSONValue) -> JSONValue? {
    components.reduce(root) { value, component in
      switch component {
      case .key(let key): value?[key.text]
      case .index(let index): value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
    }
  }

  /// Every object on the way from the root to the value, the nearest first.
  func objects(in root: JSONValue) -> [JSONObject] {
    components.indices.map { JSONPath(components: Array(components[...$0])) }
      .compactMap { $0.value(in: root)?.object }
      .reversed() + [root.object].compactMap(\.self)
  }
}

extension [JSONPath.Component] {
  /// The last key among the steps.
  var lastKey: String? {
    for case .key(let key) in reversed() { return key.text }
    return nil
  }
}
