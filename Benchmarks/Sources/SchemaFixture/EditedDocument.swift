import AppcSchema
import Measuring

/// A long document with one change, written again: what has not changed keeps its bytes.
public struct EditedDocument: Sendable {
  /// What is changed.
  public let name: String
  private let source: GrowingDocument
  private let change: @Sendable (inout ImageManifest) throws -> Void

  /// A call that changes and writes a document of `count` elements once; reading it happens before.
  ///
  /// - Throws: `Problem` when the written document is not the changed one.
  public func writer(count: Int) throws -> @Sendable () throws -> Int {
    let manifest = try ImageManifest.read(source.bytes(count: count), limits: GrowingDocument.limits).value
    let write: @Sendable () throws -> [UInt8] = { [change] in
      var changed = manifest
      try change(&changed)
      return changed.serialized()
    }
    var expected = manifest
    try change(&expected)
    guard try ImageManifest.read(write(), limits: GrowingDocument.limits).value == expected else {
      throw Problem("\(name): the written document is not the changed one")
    }
    return { try write().count }
  }

  /// Changes at the beginning, in the middle and at the end, of lists that are long in practice.
  public static let all = [
    EditedDocument(name: "labels, nothing changed", source: .labels) { _ in },
    EditedDocument(name: "labels, one set", source: .labels) { $0.labels["example.com/name-500"] = "other" },
    EditedDocument(name: "labels, the name changed", source: .labels) { $0.name = "example.com/other" },
    EditedDocument(name: "pathWhitelist, one in the middle", source: .pathWhitelist) { manifest in
      manifest.pathWhitelist.insert("/new", at: manifest.pathWhitelist.count / 2)
    },
    EditedDocument(name: "pathWhitelist, the first removed", source: .pathWhitelist) { manifest in
      manifest.pathWhitelist.removeFirst()
    },
    EditedDocument(name: "environment, one added", source: .environment) { manifest in
      try manifest.app?.environment.set("ADDED", to: "1")
    },
    EditedDocument(name: "pathWhitelist, reversed", source: .pathWhitelist) { $0.pathWhitelist.reverse() },
  ]
}
