import Testing

@testable import AppcSchema

@Suite("Writing over a document")
struct PreservingWriterTests {
  private let source = """
    {
      "acKind" : "ImageManifest", "acVersion":"0.8.11",
      "name": "example.com/\\u0061pp",
      "labels": [ {"name": "version", "value": "1.0", "x": 1e0},
                  {"name": "os",      "value": "linux"} ],
      "-build-": [1,2 , 3],
      "app": {
        "exec": null,
        "user": "0", "group": "0",
        "ports": [ { "name": "www", "protocol": "tcp", "port": 80 } ],
        "mountPoints": [ { "name": "db", "path": "/db", "readOnly": false } ]
      },
      "dependencies": []
    }

    """

  private func read(_ text: String) throws -> ImageManifest {
    try ImageManifest.read(Array(text.utf8)).value
  }

  private func written(_ manifest: ImageManifest) -> String {
    String(decoding: manifest.serialized(), as: UTF8.self)
  }

  @Test("what nobody touched is byte for byte the same")
  func untouched() throws {
    #expect(written(try read(source)) == source)
  }

  @Test("a changed value changes its own bytes alone")
  func changedValue() throws {
    var manifest = try read(source)
    manifest.labels["version"] = "1.2"
    #expect(written(manifest) == source.replacing("\"1.0\"", with: "\"1.2\""))
    manifest.app?.user = "1000"
    #expect(
      written(manifest)
        == source.replacing("\"1.0\"", with: "\"1.2\"").replacing(
          "\"user\": \"0\"", with: "\"user\": \"1000\""))
  }

  @Test("a value set back to what it was is as if it had never been changed")
  func setBack() throws {
    var manifest = try read(source)
    manifest.name = "example.com/other"
    manifest.name = "example.com/app"
    #expect(written(manifest) == source)
  }

  @Test("a removed member goes with its comma, a removed element too")
  func removal() throws {
    var manifest = try read(source)
    manifest.labels["os"] = nil
    #expect(
      written(manifest)
        == source.replacing(",\n              {\"name\": \"os\",      \"value\": \"linux\"} ]", with: " ]"))
    manifest.app = nil
    let again = try read(written(manifest))
    #expect(again == manifest)
    #expect(again.unknownMembers.map(\.key) == ["-build-"])
  }

  @Test("what is added stands at the end, set off as its neighbours are")
  func addition() throws {
    var manifest = try read(source)
    manifest.pathWhitelist = ["/a"]
    manifest.annotations["authors"] = "me"
    let text = written(manifest)
    #expect(
      text.contains("\"dependencies\": [],\n  \"pathWhitelist\": [\n    \"/a\"\n  ],\n  \"annotations\": ["))
    #expect(try read(text) == manifest)
  }

  @Test("elements put in between leave their neighbours alone")
  func insertion() throws {
    var manifest = try read(source)
    manifest.labels = try Labels(
      [manifest.labels[0], Label(name: "arch", value: "amd64"), manifest.labels[1]])
    let text = written(manifest)
    #expect(text.contains("{\"name\": \"version\", \"value\": \"1.0\", \"x\": 1e0}"))
    #expect(text.contains("{\"name\": \"os\",      \"value\": \"linux\"}"))
    #expect(try read(text).labels == manifest.labels)
  }

  @Test("the first element is set off as the first one was, the others as others were")
  func firstElement() throws {
    let head = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","pathWhitelist":"#
    var manifest = try read(head + #"["/a", "/b"]}"#)
    manifest.pathWhitelist = ["/b"]
    #expect(written(manifest) == head + #"["/b"]}"#)
    manifest.pathWhitelist = ["/c", "/a", "/b"]
    #expect(written(manifest) == head + #"["/c", "/a", "/b"]}"#)
    manifest = try read(head + #"[ "/a" ]}"#)
    manifest.pathWhitelist = ["/c", "/a"]
    #expect(written(manifest) == head + #"[ "/c", "/a" ]}"#)
  }

  @Test("new lines end as those of the document do")
  func carriageReturns() throws {
    let old =
      "{\r\n\t\"acKind\": \"ImageManifest\",\r\n\t\"acVersion\": \"0.8.11\",\r\n\t\"name\": \"a\"\r\n}\r\n"
    var manifest = try read(old)
    manifest.pathWhitelist = ["/a"]
    let added = ",\r\n\t\"pathWhitelist\": [\r\n\t\t\"/a\"\r\n\t]"
    #expect(manifest.serialized() == Array((old.dropLast(3) + added + "\r\n}\r\n").utf8))
  }

  @Test("any pair of documents: writing the one over the other gives the one")
  func anyPair() throws {
    let documents: [JSONValue] = try [
      "{}", "[]", "1", "{\"a\":1}", "{\"a\": {\"b\": [1, 2, {\"c\": null}]}, \"d\": \"x\"}",
      "{ \"d\":\"x\",\n\t\"a\":{\"b\":[2,{\"c\":null},1],\"e\":[]} }", "[1,[2,[3,[4]]],{\"a\":[{\"b\":1}]}]",
      "[ [ ], {\"a\" : [ {\"b\":2,\"c\":3} ]}, 1 ]",
    ].map { try JSONValue.parse($0) }
    let sources = documents.map { $0.serialized(.pretty) } + documents.map { $0.serialized(.compact) }
    for source in sources {
      for value in documents {
        #expect(try JSONValue.parse(value.serialized(preserving: source)) == value)
      }
    }
  }

  @Test("a manifest of an earlier version stays as it is until it is changed, then it becomes one of today")
  func upgrade() throws {
    let old = #"{"acKind":"ImageManifest","acVersion":"0.5.0","name":"a","dependencies":[{"app":"b"}]}"#
    var manifest = try read(old)
    #expect(written(manifest) == old)
    manifest.labels["version"] = "1"
    #expect(
      written(manifest)
        == #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","dependencies":[{"imageName":"b"}],"#
        + #""labels":[{"name":"version","value":"1"}]}"#)
  }
}
