extension Isolator {
  /// The name of an isolator.
  ///
  /// 0.1.1 wrote some in camel case, `blockIO/readBandwidth`; later versions put hyphens in.
  static func name(_ node: JSONNode, _ reader: inout SchemaReader) -> ACIdentifier? {
    guard reader.isEarlier(than: SemanticVersion(0, 2, 0)), reader.isString(node) else {
      return reader.identifier(node, "A12")
    }
    let text = reader.document.text(at: node.index)
    let hyphenated = String(decoding: hyphenated(text.utf8), as: UTF8.self)
    guard !hyphenated.hasSameBytes(as: text), let name = try? ACIdentifier(hyphenated) else {
      return reader.identifier(node, "A12")
    }
    reader.upgrade(at: node, "the name \(quoted(text)) is read as \"\(name)\"")
    return name
  }

  /// A hyphen between a small letter and a capital, and no capitals.
  private static func hyphenated(_ text: String.UTF8View) -> [UInt8] {
    var bytes: [UInt8] = []
    var isAfterSmall = false
    for byte in text {
      if isAfterSmall, ASCII.isUpperLetter(byte) { bytes.append(ASCII.minus) }
      bytes.append(ASCII.lowercased(byte))
      isAfterSmall = ASCII.isLowerLetter(byte)
    }
    return bytes
  }

  /// Converts an isolator of an earlier version to what it has become; nil if there is nothing to convert.
  ///
  /// Up to 0.3 isolators were pairs of texts: `memory/limit` "1G". What has no counterpart today (`cpu/mask`,
  /// limits for one device, `private-network`) stays as it is, an isolator nobody knows.
  static func upgraded(
    name: ACIdentifier, value: JSONValue, at node: JSONNode, _ reader: inout SchemaReader
  ) -> (name: ACIdentifier, value: JSONValue)? {
    // Strict reading refuses a number of processors that meant something else when it was written.
    guard reader.mode == .tolerant || name == Content.cpuName,
      reader.version < SemanticVersion(0, 7, 0) || !name.text.utf8.starts(with: "resource/".utf8)
    else { return nil }
    let result: (name: ACIdentifier, value: JSONValue)?
    switch name {
    case "os/linux/capabilities-revoke-set": result = (Content.capabilitiesRemoveName, value)
    case "memory/limit":
      result = value.string.flatMap(bytes(ofLegacy:)).map {
        (Content.memoryName, ["limit": .string($0.description)])
      }
    case "cpu/shares":
      let shares = value.string.flatMap { Int($0) }
      result = shares.map { (Content.cpuSharesName, .integer($0)) }
    case "capabilities/bounding-set":
      let names = value.string?.utf8.split(separator: ASCII.space).map {
        JSONValue.string(String(decoding: $0, as: UTF8.self))
      }
      result = names.map { (Content.capabilitiesRetainName, ["set": .array($0)]) }
    case Content.cpuName where reader.version < SemanticVersion(0, 7, 0): result = cores(ofLegacy: value)
    default: result = nil
    }
    guard let result else { return nil }
    guard Isolator(name: result.name, value: result.value).content != nil else {
      reader.warn("V", at: node, "\(name) cannot be read as \(result.name); it is kept as it is")
      return nil
    }
    reader.upgrade(
      at: node,
      "\(name) \(quoted(value.description)) is read as \(result.name) \(quoted(result.value.description))")
    return result
  }

  /// Before 0.4 the suffixes of memory were powers of 1024 whatever their case.
  private static func bytes(ofLegacy text: String) -> Quantity? {
    guard let last = text.utf8.last else { return nil }
    let isPlain = ASCII.isDigit(last)
    return try? Quantity(isPlain ? text : text + "i")
  }

  /// Before 0.7 processors were counted in thousandths of a core.
  ///
  /// A plain number may mean either; a suffix says which.
  private static func cores(ofLegacy value: JSONValue) -> (name: ACIdentifier, value: JSONValue)? {
    guard case .object(var object) = value else { return nil }
    var changed = false
    for key in ["request", "limit"] {
      guard let text = object[key].flatMap(plainNumber) else { continue }
      object[key] = .string(text + "m")
      changed = true
    }
    return changed ? (Content.cpuName, .object(object)) : nil
  }

  /// Whether it has a plain number of processors, which would be one of thousandths in a document before 0.7.
  var countsCores: Bool {
    name == Content.cpuName
      && ["request", "limit"].contains { value[$0].flatMap(Self.plainNumber) != nil }
  }

  private static func plainNumber(_ value: JSONValue) -> String? {
    guard let text = value.string ?? value.number?.text, !text.isEmpty else { return nil }
    return text.utf8.allSatisfy(ASCII.isDigit) ? text : nil
  }
}
