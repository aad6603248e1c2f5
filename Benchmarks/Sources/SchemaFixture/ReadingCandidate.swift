import AppcSchema
import Foundation

/// A way to read an image manifest.
public struct ReadingCandidate: Sendable {
  /// A short name, for tables.
  public let name: String
  /// What exactly is done.
  public let note: String
  /// Whose it is, and how much of the work it does.
  public let kind: Kind
  /// Reads the document once, and frees what was read.
  public let read: @Sendable () throws -> Void

  /// Whose a way to read is, and how much of the work it does.
  public enum Kind: Sendable {
    /// `ImageManifest.read`: JSON and every rule of the schema.
    case manifest
    /// Our JSON alone.
    case json
    /// `JSONDecoder` into structs of strings.
    case plain
    /// `JSONDecoder` into the same structs with the scalars of AppcSchema.
    case checked
    /// Other things of Foundation.
    case other
  }

  /// Ours first, then Foundation's, all over the same document.
  ///
  /// The decoder is made once and used again, and the bytes are in a `Data` before, as a careful user would.
  public static func all(of bytes: [UInt8]) -> [ReadingCandidate] { ours(bytes) + foundation(Data(bytes)) }

  private static func ours(_ bytes: [UInt8]) -> [ReadingCandidate] {
    [
      ReadingCandidate(name: "read, strict", note: "JSON and every rule of the schema", kind: .manifest) {
        keep(try ImageManifest.read(bytes, mode: .strict))
      },
      ReadingCandidate(name: "read, tolerant", note: "the same as images are read", kind: .manifest) {
        keep(try ImageManifest.read(bytes, mode: .tolerant))
      },
      ReadingCandidate(name: "JSONValue.parse", note: "JSON alone, to an ordered tree", kind: .json) {
        keep(try JSONValue.parse(bytes))
      },
    ]
  }

  private static func foundation(_ data: Data) -> [ReadingCandidate] {
    let decoder = JSONDecoder()
    return [
      ReadingCandidate(
        name: "JSONDecoder, plain", note: "Codable structs of String, nothing is checked", kind: .plain
      ) { keep(try decoder.decode(PlainManifest.self, from: data)) },
      ReadingCandidate(
        name: "JSONDecoder, checked", note: "the same with ACIdentifier, ImageID, Quantity, ...",
        kind: .checked
      ) { keep(try decoder.decode(CheckedManifest.self, from: data)) },
      ReadingCandidate(
        name: "JSONDecoder, ImageManifest", note: "our own type through Codable", kind: .other
      ) { keep(try decoder.decode(ImageManifest.self, from: data)) },
      ReadingCandidate(name: "JSONSerialization", note: "JSON alone, to dictionaries", kind: .other) {
        keep(try JSONSerialization.jsonObject(with: data))
      },
    ]
  }

  /// What the optimiser must not do without.
  @inline(never)
  private static func keep<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
  }
}
