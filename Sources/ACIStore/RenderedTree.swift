public import AppcSchema
import ACIArchive
public import SystemPackage

/// The identity of a rendered tree: the same images rendered on each other in the same way.
public struct TreeID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hex: String

  /// Reads `tree-` and 64 lower-case hexadecimal digits; nil for anything else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let digits = bytes.dropFirst(5)
    guard bytes.starts(with: "tree-".utf8), digits.count == 64,
      digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    hex = String(decoding: digits, as: UTF8.self)
  }

  /// The identity of what `graph` renders to.
  ///
  /// An image that depends on nothing passes half of its digits on; that saves the start of a cryptographic
  /// library each time a pod is launched. A graph has the digest of its edges.
  init(of graph: RenderGraph) throws(ArchiveError) {
    guard graph.nodes.count > 1 else {
      self.init(halfOf: graph.top)
      return
    }
    var lines = ["appc tree 1", graph.top.description]
    for node in graph.nodes.values.sorted(by: { $0.id < $1.id }) {
      lines.append(([node.id] + node.dependencies).map(\.description).joined(separator: " "))
    }
    let text = Array(lines.joined(separator: "\n").utf8)
    var digest = try ImageDigest()
    try text.withUnsafeBufferPointer { (bytes) throws(ArchiveError) in
      try digest.update(UnsafeRawBufferPointer(bytes))
    }
    self.init(halfOf: try digest.finish())
  }

  /// The identity of what an image renders to that depends on nothing.
  init(ofAlone image: ImageID) { self.init(halfOf: image) }

  private init(halfOf digest: ImageID) {
    hex = String(decoding: digest.hex.utf8.prefix(64), as: UTF8.self)
  }

  /// `tree-` and the 64 digits.
  public var description: String { "tree-\(hex)" }

  /// `tree-` and the first 12 digits, for messages.
  public var short: String { "tree-\(hex.prefix(12))" }

  /// Orders by digits.
  public static func < (left: TreeID, right: TreeID) -> Bool {
    left.hex.utf8.lexicographicallyPrecedes(right.hex.utf8)
  }
}

/// A root file system in the store: complete, and never changed while it is there.
public struct RenderedTree: Sendable {
  /// The identity of the tree.
  public let id: TreeID
  /// The image on top.
  public let image: ImageID
  /// The directory of the root file system.
  ///
  /// Read only by agreement: pods see it through an overlay.
  public let rootfs: FilePath
  /// The manifest of the image on top.
  public let manifest: ImageManifest
  /// The manifest's bytes as they stand in the image.
  public let manifestBytes: [UInt8]
}
