extension SchemaValue where Self: CustomStringConvertible {
  /// The value as compact JSON on one line, safe to show: control and formatting characters are escaped.
  public var description: String { json.printable }
}

// The values that have no shorter form of their own.
extension App: CustomStringConvertible {}
extension Annotations: CustomStringConvertible {}
extension Dependency: CustomStringConvertible {}
extension Environment: CustomStringConvertible {}
extension ImageManifest: CustomStringConvertible {}
extension PodManifest: CustomStringConvertible {}
extension RuntimeApp: CustomStringConvertible {}
extension RuntimeImage: CustomStringConvertible {}

extension JSONObject: CustomStringConvertible {
  /// The object as compact JSON on one line, safe to show.
  public var description: String { JSONValue.object(self).printable }
}

extension JSONObject.Member: CustomStringConvertible {
  /// Key and value as compact JSON on one line, safe to show: `"name":"example.com/a"`.
  public var description: String { "\(JSONValue.string(key).printable):\(value.printable)" }
}
