/// Builds the object of a value: canonical for a value that was made, and as close as possible to its origin
/// for one that was read.
struct ObjectWriter {
  private struct Field {
    var key: String
    /// nil: the canonical form leaves the member out.
    var value: JSONValue?
    /// Texts that mean the same as leaving the member out.
    var defaults: [JSONValue]
    /// Whether an empty container says something else than nothing at all.
    var isAnyValue = false

    /// Whether a member of the origin says no more than its absence would.
    func denotesDefault(_ value: JSONValue) -> Bool {
      switch value {
      case .null: true
      case _ where isAnyValue: false
      case .array(let elements) where elements.isEmpty: true
      case .object(let object) where object.isEmpty: true
      default: defaults.contains(value)
      }
    }

    var isDefault: Bool { value.map(denotesDefault) ?? true }
  }

  private let origin: Origin?
  private var fields: [Field] = []

  init(_ box: OriginBox) {
    origin = box.origin
  }

  /// The member `key` with its value, nil if the canonical form leaves it out.
  mutating func put(_ key: String, _ value: JSONValue?, defaults: [JSONValue] = []) {
    fields.append(Field(key: key, value: value, defaults: defaults))
  }

  /// A value of any kind, all of which differ.
  mutating func put(_ key: String, any value: JSONValue) {
    fields.append(Field(key: key, value: value, defaults: [], isAnyValue: true))
  }

  /// A list that is left out when empty.
  mutating func put(_ key: String, list: [JSONValue]) {
    put(key, list.isEmpty ? nil : .array(list))
  }

  /// A flag that is left out when false.
  mutating func put(_ key: String, flag: Bool) {
    put(key, flag ? true : nil, defaults: [false])
  }

  func finish() -> JSONValue {
    guard let origin else {
      return .object(
        JSONObject(
          distinctMembers: fields.compactMap { field in
            field.value.map { JSONObject.Member(key: field.key, value: $0) }
          }))
    }
    var placed = Set<Int>()
    var members: [JSONObject.Member] = []
    var unknown = origin.unknownMembers[...]
    for member in origin.members {
      if let next = unknown.first, next.key.hasSameBytes(as: member.key) {
        unknown.removeFirst()
        members.append(member)
      } else if let index = fields.firstIndex(where: { $0.key.hasSameBytes(as: member.key) }) {
        placed.insert(index)
        if let value = Self.merged(fields[index], with: member.value) {
          members.append(JSONObject.Member(key: member.key, value: value))
        }
      }
      // What is left are names of earlier versions, whose content is written under today's.
    }
    for (index, field) in fields.enumerated() where !placed.contains(index) && !field.isDefault {
      if let value = field.value { members.append(JSONObject.Member(key: field.key, value: value)) }
    }
    return .object(JSONObject(distinctMembers: members))
  }

  /// What becomes of a member of the origin, nil if it goes.
  private static func merged(_ field: Field, with old: JSONValue) -> JSONValue? {
    field.isDefault && field.denotesDefault(old) ? old : field.value
  }
}

/// A value of the schema that is a JSON object.
protocol SchemaObject {
  /// Reads the value; nil if something it cannot do without is missing or wrong, which has been reported
  /// then.
  init?(_ node: JSONNode, _ reader: inout SchemaReader)
  /// The value as JSON.
  var json: JSONValue { get }
}
