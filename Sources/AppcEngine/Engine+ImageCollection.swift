public import ACIStore
import AppcSchema
import Stage

extension Engine {
  /// Removes what is due from the store: images by age or until the store is small enough, trees that nobody holds,
  /// and what killed operations left.
  ///
  /// What pods that exist and have not ended were made of stays, with all that it depends on, and so do the trees of
  /// it. Safe beside everything else; blocks.
  ///
  /// - Throws: ``EngineError`` with `.store` or `.pod`. What could not be removed is in the report.
  public func collectImages(_ options: CollectionOptions = .init()) throws(EngineError) -> CollectionReport {
    var options = options
    let images = try imagesOfPods()
    options.keep.formUnion(images)
    options.isPinned = pinning(images, and: options.isPinned)
    return try Self.within(.store) { () throws(StoreError) in try store.collectGarbage(options) }
  }

  /// How much of the disk the store takes, by part.
  ///
  /// Quick unless `walkingTrees`, which looks at every file of every tree.
  ///
  /// - Throws: ``EngineError`` with `.store`.
  public func diskUsage(walkingTrees: Bool = false) throws(EngineError) -> DiskUsage {
    try Self.within(.store) { () throws(StoreError) in try store.diskUsage(walkingTrees: walkingTrees) }
  }

  /// The images of every pod that has not ended.
  func imagesOfPods() throws(EngineError) -> Set<ImageID> {
    let states: Set<PodState> = [.preparing, .prepared, .running, .ending]
    let apps = try podList().filter { states.contains($0.state) }.flatMap { $0.manifest?.apps ?? [] }
    return Set(apps.compactMap { $0.image.id })
  }

  /// Whether a tree is one of `images`, or `isPinned` says that it is needed.
  ///
  /// A pod that runs holds its trees itself, also one that is made after its image was looked for; one that is only
  /// prepared may not.
  func pinning(
    _ images: Set<ImageID>, and isPinned: @escaping @Sendable (TreeID) -> Bool
  ) -> @Sendable (TreeID) -> Bool {
    let store = store
    return { tree in
      if isPinned(tree) { return true }
      guard !images.isEmpty, let image = store.image(of: tree) else { return false }
      return images.contains(image)
    }
  }
}
