extension ImageStore {
  /// Removes what is due: images by age and size, trees that nobody holds, and what killed operations left.
  ///
  /// Images stay that somebody reads, that `options` keep, that a leased or pinned tree was made of, and all that
  /// one that stays depends on. Records, last-use times, remote records and index entries go with their images.
  ///
  /// Safe beside any other operation: nothing is removed that somebody has locked, and what is used while the
  /// collector runs is looked at once more before it goes. Idempotent; may be killed at any moment. Needs no free
  /// disk space. One thing that cannot be removed does not keep the rest; it is in the report's `problems`.
  public func collectGarbage(
    _ options: CollectionOptions = CollectionOptions()
  ) throws(StoreError) -> CollectionReport {
    var collector = Collector(self, options, now: .now)
    return try collector.run()
  }
}
