import AppcSchema

extension CaseType {
  /// Whole documents (D, L).
  static let manifests: [String: Reader] = [
    "ImageManifest/json": { test, mode in
      let manifest = try ImageManifest.read(Array(test.input.utf8), mode: mode).value
      return Answer(form: manifest.json.description)
    },
    "PodManifest/json": { test, mode in
      let manifest = try PodManifest.read(Array(test.input.utf8), mode: mode).value
      return Answer(form: manifest.json.description)
    },
    "ImageManifest/json+blank": { test, mode in
      let filled = try filled(test.input, "ImageManifest")
      return Answer(form: try ImageManifest(json: filled, mode: mode).json.description)
    },
    "PodManifest/json+blank": { test, mode in
      let filled = try filled(test.input, "PodManifest")
      return Answer(form: try PodManifest(json: filled, mode: mode).json.description)
    },
  ]

  /// N3: a document laid over a blank one of a kind, whose version is this library's.
  private static func filled(_ text: String, _ kind: String) throws -> JSONValue {
    guard var object = try JSONValue.parse(text).object else { throw Refusal("not an object") }
    object["acKind"] = object["acKind"] ?? .string(kind)
    object["acVersion"] = object["acVersion"] ?? SemanticVersion.current.json
    return .object(object)
  }
}
