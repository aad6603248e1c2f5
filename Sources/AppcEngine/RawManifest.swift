import AppcSchema

/// A manifest as its bytes stand in a file.
public struct RawManifest: Sendable {
  /// The bytes.
  public let bytes: [UInt8]
  /// Why this is not a valid manifest, or the image broken that it was found in; nil when nothing was noticed.
  ///
  /// An image is not read further than its manifest, so nil does not mean that it is valid.
  public let problem: EngineError?

  /// Pairs bytes with what is wrong with them.
  public init(bytes: [UInt8], problem: EngineError? = nil) {
    self.bytes = bytes
    self.problem = problem
  }

  /// The document indented by four spaces a level and a line feed at its end; nothing of its content is left out,
  /// ordered or renamed.
  ///
  /// The bytes themselves when they are no JSON.
  public var indented: [UInt8] {
    let limits = JSONLimits(bytes: bytes.count)
    return (try? JSONValue.parse(bytes, limits: limits))?.serialized(.pretty) ?? bytes
  }
}
