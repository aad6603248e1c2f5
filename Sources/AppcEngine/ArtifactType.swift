/// The things that hold a manifest.
public enum ArtifactType: String, Hashable, Sendable, CustomStringConvertible {
  /// A manifest by itself, of an image or a pod.
  case manifest
  /// A directory with `manifest` and `rootfs` in it.
  case layout
  /// An image.
  case image

  /// The type's name.
  public var description: String { rawValue }
}
