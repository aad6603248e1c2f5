import AppcSchema

extension RenderGraph.Node {
  /// How many dependencies one manifest may list.
  private static var maxDependencies: Int { 1024 }

  /// What the manifest of an image asks for; `resolve` finds the image that a dependency means.
  init(
    _ id: ImageID, _ manifest: ImageManifest, resolve: (Dependency) throws(StoreError) -> ImageID
  ) throws(StoreError) {
    let name = manifest.name.text
    guard manifest.dependencies.count <= Self.maxDependencies else {
      throw StoreError.dependency(
        of: name,
        "it lists \(manifest.dependencies.count) dependencies; \(Self.maxDependencies) are allowed")
    }
    self.init(
      id: id, name: name, dependencies: try manifest.dependencies.map(resolve),
      whitelist: try PathWhitelist(manifest.pathWhitelist, of: name))
  }
}

extension Dependency {
  /// What it asks for: its image ID if it has one, else its name and labels (F7).
  var reference: ImageReference {
    if let imageID { return .id(imageID) }
    if let imageIDPrefix { return .prefix(imageIDPrefix) }
    return .name(imageName, labels)
  }

  /// What messages call it.
  var shown: String {
    let id = (imageID?.short ?? imageIDPrefix?.description).map { " (\($0))" } ?? ""
    return "\(imageName)\(labels.isEmpty ? "" : ",\(labels)")\(id)"
  }

  /// An image that was found by its ID must have the name that is asked for (C3, F2).
  func checkName(_ found: ACIdentifier, of id: ImageID, dependent: String) throws(StoreError) {
    guard found == imageName else {
      throw StoreError.dependency(of: dependent, "\(id.short) is an image of \(found), not of \(imageName)")
    }
  }
}

extension StoreError {
  static func dependency(of dependent: String, _ detail: String, cause: (any Error)? = nil) -> StoreError {
    StoreError(.dependency, operation: "render", subject: dependent, detail: detail, cause: cause)
  }
}
