public import ACIStore
public import AppcSchema
public import SystemPackage

extension Engine {
  /// Renders an image on the images it depends on, to a directory outside of the store.
  ///
  /// An image that is a file is imported first, for what it depends on is looked for in the store. Atomic as
  /// ``extract(_:to:options:)``: `options.progress` can end it, and then nothing is left but the imported image.
  ///
  /// - Returns: the image's ID.
  /// - Throws: ``EngineError`` with `.store`.
  @discardableResult
  public func render(
    _ argument: ImageArgument, to destination: FilePath, options: RenderOptions = .init()
  ) throws(EngineError) -> ImageID {
    let id: ImageID
    switch argument {
    case .file(let path):
      let importing = ImportOptions(limits: options.limits, progress: options.progress)
      id = try importImage(path, options: importing).record.id
    case .stored: id = try storedID(of: argument, "rendering")
    }
    try Self.within(.store) { () throws(StoreError) in
      try store.render(id, to: destination, options: options)
    }
    return id
  }

  /// Renders an image file on others that are files too, without a data directory.
  ///
  /// - Throws: ``EngineError`` with `.store`; what is missing is named.
  public static func render(
    _ files: ImageFileSet, to destination: FilePath, options: RenderOptions = .init()
  ) throws(EngineError) {
    try within(.store) { () throws(StoreError) in try files.render(to: destination, options: options) }
  }

  /// Renders an image in the store, as for a pod, unless that was done before.
  ///
  /// - Throws: ``EngineError`` with `.store`.
  @discardableResult
  public func renderTree(of id: ImageID) throws(EngineError) -> RenderedTree {
    try Self.within(.store) { () throws(StoreError) in try store.render(id) }
  }
}
