import AppcSchema

extension CaseType {
  /// Broken documents, of which only the JSON and the kind count (N1).
  static let lastDitch: [String: Reader] = [
    "LastDitchImageManifest/json": { test, _ in
      Answer(form: try LastDitchImageManifest.read(Array(test.input.utf8)).json.description)
    },
    "LastDitchPodManifest/json": { test, _ in
      Answer(form: try LastDitchPodManifest.read(Array(test.input.utf8)).json.description)
    },
  ]
}
