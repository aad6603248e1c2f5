/// Where the mount points of an app are, by their names; of equal names the first counts.
struct MountPointPaths {
  private let paths: [ByteKey: String]

  init(_ points: [MountPoint]) {
    paths = Dictionary(points.map { (ByteKey($0.name.text), $0.path) }) { first, _ in first }
  }

  /// The path of the mount point that a mount of 0.6.1 or earlier names.
  ///
  /// Up to 0.5.2 a name could hold "." and "/": that of the mount point was sanitised when it was read.
  func path(of name: String) -> String? {
    if let path = paths[ByteKey(name)] { return path }
    return (try? ACName.sanitized(name)).flatMap { paths[ByteKey($0.text)] }
  }
}
