import AppcSchema

/// The keys of the schema, past and present.
enum SchemaKeys {
  /// Every key that today's schema has anywhere.
  static let current: Set<String> = [
    "acKind", "acVersion", "name", "labels", "app", "dependencies", "pathWhitelist", "annotations", "value",
    "exec", "user", "group", "supplementaryGIDs", "eventHandlers", "workingDirectory", "environment",
    "mountPoints", "ports", "isolators", "userAnnotations", "userLabels", "path", "readOnly", "protocol",
    "port",
    "count", "socketActivated", "imageName", "imageID", "size", "apps", "volumes", "image", "id",
    "readOnlyRootFS", "mounts", "volume", "appVolume", "kind", "source", "recursive", "mode", "uid", "gid",
    "hostPort", "hostIP", "podPort", "default", "request", "limit", "set", "errno", "role", "type", "level",
    "profile",
  ]

  /// Maps of texts whose keys are their users' own.
  static let maps: Set<String> = ["userAnnotations", "userLabels"]

  /// The schema's spelling of a key that differs from it in case alone; nil for the spelling itself, and for
  /// a key that is none in any case.
  ///
  /// The reference folds case as Unicode does: U+017F is an s, U+212A a k.
  static func spelling(of key: String) -> String? {
    if current.contains(where: { $0.hasSameBytes(as: key) }) { return nil }
    return current.first { $0.folded == key.folded }
  }
}

extension String {
  fileprivate var folded: String { uppercased().lowercased() }
}
