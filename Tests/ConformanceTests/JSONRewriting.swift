import AppcSchema

/// Changing values within a document.
extension JSONValue {
  /// The document with every value for which `change` gives another one replaced, the innermost first; nil if
  /// nothing changes.
  func rewritten(
    at path: [JSONPath.Component] = [], _ change: (JSONValue, [JSONPath.Component]) -> JSONValue?
  ) -> JSONValue? {
    var result = self
    switch self {
    case .array(let elements):
      result = .array(
        elements.enumerated().map { index, element in
          element.rewritten(at: path + [.index(index)], change) ?? element
        })
    case .object(let object):
      result = .object(
        JSONObject(
          object.map { member in
            let inner = path + [.key(JSONPath.ByteText(member.key))]
            return JSONObject.Member(
              key: member.key, value: member.value.rewritten(at: inner, change) ?? member.value)
          }))
    default: break
    }
    result = change(result, path) ?? result
    // Not with "?:", where nil would be JSON's null.
    if result == self { return nil }
    return result
  }

  /// Whether `matches` holds for the document or something in it.
  func contains(_ matches: (JSONValue, [JSONPath.Component]) -> Bool) -> Bool {
    var found = false
    _ = rewritten { value, path in
      found = found || matches(value, path)
      return nil
    }
    return found
  }
}

extension ConformanceCase {
  /// Where a manifest has a value of the case's type: what stands alone here has a key there.
  var home: [JSONPath.Component] {
    func list(_ key: String) -> [JSONPath.Component] { [.key(.init(key))] }
    func element(_ key: String) -> [JSONPath.Component] { list(key) + [.index(0)] }
    switch type {
    case "Annotations/json": return list("annotations")
    case "App/json": return list("app")
    case "AppList/json": return list("apps")
    case "Dependency/json": return element("dependencies")
    case "Environment/json": return list("environment")
    case "Exec/json": return list("exec")
    case "ExposedPort/json", "Port/json": return element("ports")
    case "Hash/json": return list("id")
    case "Isolator/json": return element("isolators")
    case "Isolators/json": return list("isolators")
    case "Labels/json": return list("labels")
    case "Mount/json": return element("mounts")
    case "MountPoint/json": return element("mountPoints")
    case "Quantity/json": return list("limit")
    case "RuntimeApp/json": return element("apps")
    case "RuntimeImage/json": return list("image")
    case "Volume/json": return element("volumes")
    default: return []
    }
  }

  /// The case with a changed document; nil if the input is none, or nothing changes.
  func rewriting(_ change: (JSONValue, [JSONPath.Component]) -> JSONValue?) -> ConformanceCase? {
    let home = home
    guard isJSON, let changed = document?.rewritten({ change($0, home + $1) }) else { return nil }
    return with(input: changed.description)
  }

  /// Whether something in the document matches.
  func contains(_ matches: (JSONValue, [JSONPath.Component]) -> Bool) -> Bool {
    let home = home
    return isJSON && (document?.contains { matches($0, home + $1) } ?? false)
  }
}
