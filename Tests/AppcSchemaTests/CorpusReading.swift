@testable import AppcSchema

/// What reading an input as a type of the corpus gives: the canonical form, or why it was refused.
enum CorpusOutcome {
  case accepted(String)
  case refused(String)
}

extension CorpusCase {
  /// Reads the input as the case's type says; nil for types of other targets.
  func outcome(_ mode: ReadingMode = .tolerant) -> CorpusOutcome? {
    do {
      guard let form = try canonicalForm(mode) else { return nil }
      return .accepted(form)
    } catch {
      return .refused("\(error)")
    }
  }

  private func canonicalForm(_ mode: ReadingMode) throws -> String? {
    switch type {
    case "ACIdentifier": try ACIdentifier(input, mode: mode).text
    case "ACName": try ACName(input, mode: mode).text
    case "SanitizeACIdentifier": try ACIdentifier.sanitized(input).text
    case "SanitizeACName": try ACName.sanitized(input).text
    case "Quantity/string": try Quantity(input).description
    case "UUID/string": try PodUUID(input).description
    case "Volume/string": try Volume(parsing: input).json.description
    case "MountPoint/string": try MountPoint(parsing: input).json.description
    case "Port/string": try Port(parsing: input).json.description
    case "DiscoveryApp/string": try ImageReference(input).corpusForm
    case "ImageManifest/json": try canonical(ImageManifest.read(Array(input.utf8), mode: mode).value)
    case "PodManifest/json": try canonical(PodManifest.read(Array(input.utf8), mode: mode).value)
    default: try jsonForm(mode)
    }
  }

  private func jsonForm(_ mode: ReadingMode) throws -> String? {
    guard type.hasSuffix("/json") else { return nil }
    let value = try JSONValue.parse(input)
    func text() throws -> String {
      guard let text = value.string else { throw Refusal(message: "not a string") }
      return text
    }
    switch type {
    case "ACIdentifier/json": return JSONValue.string(try ACIdentifier(text(), mode: mode).text).description
    case "ACName/json": return JSONValue.string(try ACName(text(), mode: mode).text).description
    case "ACKind/json": return JSONValue.string(try ACKind(text()).rawValue).description
    case "Hash/json": return JSONValue.string(try ImageID(text()).description).description
    case "UUID/json": return JSONValue.string(try PodUUID(text()).description).description
    case "Quantity/json": return JSONValue.string(try Quantity(json: value).description).description
    case "SemVer/json": return JSONValue.string(try version(text(), mode)).description
    case "Date/json": return JSONValue.string(try Timestamp(text()).description).description
    case "URL/json":
      guard isWebAddress(try text()) else { throw Refusal(message: "not a URL") }
      return input
    case "App/json": return try object(App.self, value, mode)
    case "Dependency/json": return try object(Dependency.self, value, mode)
    case "EventHandler/json": return try object(EventHandler.self, value, mode)
    case "ExposedPort/json": return try object(ExposedPort.self, value, mode)
    case "Isolator/json": return try object(Isolator.self, value, mode)
    case "MountPoint/json": return try object(MountPoint.self, value, mode)
    case "Port/json": return try object(Port.self, value, mode)
    case "Volume/json": return try object(Volume.self, value, mode)
    case "Labels/json": return try object(Labels.self, value, mode)
    case "Annotations/json": return try object(Annotations.self, value, mode)
    case "Environment/json": return try object(Environment.self, value, mode)
    case "Exec/json":
      let app: JSONValue = ["user": "0", "group": "0", "exec": value]
      return JSONValue.array(try App(json: app, mode: mode).exec.map(JSONValue.string)).description
    case "Isolators/json":
      let pod: JSONValue = ["acKind": "PodManifest", "acVersion": "0.8.11", "apps": [], "isolators": value]
      return JSONValue.array(try PodManifest(json: pod, mode: mode).isolators.map(\.json)).description
    case "AppList/json":
      let pod: JSONValue = ["acKind": "PodManifest", "acVersion": "0.8.11", "apps": value]
      let manifest = try PodManifest.read(pod.serialized(), mode: mode).value
      return JSONValue.array(manifest.apps.map(\.json)).description
    default: return nil
    }
  }

  private func version(_ text: String, _ mode: ReadingMode) throws -> String {
    let version = try SemanticVersion(text, mode: mode)
    if version.isZero { throw Refusal(message: "zero") }
    return version.description
  }

  private func object<Value: SchemaValue>(
    _ type: Value.Type, _ value: JSONValue, _ mode: ReadingMode
  ) throws -> String {
    try Value(json: value, mode: mode).json.description
  }

  private func canonical(_ manifest: some Manifest) -> String { manifest.json.description }

  struct Refusal: Error {
    var message: String
  }
}

extension ImageReference {
  /// How the corpus writes a name with its labels: members sorted.
  fileprivate var corpusForm: String {
    guard case .name(let name, let labels) = self else { return description }
    let sorted = labels.sorted { $0.name < $1.name }
    let members = sorted.map { JSONObject.Member(key: $0.name.text, value: .string($0.value)) }
    let form: JSONValue = ["labels": .object(JSONObject(members)), "name": .string(name.text)]
    return form.description
  }
}
