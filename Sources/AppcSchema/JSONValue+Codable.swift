extension JSONValue: Codable {
  private struct MemberKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Decodes any JSON value.
  ///
  /// Members come in the order of the coder's keys, numbers as the coder knows them: whole numbers of 64 bits
  /// exactly, others as the nearest `Double`.
  public init(from decoder: any Decoder) throws {
    guard decoder.codingPath.count <= JSONLimits.maximumDepth else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "the value nests too deep"))
    }
    if let container = try? decoder.container(keyedBy: MemberKey.self) {
      self = try Self.object(container)
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !container.isAtEnd { elements.append(try container.decode(JSONValue.self)) }
      self = .array(elements)
    } else {
      self = try Self.scalar(decoder.singleValueContainer())
    }
  }

  private static func object(_ container: KeyedDecodingContainer<MemberKey>) throws -> JSONValue {
    let members = try container.allKeys.map { key in
      JSONObject.Member(key: key.stringValue, value: try container.decode(JSONValue.self, forKey: key))
    }
    return .object(JSONObject(members))
  }

  private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let value = try? container.decode(Bool.self) { return .bool(value) }
    if let text = try? container.decode(String.self) { return .string(text) }
    if let value = try? container.decode(Int64.self) { return .integer(value) }
    if let value = try? container.decode(UInt64.self) { return .integer(value) }
    let value = try container.decode(Double.self)
    guard let number = JSONNumber("\(value)") else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(value) is no JSON number")
    }
    return .number(number)
  }

  /// Encodes the value; a number that is neither a whole number of 64 bits nor a finite `Double` is an
  /// `EncodingError`.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      var container = encoder.container(keyedBy: MemberKey.self)
      for member in object { try container.encode(member.value, forKey: MemberKey(stringValue: member.key)) }
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    default:
      var container = encoder.singleValueContainer()
      try encodeScalar(&container)
    }
  }

  private func encodeScalar(_ container: inout any SingleValueEncodingContainer) throws {
    switch self {
    case .bool(let value): try container.encode(value)
    case .string(let text): try container.encode(text)
    case .number(let number):
      if let value = number.integer(as: Int64.self) {
        try container.encode(value)
      } else if let value = number.integer(as: UInt64.self) {
        try container.encode(value)
      } else if let value = Double(number.text), value.isFinite {
        try container.encode(value)
      } else {
        throw EncodingError.invalidValue(
          number.text,
          .init(codingPath: container.codingPath, debugDescription: "the number does not fit a Double"))
      }
    default: try container.encodeNil()
    }
  }
}
