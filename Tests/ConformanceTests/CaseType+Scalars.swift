import AppcSchema

extension CaseType {
  /// Names, IDs, versions, dates and addresses (A1 to A11).
  static let scalars: [String: Reader] = [
    "ACIdentifier": { test, mode in Answer(form: try ACIdentifier(test.input, mode: mode).text) },
    "ACName": { test, mode in Answer(form: try ACName(test.input, mode: mode).text) },
    "SanitizeACIdentifier": { test, _ in Answer(form: try ACIdentifier.sanitized(test.input).text) },
    "SanitizeACName": { test, _ in Answer(form: try ACName.sanitized(test.input).text) },
    "UUID/string": { test, mode in Answer(form: try PodUUID(test.input, mode: mode).description) },
    "ACIdentifier/json": { try value(ACIdentifier.self, $0, $1) },
    "ACName/json": { try value(ACName.self, $0, $1) },
    "Hash/json": { try value(ImageID.self, $0, $1) },
    "UUID/json": { try value(PodUUID.self, $0, $1) },
    "Date/json": { try value(Timestamp.self, $0, $1) },
    "ACKind/json": { test, _ in
      guard let text = try JSONValue.parse(test.input).string else { throw Refusal("acKind: not a string") }
      return Answer(form: JSONValue.string(try ACKind(text).rawValue).description)
    },
    "SemVer/json": { test, mode in
      // An AC version is more than a semantic version: the zero version is none (A6).
      let manifest: JSONValue = [
        "acKind": "ImageManifest", "acVersion": try JSONValue.parse(test.input), "name": "a",
      ]
      return Answer(form: try ImageManifest(json: manifest, mode: mode).acVersion.json.description)
    },
    "URL/json": { test, mode in
      let annotation: JSONValue = ["name": "homepage", "value": try JSONValue.parse(test.input)]
      return Answer(form: JSONValue.string(try Annotation(json: annotation, mode: mode).value).description)
    },
  ]

  /// Reads a value from its JSON and writes it again.
  static func value<Value: SchemaValue>(
    _ type: Value.Type, _ test: ConformanceCase, _ mode: ReadingMode
  ) throws -> Answer {
    Answer(form: try Value(json: try JSONValue.parse(test.input), mode: mode).json.description)
  }
}
