/// What a manifest describes (A5).
public enum ACKind: String, Hashable, Sendable, CustomStringConvertible {
  /// An application container image.
  case imageManifest = "ImageManifest"
  /// A pod: a group of apps that run together.
  case podManifest = "PodManifest"

  /// Reads a kind; throws `invalidValue` for any other text.
  public init(_ text: String) throws(SchemaError) {
    // Compared by bytes: a raw value is looked up by canonical equivalence.
    if text.hasSameBytes(as: Self.imageManifest.rawValue) {
      self = .imageManifest
    } else if text.hasSameBytes(as: Self.podManifest.rawValue) {
      self = .podManifest
    } else {
      throw SchemaError.value(text, of: "acKind", "it must be ImageManifest or PodManifest")
    }
  }

  /// The kind as it is written.
  public var description: String { rawValue }
}
