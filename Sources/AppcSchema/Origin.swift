/// The object that a value was read from, kept so that writing it again leaves what nobody touched as it was:
/// the members this library does not know, the order, and defaults that were spelt out.
///
/// Counts for equality only with its unknown members: two values that say the same are equal.
struct Origin: Hashable, Sendable {
  let members: JSONObject
  /// Positions of the members that are not of the schema.
  let unknown: [Int]

  /// The members that are not of the schema, in order.
  var unknownMembers: [JSONObject.Member] { unknown.map { members[$0] } }

  static func == (left: Origin, right: Origin) -> Bool {
    left.unknown.count == right.unknown.count
      && zip(left.unknown, right.unknown).allSatisfy { left.members[$0] == right.members[$1] }
  }

  func hash(into hasher: inout Hasher) {
    for position in unknown { hasher.combine(members[position]) }
  }
}

/// An origin that may be absent, in the equality of values: none is the same as one without unknown members.
struct OriginBox: Hashable, Sendable {
  var origin: Origin?

  static let none = OriginBox(origin: nil)

  var unknownMembers: [JSONObject.Member] { origin?.unknownMembers ?? [] }

  static func == (left: OriginBox, right: OriginBox) -> Bool {
    switch (left.origin, right.origin) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine == theirs
    case (let only?, nil), (nil, let only?): only.unknown.isEmpty
    }
  }

  func hash(into hasher: inout Hasher) {
    origin?.hash(into: &hasher)
  }
}

extension SchemaReader {
  /// Keeps `object` as the origin of a value that has the members `keys`.
  ///
  /// Keys count by their exact bytes: one that differs in case alone is unknown here while the reference
  /// implementation takes it for the real one, which deserves a warning (A17).
  mutating func origin(_ object: JSONObject, _ keys: [String]) -> OriginBox {
    var unknown: [Int] = []
    for (position, member) in object.enumerated() {
      if keys.contains(where: { $0.hasSameBytes(as: member.key) }) { continue }
      unknown.append(position)
      if let key = keys.first(where: { Self.differInCase($0, member.key) }) {
        at(member.key) { $0.warn("A17", "is ignored: the key is spelt \"\(key)\"") }
      }
    }
    return OriginBox(origin: Origin(members: object, unknown: unknown))
  }

  private static func differInCase(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && left.utf8.elementsEqual(right.utf8) { ASCII.lowercased($0) == ASCII.lowercased($1) }
  }
}
