public import AppcSchema

extension ImageStore {
  /// How many dependencies one manifest may list.
  private static var maxDependencies: Int { 1024 }

  /// The image in the store that a dependency means.
  ///
  /// By its image ID if it has one, and then the image's name must be the one asked for (C3, F2); else by name and
  /// labels as `resolve(_:)`. Throws `dependency`, saying what is missing.
  public func resolve(_ dependency: Dependency, of dependent: String) throws(StoreError) -> ImageID {
    do throws(StoreError) {
      let id = try resolve(reference(to: dependency))
      let found = try record(of: id).name
      guard found == dependency.imageName else {
        throw StoreError.dependency(
          of: dependent, "\(id.short) is an image of \(found), not of \(dependency.imageName)")
      }
      return id
    } catch {
      if error.code == .dependency || error.code == .system { throw error }
      throw StoreError.dependency(
        of: dependent, "it depends on \(name(of: dependency)): \(error.detail)", cause: error)
    }
  }

  /// The graph below an image, every image in it marked as used.
  func renderGraph(of top: ImageID) throws(StoreError) -> RenderGraph {
    try RenderGraph.load(top) { (id) throws(StoreError) in
      let manifest = try manifest(of: id).manifest
      touch(id)
      let name = manifest.name.text
      guard manifest.dependencies.count <= Self.maxDependencies else {
        throw StoreError.dependency(
          of: name,
          "it lists \(manifest.dependencies.count) dependencies; \(Self.maxDependencies) are allowed")
      }
      return RenderGraph.Node(
        id: id, name: name,
        dependencies: try manifest.dependencies.map { (dependency) throws(StoreError) in
          try resolve(dependency, of: name)
        },
        whitelist: try PathWhitelist(manifest.pathWhitelist, of: name))
    }
  }

  private func reference(to dependency: Dependency) -> ImageReference {
    if let id = dependency.imageID { return .id(id) }
    if let prefix = dependency.imageIDPrefix { return .prefix(prefix) }
    return .name(dependency.imageName, dependency.labels)
  }

  private func name(of dependency: Dependency) -> String {
    let id = (dependency.imageID?.short ?? dependency.imageIDPrefix?.description).map { " (\($0))" } ?? ""
    let labels = dependency.labels.isEmpty ? "" : ",\(dependency.labels)"
    return "\(dependency.imageName)\(labels)\(id)"
  }
}

extension StoreError {
  static func dependency(of dependent: String, _ detail: String, cause: (any Error)? = nil) -> StoreError {
    StoreError(.dependency, operation: "render", subject: dependent, detail: detail, cause: cause)
  }
}
