import AppcEngine
import AppcSchema

/// A column of `appc image list`.
enum ImageListField: String, CaseIterable {
  case id, name, version, labels, size, imagesize, treesize, importtime, lastused, latest, origin

  /// What is shown unless something else is asked for.
  static let usual: [Self] = [.id, .name, .size, .importtime, .lastused, .latest]

  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  /// Fields with commas between their names.
  static func parse(_ list: String, option: String) throws -> [Self] {
    let fields = try OptionText.list(list).map { word in
      guard let field = Self(rawValue: word) else {
        throw CommandError("\(option): there is no \"\(printable(word.utf8))\"; use \(names)")
      }
      return field
    }
    guard !fields.isEmpty else { throw CommandError("\(option): name at least one of \(names)") }
    return fields
  }

  /// The heading of the column.
  var title: String {
    switch self {
    case .imagesize: "IMAGE SIZE"
    case .treesize: "TREE SIZE"
    case .importtime: "IMPORT TIME"
    case .lastused: "LAST USED"
    default: rawValue.uppercased()
    }
  }

  /// The key in JSON: rkt's where rkt has one.
  var key: String {
    switch self {
    case .imagesize: "image_size"
    case .treesize: "tree_size"
    case .importtime: "import_time"
    case .lastused: "last_used_time"
    default: rawValue
    }
  }

  /// Whether an image goes before another; nil if this field does not tell.
  func precedes(_ left: ImageRecord, _ right: ImageRecord) -> Bool? {
    func compare<Value: Comparable>(_ value: (ImageRecord) -> Value) -> Bool? {
      let (first, second) = (value(left), value(right))
      return first == second ? nil : first < second
    }
    func compareText(_ value: (ImageRecord) -> String) -> Bool? {
      let (first, second) = (value(left), value(right))
      return first.hasSameBytes(as: second) ? nil : first.utf8.lexicographicallyPrecedes(second.utf8)
    }
    switch self {
    case .id: return compare(\.id)
    case .name: return compare(\.name)
    case .version: return compareText { $0.version ?? "" }
    case .labels: return compareText { $0.labels.description }
    case .size: return compare(\.bytes)
    case .imagesize: return compare(\.tarBytes)
    case .treesize: return compare { $0.treeBytes ?? 0 }
    case .importtime: return compare(\.importedAt)
    case .lastused: return compare(\.lastUsedAt)
    case .latest: return compare { $0.isLatest ? 1 : 0 }
    case .origin: return compareText { $0.origin ?? "" }
    }
  }
}

extension ImageListField {
  /// The cell of an image: whole IDs, dates and bytes when `full`.
  func cell(of image: ImageRecord, full: Bool, now: Int64) -> String {
    func size(_ bytes: Int64) -> String { full ? "\(bytes)" : HumanText.size(bytes) }
    func time(_ time: FileTime) -> String {
      full ? HumanText.date(time.seconds) : HumanText.ago(time.seconds, now: now)
    }
    switch self {
    case .id: return full ? image.id.description : image.id.short
    case .name: return printable(image.versionedName.utf8)
    case .version: return printable((image.version ?? "").utf8)
    case .labels: return printable(image.labels.description.utf8)
    case .size: return size(image.bytes)
    case .imagesize: return size(image.tarBytes)
    case .treesize: return image.treeBytes.map(size) ?? ""
    case .importtime: return time(image.importedAt)
    case .lastused: return time(image.lastUsedAt)
    case .latest: return "\(image.isLatest)"
    case .origin: return printable((image.origin ?? "").utf8)
    }
  }

  /// The value of an image in JSON: sizes in bytes, times in nanoseconds since 1970; nil if it has none.
  func json(of image: ImageRecord) -> JSONValue? {
    switch self {
    case .id: .string(image.id.description)
    case .name: .string(image.versionedName)
    case .version: image.version.map { .string($0) }
    case .labels:
      .array(image.labels.map { ["name": .string($0.name.description), "value": .string($0.value)] })
    case .size: .integer(image.bytes)
    case .imagesize: .integer(image.tarBytes)
    case .treesize: image.treeBytes.map { .integer($0) }
    case .importtime: .integer(image.importedAt.total)
    case .lastused: .integer(image.lastUsedAt.total)
    case .latest: .bool(image.isLatest)
    case .origin: image.origin.map { .string($0) }
    }
  }
}

extension ImageRecord {
  /// What the image takes on disk, its rendered trees included, as rkt counts.
  fileprivate var bytes: Int64 { tarBytes.addingReportingOverflow(treeBytes ?? 0).partialValue }

  /// The name, and the version if there is one, as a command takes them.
  var versionedName: String { name.description + (version.map { ":\($0)" } ?? "") }
}

extension FileTime {
  /// Nanoseconds since 1970.
  fileprivate var total: Int64 { seconds &* 1_000_000_000 &+ Int64(nanoseconds) }
}
