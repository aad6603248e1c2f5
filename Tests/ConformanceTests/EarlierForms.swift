import AppcSchema

/// What documents of earlier versions have that today's do not (V).
enum EarlierForms {
  /// Isolators that are read as those of today, or that nothing has taken the place of.
  private static let isolators: Set<String> = [
    "memory/limit", "cpu/shares", "cpu/mask", "capabilities/bounding-set", "private-network",
    "os/linux/capabilities-revoke-set", "blockIO/readBandwidth", "blockIO/writeBandwidth",
    "networkIO/readBandwidth", "networkIO/writeBandwidth", "privateNetwork", "capabilities/boundingSet",
  ]
  private static let groups = ["supplementaryGids", "supplementaryGroups"]

  /// Whether a value that stands at a place says something in an earlier version's way.
  static func appear(in value: JSONValue, at path: [JSONPath.Component], version: SemanticVersion?) -> Bool {
    switch value {
    case .string(let text):
      switch path.lastKey {
      case "acKind": return text == "ContainerRuntimeManifest"
      case "name", "volume":
        // Names of ports, volumes and apps had one grammar with those of images.
        let list = path.dropLast().lastKey ?? ""
        return isOlder(version, than: SemanticVersion(0, 6, 0))
          && text.utf8.contains { $0 == 0x2E || $0 == 0x2F }
          && ["apps", "ports", "volumes", "mounts", "mountPoints"].contains(list)
      default: return false
      }
    case .object(let object):
      if case .index? = path.last { return isEarlier(object, in: path.lastKey ?? "", version) }
      // Lists of names and texts were objects of texts.
      return ["environment", "annotations"].contains(path.lastKey)
        || path.lastKey == "app" && groups.contains { object[$0] != nil }
    default: return false
    }
  }

  /// An element of a list.
  private static func isEarlier(_ object: JSONObject, in list: String, _ version: SemanticVersion?) -> Bool {
    switch list {
    case "labels", "environment", "annotations": return object["val"] != nil
    case "isolators": return object["val"] != nil || isEarlierIsolator(object, version)
    case "dependencies":
      return object["imageName"] == nil && (object["app"] != nil || object["name"] != nil)
        || object["imageID"] == nil && object["hash"] != nil
    case "mounts": return object["path"] == nil && object["mountPoint"] != nil
    case "volumes": return object["fulfills"] != nil
    case "apps": return object["imageID"] != nil || object["name"] == nil && object["app"]?.string != nil
    default: return false
    }
  }

  private static func isEarlierIsolator(_ object: JSONObject, _ version: SemanticVersion?) -> Bool {
    guard let name = object["name"]?.string else { return false }
    return isolators.contains(name)
      || name == "resource/cpu" && isOlder(version, than: SemanticVersion(0, 7, 0))
  }

  private static func isOlder(_ version: SemanticVersion?, than other: SemanticVersion) -> Bool {
    version.map { $0 < other } ?? false
  }

  /// Whether a difference lies where an earlier version said something in its own way, and nowhere else.
  static func explain(_ difference: JSONDifference, in test: ConformanceCase) -> Bool {
    guard let document = test.document, let key = difference.path.lastKey else { return false }
    let steps = difference.path.components
    let parent = JSONPath(components: steps.dropLast()).value(in: document)?.object ?? JSONObject()
    switch key {
    case "val": return parent["val"] != nil
    case "value" where parent["val"] != nil: return true
    case "path", "mountPoint": return parent["mountPoint"] != nil
    case "supplementaryGIDs", "supplementaryGids", "supplementaryGroups":
      return groups.contains { parent[$0] != nil }
    default:
      // Anything within an isolator that is read as another.
      return steps.indices.contains { index in
        let path = test.home + steps[..<index]
        guard case .index? = path.last, path.lastKey == "isolators",
          let object = JSONPath(components: Array(steps[..<index])).value(in: document)?.object
        else { return false }
        return isEarlierIsolator(object, test.version)
      }
    }
  }
}

extension ArraySlice<JSONPath.Component> {
  fileprivate var lastKey: String? { Array(self).lastKey }
}

extension ConformanceCase {
  /// The version that the document says it follows.
  var version: SemanticVersion? {
    (document?["acVersion"]?.string).flatMap { try? SemanticVersion($0, mode: .tolerant) }
  }

  /// Whether the document has something of an earlier version.
  var isOfEarlierVersion: Bool {
    let version = version
    return contains { EarlierForms.appear(in: $0, at: $1, version: version) }
  }
}
