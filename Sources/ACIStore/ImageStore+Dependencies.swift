public import AppcSchema

extension ImageStore {
  /// The image in the store that a dependency means.
  ///
  /// By its image ID if it has one, and then the image's name must be the one asked for (C3, F2); else by name and
  /// labels as `resolve(_:)`. Throws `dependency`, saying what is missing.
  public func resolve(_ dependency: Dependency, of dependent: String) throws(StoreError) -> ImageID {
    do throws(StoreError) {
      let id = try resolve(dependency.reference)
      try dependency.checkName(try record(of: id).name, of: id, dependent: dependent)
      return id
    } catch {
      if [.dependency, .system, .diskFull, .stopped].contains(error.code) { throw error }
      throw StoreError.dependency(
        of: dependent, "it depends on \(dependency.shown): \(error.detail)", cause: error)
    }
  }
}
