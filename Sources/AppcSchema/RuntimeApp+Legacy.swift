/// What an app of a ContainerRuntimeManifest (0.1.1 to 0.3) says in its own way: `app` is the name of the image,
/// `imageID` its ID, and the app's own name is `name`, or the last part of the image's.
struct LegacyRuntimeApp {
  var name: ACName?
  var imageName: ACIdentifier?
  var imageID: ImageID?

  /// Takes the members of earlier versions from an app; nil if there are none.
  init?(_ fields: inout ObjectFields, _ reader: inout SchemaReader) {
    guard reader.isEarlier(than: SemanticVersion(0, 5, 0)) else { return nil }
    var rest = fields
    let app = reader.optional(&rest, "app").flatMap { reader.isString($0) ? $0 : nil }
    let id = reader.optional(&rest, "imageID")
    guard app != nil || id != nil else { return nil }
    if let app {
      fields = rest
      imageName = reader.identifier(app, "L5")
      let own = reader.optional(&fields, "name")
      name = own.flatMap { reader.name($0, "L3") } ?? Self.name(of: app, &reader)
    } else {
      _ = reader.optional(&fields, "imageID")
    }
    if let id {
      reader.upgrade(at: id, "\"imageID\" is read as \"image.id\"")
      imageID = reader.imageID(id)
    }
    Self.reportIsolators(fields, &reader)
  }

  private static func name(of app: JSONNode, _ reader: inout SchemaReader) -> ACName? {
    guard let text = reader.string(app, "L3") else { return nil }
    let last = text.utf8.split(separator: ASCII.slash).last ?? text.utf8[...]
    guard let name = try? ACName.sanitized(String(decoding: last, as: UTF8.self)) else { return nil }
    reader.upgrade(at: app, "the app \(quoted(text)) is called \"\(name)\", and its image \(quoted(text))")
    return name
  }

  /// An app had isolators beside those of its image; today it has them only as part of an app of its own.
  private static func reportIsolators(_ fields: ObjectFields, _ reader: inout SchemaReader) {
    var rest = fields
    guard let node = reader.optional(&rest, "isolators") else { return }
    reader.warn("V", at: node, "are not enforced: give the app an \"app\" of its own that has them")
  }
}

extension SchemaReader {
  func isString(_ node: JSONNode) -> Bool {
    let kind = tokens[node.index].kind
    return kind == .plainString || kind == .escapedString
  }
}

extension [RuntimeApp] {
  /// The apps of a ContainerRuntimeManifest, each with a name of its own: two images may end alike.
  ///
  /// What number comes next is remembered for each name: counting anew for each app would take quadratic time.
  func uniquelyNamed(at list: JSONNode, _ reader: inout SchemaReader) -> [RuntimeApp] {
    var taken = Set<ACName>()
    var next: [ACName: Int] = [:]
    return map { app in
      if taken.insert(app.name).inserted { return app }
      var app = app
      let name = app.name
      var suffix = next[name] ?? 2
      repeat {
        app.name = ACName(checkedText: "\(name)-\(suffix)")
        suffix += 1
      } while !taken.insert(app.name).inserted
      next[name] = suffix
      reader.upgrade(at: list, "another app called \"\(name)\" becomes \"\(app.name)\"")
      return app
    }
  }
}
