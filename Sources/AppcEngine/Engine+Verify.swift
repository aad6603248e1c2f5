public import ACIStore
import AppcSchema

extension Engine {
  /// Checks images of the store, and what was rendered of them, to the last byte; by default all, and what belongs to
  /// no image.
  ///
  /// With `options.repairs`, damaged images are put aside and damaged trees removed, but for those of pods that have
  /// not ended, as far as a tree still tells of which image it is. Blocks; reads everything.
  ///
  /// - Parameter arguments: the images to check, which take the place of `options.images`; nil for all.
  /// - Throws: ``EngineError`` with `.store` or `.pod`, or `.invalidRequest` for an image that is a file. What is found
  ///   is no error.
  public func verify(
    _ arguments: [ImageArgument]? = nil, options: VerificationOptions = .init()
  ) throws(EngineError) -> VerificationReport {
    var options = options
    if let arguments {
      var images: [ImageID] = []
      for argument in arguments { images.append(try storedID(of: argument, "verifying")) }
      options.images = images
    }
    if options.repairs { options.isPinned = pinning(try imagesOfPods(), and: options.isPinned) }
    return try Self.within(.store) { () throws(StoreError) in try store.verify(options) }
  }
}
