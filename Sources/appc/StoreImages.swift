import AppcEngine

/// The images that a pod manifest names, looked for in a store that the user has named; a command about files makes
/// no data directory by itself.
struct StoreImages {
  private let engine: Engine?

  init(_ global: GlobalOptions) throws {
    engine = global.dir == nil ? nil : try global.engine()
  }

  /// The manifest of an app's image, nil when it is not there.
  func manifest(of app: RuntimeApp) -> ImageManifest? {
    guard let engine, let id = app.image.id else { return nil }
    return (try? engine.manifest(of: .stored(.id(id))))?.manifest
  }
}
