import Testing

@testable import AppcSchema

@Suite("Values of any content")
struct GeneratedValueTests {
  @Test("a JSON value reads as it was written, in any layout", arguments: Round.all)
  func json(_ round: Round) throws {
    var generator = round.generator
    for _ in 0..<10 {
      let value = generator.json(depth: 6)
      #expect(try JSONValue.parse(value.serialized(.compact)) == value)
      #expect(try JSONValue.parse(value.serialized(.pretty)) == value)
      #expect(try JSONValue.parse(value.description).hashValue == value.hashValue)
    }
  }

  @Test("writing one JSON value over another's document gives the one", arguments: Round.all)
  func writingOver(_ round: Round) throws {
    var generator = round.generator
    let values = (0..<6).map { _ in generator.json(depth: 4) }
    let sources = values.map { LaidOutDocument($0, &generator).bytes }
    for source in sources {
      for value in values {
        #expect(try JSONValue.parse(value.serialized(preserving: source)) == value)
      }
    }
  }

  @Test("texts that differ in bytes are different values", arguments: Round.all)
  func bytes(_ round: Round) {
    var generator = round.generator
    let texts = (0..<20).map { _ in generator.text() }
    for left in texts {
      for right in texts {
        let isSame = left.utf8.elementsEqual(right.utf8)
        #expect((JSONValue.string(left) == .string(right)) == isSame)
        #expect((Label(name: "a", value: left) == Label(name: "a", value: right)) == isSame)
        #expect((UserText(key: left, value: "") == UserText(key: right, value: "")) == isSame)
      }
    }
  }

  @Test("a quantity reads as the amount that its canonical form was made of", arguments: Round.all)
  func quantities(_ round: Round) throws {
    var generator = round.generator
    for _ in 0..<20 {
      let quantity = generator.quantity()
      let text = quantity.description
      let read = try Quantity(text)
      #expect(read == quantity)
      // A binary amount that is written in decimal has lost its suffixes.
      if read.format == quantity.format { #expect(read.description == text) }
      #expect(try Quantity(read.description).description == read.description)
      #expect(try Quantity(json: quantity.json, mode: .strict) == quantity)
    }
  }

  @Test("every part of a manifest is a document of its own", arguments: Round.all)
  func parts(_ round: Round) throws {
    var generator = round.generator
    let image = try generator.imageManifest()
    let pod = try generator.podManifest()
    try expectRoundTrip(image.labels)
    try expectRoundTrip(image.annotations)
    try image.dependencies.forEach(expectRoundTrip)
    if let app = image.app { try expectRoundTrip(app) }
    try pod.apps.forEach(expectRoundTrip)
    try pod.apps.map(\.image).forEach(expectRoundTrip)
    try pod.apps.flatMap(\.mounts).forEach(expectRoundTrip)
    try pod.volumes.forEach(expectRoundTrip)
    try pod.ports.forEach(expectRoundTrip)
    try pod.isolators.forEach(expectRoundTrip)
    try expectRoundTrip(generator.environment())
  }

  private func expectRoundTrip<Value: SchemaValue>(_ value: Value) throws {
    let written = value.json.serialized()
    #expect(try Value(json: JSONValue.parse(written), mode: .strict) == value)
    #expect(try Value(json: JSONValue.parse(written), mode: .tolerant).json == value.json)
  }
}
