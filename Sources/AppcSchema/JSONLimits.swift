/// How much of a JSON document is taken before it is refused.
///
/// The limits hold memory and stack within bounds whatever the bytes are: the tree of a document that
/// passes takes at most some 64 bytes a value besides the text itself.
public struct JSONLimits: Hashable, Sendable {
  /// The largest document, in bytes.
  public var bytes: Int
  /// How deep arrays and objects may nest, 1 to `maximumDepth`.
  public var depth: Int
  /// How many values (of every kind) a document may hold.
  public var values: Int

  /// No document is read deeper than this, whatever `depth` says: freeing and writing a tree take stack in
  /// proportion to its depth.
  public static let maximumDepth = 1024

  /// 8 MiB, 128 levels, a million values.
  public static let `default` = JSONLimits()

  /// Creates limits; each default is that of `JSONLimits.default`.
  public init(bytes: Int = 8 << 20, depth: Int = 128, values: Int = 1_000_000) {
    self.bytes = bytes
    self.depth = depth
    self.values = values
  }
}
