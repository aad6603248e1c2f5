import Foundation
import Testing

@testable import AppcSchema

/// What an importer does: schema values inside a type of its own, through Foundation's coders.
@Suite("Schema values in Codable types")
struct CodableBridgeTests {
  private struct Envelope: Codable, Equatable {
    var image: ImageManifest
    var pods: [String: PodManifest]
    var id: ImageID
    var limit: Quantity?
    var extra: JSONValue
  }

  @Test("what is nested comes back", arguments: Round.all)
  func nesting(_ round: Round) throws {
    var generator = round.generator
    let envelope = Envelope(
      image: try generator.imageManifest().plain(&generator),
      pods: ["a": try generator.podManifest().plain(&generator)],
      id: try generator.imageID(), limit: generator.maybe { $0.quantity() }, extra: generator.plainJSON())
    let encoder = JSONEncoder()
    encoder.outputFormatting = generator.pick([], [.sortedKeys], [.prettyPrinted, .withoutEscapingSlashes])
    let decoded = try JSONDecoder().decode(Envelope.self, from: encoder.encode(envelope))
    #expect(decoded.image.json.sorted == envelope.image.json.sorted)
    #expect(decoded.pods.mapValues(\.json.sorted) == envelope.pods.mapValues(\.json.sorted))
    #expect((decoded.id, decoded.limit) == (envelope.id, envelope.limit))
    #expect(decoded.extra.sorted == envelope.extra.sorted)
  }

  @Test("what breaks a rule is refused as corrupted data, and says which rule")
  func refusal() throws {
    let document = Data(#"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"Upper"}"#.utf8)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ImageManifest.self, from: document)
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("not corrupted data: \(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains("$.name (A1)"))
    #expect(context.underlyingError is SchemaError)
  }
}

/// What a coder of `Double` numbers and `String` keys can carry, in the order that it carries it.
extension JSONValue {
  fileprivate var sorted: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.sorted))
    case .object(let object):
      .object(
        JSONObject(
          object.map { JSONObject.Member(key: $0.key, value: $0.value.sorted) }.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
          }))
    default: self
    }
  }
}

extension [Isolator] {
  fileprivate func plain(_ generator: inout SeededGenerator) -> [Isolator] {
    filter { $0.name != Isolator.Content.sysctlName }.map { isolator in
      guard case .unknown = isolator.content else { return isolator }
      return Isolator(name: isolator.name, value: generator.plainJSON())
    }
  }
}

extension App {
  fileprivate func plain(_ generator: inout SeededGenerator) -> App {
    var app = self
    app.isolators = isolators.plain(&generator)
    app.userAnnotations = generator.plainTexts()
    app.userLabels = generator.plainTexts()
    return app
  }
}

extension ImageManifest {
  fileprivate func plain(_ generator: inout SeededGenerator) -> ImageManifest {
    var manifest = self
    manifest.app = app?.plain(&generator)
    return manifest
  }
}

extension PodManifest {
  fileprivate func plain(_ generator: inout SeededGenerator) -> PodManifest {
    var manifest = self
    manifest.isolators = isolators.plain(&generator)
    manifest.userAnnotations = generator.plainTexts()
    manifest.userLabels = generator.plainTexts()
    for index in apps.indices { manifest.apps[index].app = apps[index].app?.plain(&generator) }
    return manifest
  }
}

extension SeededGenerator {
  /// Keys that are different strings, not only different bytes.
  fileprivate mutating func plainTexts() -> [UserText] {
    distinct(by: \.key) { UserText(key: $0.word(), value: $0.text()) }
  }
}
