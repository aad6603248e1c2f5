public import AppcSchema

/// What a collection removed, or would remove.
public struct CollectionReport: Sendable, Equatable {
  /// Images removed.
  public internal(set) var images: [ImageID] = []
  /// Images that were due and stay, because somebody reads them or has used them meanwhile.
  public internal(set) var imagesInUse: [ImageID] = []
  /// Trees removed.
  public internal(set) var trees: [TreeID] = []
  /// Directories of operations that were cut short.
  public internal(set) var leftovers = 0
  /// Remote records of images that are gone, and remote records that could not be read.
  public internal(set) var remotes = 0
  /// Quarantined blobs removed.
  public internal(set) var quarantined = 0
  /// Disk space of all that, in bytes; of trees, their files' sizes.
  public internal(set) var freedBytes: Int64 = 0
  /// What was due but could not be removed, in words.
  public internal(set) var problems: [String] = []

  mutating func note(_ error: StoreError) {
    problems.append("\(error)")
  }
}
