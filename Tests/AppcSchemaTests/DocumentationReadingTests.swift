import AppcSchema
import Testing

// The examples between the comments "Example" and "Expectations" stand in the pages of AppcSchema.docc word for
// word; Scripts/check-documents compares them.

@Suite("The pages' examples of reading")
struct DocumentationReadingTests {
  private let manifest = Array(
    """
    {
      "acKind": "ImageManifest",
      "acVersion": "0.6.0",
      "name": "example.com/server",
      "labels": [{"name": "version", "value": "1.1"}],
      "app": {
        "exec": ["/bin/server"], "user": "0", "group": "0",
        "supplementaryGids": [4]
      }
    }

    """.utf8)

  @Test("reading gives a value and what was noticed on the way")
  func reading() throws {
    let bytes = manifest
    // Example
    let reading = try ImageManifest.read(bytes)
    let image = reading.value
    let remarks = reading.diagnostics.map { "\($0)" }
    // Expectations
    #expect(image.name == "example.com/server")
    #expect(
      remarks == [
        #"warning: $.app.supplementaryGids (V): "supplementaryGids" is read as "supplementaryGIDs""#
      ])
  }

  // Example
  /// Everything that is to be said about a document, errors included.
  func report(on bytes: [UInt8], mode: ReadingMode) -> [String] {
    do {
      return try ImageManifest.read(bytes, mode: mode).diagnostics.map { "\($0)" }
    } catch {
      switch error.code {
      case .invalidManifest: return error.diagnostics.map { "\($0)" }
      default: return ["\(error)"]  // no JSON, or beyond the limits: one line, with the position
      }
    }
  }
  // Expectations

  @Test("what is refused comes with every problem; what is no JSON with its place")
  func errors() throws {
    #expect(report(on: manifest, mode: .tolerant).count == 1)
    #expect(
      report(on: manifest, mode: .strict) == [
        #"error: $.app.supplementaryGids (V): "supplementaryGids" is read as "supplementaryGIDs""#
      ])
    let broken = Array(#"{"acKind":"ImageManifest","name":"A"}"#.utf8)
    let problems = report(on: broken, mode: .tolerant)
    #expect(problems.count == 2)
    #expect(problems.allSatisfy { $0.hasPrefix("error: $.") })
    #expect(
      report(on: Array("{\n  ]".utf8), mode: .tolerant).first?.hasPrefix(
        "cannot read ImageManifest at line 2, column 3 (byte 4): ") == true)
  }

  // Example
  /// A diagnostic as compilers print theirs: the place, the rule, the message, the line and a caret below it.
  func pointed(_ diagnostic: Diagnostic, in file: String) -> String {
    let place = diagnostic.position.map { "\(file):\($0.line):\($0.column)" } ?? file
    let lines = diagnostic.excerpt.map { "\n\($0)" } ?? ""
    return "\(place): \(diagnostic.severity.rawValue): \(diagnostic.rule): \(diagnostic.message)\(lines)"
  }
  // Expectations

  @Test("a diagnostic points into the document")
  func excerpts() throws {
    let reading = try ImageManifest.read(manifest)
    #expect(
      reading.diagnostics.map { pointed($0, in: "manifest") } == [
        """
        manifest:8:26: warning: V: "supplementaryGids" is read as "supplementaryGIDs"
            "supplementaryGids": [4]
                                 ^
        """
      ])
  }

  // Example
  /// What there is to say about a document of either kind.
  func remarks(on bytes: [UInt8]) throws(SchemaError) -> [Diagnostic] {
    let header = try ManifestHeader.read(bytes)
    switch header.kind {
    case .imageManifest: return try ImageManifest.read(bytes).diagnostics
    case .podManifest: return try PodManifest.read(bytes).diagnostics
    case nil: return []  // something else; `header.kindText` is what it says it is
    }
  }
  // Expectations

  @Test("the kind of a document is known before the document is read")
  func kinds() throws {
    #expect(try remarks(on: manifest).map(\.rule) == ["V"])
    #expect(try remarks(on: Array(#"{"acKind":"PodManifest"}"#.utf8)).map(\.rule) == ["L1", "L2"])
    #expect(try remarks(on: Array(#"{"acKind":"Recipe"}"#.utf8)).isEmpty)
  }

  @Test("of a broken manifest its name is known")
  func lastDitch() throws {
    let bytes = Array(#"{"acKind":"ImageManifest","name":"Server!","app":[]}"#.utf8)
    // Example
    let name = try LastDitchImageManifest.read(bytes).name
    // Expectations
    #expect(name == "Server!")
  }

  @Test("a document beyond the limits is refused before anything is read of it")
  func limits() throws {
    let bytes = manifest
    // Example
    let limits = JSONLimits(bytes: 64 << 10, depth: 16, values: 2000)
    let image = try ImageManifest.read(bytes, limits: limits).value
    // Expectations
    #expect(image.labels["version"] == "1.1")
    let error = #expect(throws: SchemaError.self) {
      try ImageManifest.read(bytes, limits: JSONLimits(bytes: 16))
    }
    #expect(error?.code == .limitExceeded)
  }

  @Test("a single value is read from its JSON")
  func singleValues() throws {
    // Example
    let json = try JSONValue.parse(#"[{"name": "os", "value": "linux"}]"#)
    let labels = try Labels(json: json, mode: .strict)
    let text = labels.json.serialized(.compact)
    // Expectations
    #expect(labels["os"] == "linux")
    #expect(text == Array(#"[{"name":"os","value":"linux"}]"#.utf8))
  }
}
