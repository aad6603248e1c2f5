import ACIArchive

/// The progress of reading several images, one after the other, as if they were one.
struct RenderProgress {
  typealias Handler = @Sendable (ArchiveProgress) throws -> Void

  private let handler: Handler?
  private let totalStored: Int64
  private var done = RenderSize(stored: 0, expanded: 0)

  init(_ handler: Handler?, totalStored: Int64) {
    self.handler = handler
    self.totalStored = totalStored
  }

  /// What the next image reports its own progress to.
  var next: Handler? {
    guard let handler else { return nil }
    let (done, totalStored) = (done, totalStored)
    return { progress in
      try handler(
        ArchiveProgress(
          storedBytes: min(done.stored + progress.storedBytes, totalStored), totalStoredBytes: totalStored,
          expandedBytes: done.expanded + progress.expandedBytes))
    }
  }

  /// An image was read, or need not be.
  mutating func pass(_ size: RenderSize) {
    done = done + size
  }
}
