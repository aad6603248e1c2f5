public import ACIStore
import AppcSchema
import Stage

extension Engine {
  /// Removes what is due from the store: images by age or until the store is small enough, trees that nobody holds,
  /// and what killed operations left.
  ///
  /// What pods that exist and have not ended were made of stays, with all that it depends on. Safe beside everything
  /// else; blocks.
  ///
  /// - Throws: ``EngineError`` with `.store` or `.pod`. What could not be removed is in the report.
  public func collectImages(_ options: CollectionOptions = .init()) throws(EngineError) -> CollectionReport {
    var options = options
    options.keep.formUnion(try imagesOfPods())
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
  private func imagesOfPods() throws(EngineError) -> Set<ImageID> {
    let states: Set<PodState> = [.preparing, .prepared, .running, .ending]
    let apps = try podList().filter { states.contains($0.state) }.flatMap { $0.manifest?.apps ?? [] }
    return Set(apps.compactMap { $0.image.id })
  }
}
