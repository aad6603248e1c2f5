public import ACIStore

/// A store in a temporary directory.
public enum TestStore {
  /// Calls `body` with an empty store and removes the store whatever happens.
  public static func with<Result>(
    _ place: TemporaryDirectory.Place = .memory, _ body: (ImageStore, TemporaryDirectory) throws -> Result
  ) throws -> Result {
    try TemporaryDirectory.with(place) { directory in
      try body(try ImageStore.open(at: directory.appending("store")), directory)
    }
  }

  /// As `with(_:_:)`, for a body that waits.
  public static func with<Result>(
    _ place: TemporaryDirectory.Place = .memory,
    _ body: (ImageStore, TemporaryDirectory) async throws -> Result
  ) async throws -> Result {
    try await TemporaryDirectory.with(place) { directory in
      try await body(try ImageStore.open(at: directory.appending("store")), directory)
    }
  }
}
