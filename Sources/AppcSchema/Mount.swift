/// A volume mounted at a path of one app (K6).
public struct Mount: Hashable, Sendable {
  /// The name of the volume.
  public var volume: ACName
  /// Where it goes, absolute in the app's root.
  ///
  /// Setting it settles what a mount point left open.
  @Bytewise public var path: String {
    didSet { mountPoint = nil }
  }
  /// The volume itself, if it is not one of the pod's.
  public var appVolume: Volume?
  /// The name of the mount point that a document of version 0.6.1 or earlier has in place of the path, if the
  /// pod itself does not say where that is; the path is empty then.
  ///
  /// `PodManifest.resolvingMountPoints` puts the path in its place.
  @Bytewise public internal(set) var mountPoint: String?
  var origin = OriginBox.none

  /// Creates a mount.
  public init(volume: ACName, path: String, appVolume: Volume? = nil) {
    self.volume = volume
    self.path = path
    self.appVolume = appVolume
    mountPoint = nil
  }
}

extension Mount: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    self.init(node, MountPointPaths([]), &reader)
  }

  /// Reads a mount of an app.
  ///
  /// Up to 0.6.1 it named a mount point in place of a path, which only the app can resolve: the pod's if it
  /// has one, or else the image's, and then the path stays empty.
  init?(_ node: JSONNode, _ points: MountPointPaths, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "K6") else { return nil }
    let volume = reader.requiredName(&fields, "volume", "K6")
    let place = Self.place(&fields, points, &reader)
    let appVolume = reader.optional(&fields, "appVolume").flatMap { Volume($0, &reader) }
    let origin = reader.origin(fields, ["volume", "path", "appVolume"])
    guard let volume else { return nil }
    self.init(volume: volume, path: place.path, appVolume: appVolume)
    mountPoint = place.mountPoint
    self.origin = origin
  }

  private static func place(
    _ fields: inout ObjectFields, _ points: MountPointPaths, _ reader: inout SchemaReader
  ) -> (path: String, mountPoint: String?) {
    var rest = fields
    guard reader.mode == .tolerant, reader.optional(&rest, "path") == nil,
      let node = reader.optional(&rest, "mountPoint"), let name = reader.string(node, "K6")
    else { return (reader.mountPath(&fields, "K6"), nil) }
    fields = rest
    if let path = points.path(of: name) {
      reader.upgrade(at: node, "the mount point \(quoted(name)) is read as the path \(quoted(path))")
      return (path, nil)
    }
    reader.warn("V", at: node, "the mount point \(quoted(name)) has no path before the image is known")
    return ("", name)
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("volume", .string(volume.text))
    writer.put("path", mountPoint == nil ? .string(path) : nil, defaults: [""])
    writer.put("mountPoint", mountPoint.map(JSONValue.string))
    writer.put("appVolume", appVolume?.json)
    return writer.finish()
  }
}
