/// The object that a value was read from, kept so that writing it again leaves what nobody touched as it was:
/// the members this library does not know, the order, and defaults that were spelt out.
///
/// Counts for equality only with its unknown members: two values that say the same are equal.
struct Origin: Hashable, Sendable {
  let document: JSONDocument
  /// The object's token.
  let object: Int
  /// The tokens of the keys that are not of the schema.
  let unknown: [Int32]

  /// All members, in order.
  var members: JSONObject { document.object(at: object) }

  /// The members that are not of the schema, in order.
  var unknownMembers: [JSONObject.Member] {
    unknown.map { key in
      JSONObject.Member(key: document.text(at: Int(key)), value: document.value(at: Int(key) + 1))
    }
  }

  static func == (left: Origin, right: Origin) -> Bool {
    left.unknown.count == right.unknown.count
      && (left.unknown.isEmpty || left.unknownMembers == right.unknownMembers)
  }

  func hash(into hasher: inout Hasher) {
    for member in unknownMembers { hasher.combine(member) }
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
  /// Keeps an object as the origin of the value that has been read from it.
  ///
  /// A key that differs from one of `keys` in case alone is unknown here while the reference implementation
  /// takes it for the real one, which deserves a warning (A17).
  mutating func origin(
    _ fields: ObjectFields, _ keys: @autoclosure () -> [StaticString]
  ) -> OriginBox {
    let unknown = fields.rest(self)
    if !unknown.isEmpty { warnOfCase(unknown, keys()) }
    return OriginBox(origin: Origin(document: document, object: fields.object.index, unknown: unknown))
  }

  /// The same warning for an object of which nothing is kept.
  mutating func warnOfCase(_ fields: ObjectFields, _ keys: @autoclosure () -> [StaticString]) {
    let unknown = fields.rest(self)
    if !unknown.isEmpty { warnOfCase(unknown, keys()) }
  }

  private mutating func warnOfCase(_ unknown: [Int32], _ keys: [StaticString]) {
    for key in unknown {
      let text = document.text(at: Int(key))
      guard let known = keys.first(where: { Self.differInCase("\($0)", text) }) else { continue }
      warn("A17", at: JSONNode(index: Int(key) + 1), "is ignored: the key is spelt \"\(known)\"")
    }
  }

  private static func differInCase(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && left.utf8.elementsEqual(right.utf8) { ASCII.lowercased($0) == ASCII.lowercased($1) }
  }
}
