/// A volume mounted at a path of one app (K6).
public struct Mount: Hashable, Sendable {
  /// The name of the volume.
  public var volume: ACName
  /// Where it goes, absolute in the app's root.
  @Bytewise public var path: String
  /// The volume itself, if it is not one of the pod's.
  public var appVolume: Volume?
  var origin = OriginBox.none

  /// Creates a mount.
  public init(volume: ACName, path: String, appVolume: Volume? = nil) {
    self.volume = volume
    self.path = path
    self.appVolume = appVolume
  }
}

extension Mount: SchemaObject {
  init?(_ value: JSONValue, _ reader: inout SchemaReader) {
    self.init(value, app: nil, &reader)
  }

  /// Reads a mount of an app.
  ///
  /// Up to 0.6.1 it named a mount point in place of a path, which only the app can resolve: the pod's if it
  /// has one, or else the image's, and then the name stays in the document and the path is empty.
  init?(_ value: JSONValue, app: App?, _ reader: inout SchemaReader) {
    guard let object = reader.object(value, "K6") else { return nil }
    let volume = reader.requiredString(object, "volume", "K6").flatMap { text in
      reader.at("volume") { $0.name(text) }
    }
    var keys = ["volume", "path", "appVolume"]
    if reader.mode == .tolerant, object["path"] == nil, let point = object["mountPoint"]?.string,
      let found = app?.mountPoints.first(where: { $0.name.text.hasSameBytes(as: point) })
    {
      reader.upgrade("the mount point \(quoted(point)) is read as the path \(quoted(found.path))")
      path = found.path
      keys.append("mountPoint")
    } else {
      path = reader.mountPath(object, "K6")
    }
    appVolume = reader.optional(object, "appVolume").flatMap { value in
      reader.at("appVolume") { Volume(value, &$0) }
    }
    origin = reader.origin(object, keys)
    guard let volume else { return nil }
    self.volume = volume
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("volume", .string(volume.text))
    writer.put("path", .string(path))
    writer.put("appVolume", appVolume?.json)
    return writer.finish()
  }
}
