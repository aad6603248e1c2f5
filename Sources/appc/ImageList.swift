import AppcEngine
import AppcSchema
import ArgumentParser
import Glibc

/// `appc image list`.
struct ImageList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the images of the store.")

  enum Field: String, CaseIterable {
    case id, name, size, importtime, lastused

    var title: String {
      switch self {
      case .id: "ID"
      case .name: "NAME"
      case .size: "SIZE"
      case .importtime: "IMPORT TIME"
      case .lastused: "LAST USED"
      }
    }
  }

  @Option(
    name: .long, help: ArgumentHelp("Columns: id, name, size, importtime, lastused.", valueName: "LIST"))
  var fields = "id,name,size,importtime,lastused"

  @Option(name: .long, help: ArgumentHelp("Sort by name, size, importtime or lastused.", valueName: "FIELDS"))
  var sort = "importtime"

  @Option(name: .long, help: ArgumentHelp("asc or desc.", valueName: "ORDER"))
  var order = "asc"

  @Flag(name: .long, help: "Whole IDs, sizes in bytes, and dates.")
  var full = false

  @Flag(name: .long, help: "Leave the heading out.")
  var noLegend = false

  @Option(name: .long, help: ArgumentHelp("json or json-pretty.", valueName: "FORMAT"))
  var format: String?

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() throws {
    let chosen = try Self.chosen(fields, allowed: Field.allCases, option: "--fields")
    let keys = try Self.chosen(sort, allowed: [.name, .size, .importtime, .lastused], option: "--sort")
    guard ["asc", "desc"].contains(order) else {
      throw CommandError("--order: there is no \"\(order)\"; use asc or desc")
    }
    let images = try global.engine().images().sorted { left, right in
      Self.precedes(left, right, keys, ascending: order == "asc")
    }
    switch format {
    case nil: Console.write(table(images, chosen))
    case "json": Console.write(Self.json(images).serialized(.compact) + [UInt8(ascii: "\n")])
    case "json-pretty": Console.write(Self.json(images).serialized(.pretty) + [UInt8(ascii: "\n")])
    case let other?: throw CommandError("--format: there is no \"\(other)\"; use json or json-pretty")
    }
  }

  private static func chosen(_ list: String, allowed: [Field], option: String) throws -> [Field] {
    try list.split(separator: ",").map { word in
      guard let field = Field(rawValue: String(word)), allowed.contains(field) else {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        throw CommandError("\(option): there is no \"\(word)\"; use \(names)")
      }
      return field
    }
  }

  private static func precedes(
    _ left: ImageRecord, _ right: ImageRecord, _ keys: [Field], ascending: Bool
  ) -> Bool {
    for key in keys {
      let (first, second) = ascending ? (left, right) : (right, left)
      switch key {
      case .name where first.name != second.name: return first.name < second.name
      case .size where first.bytes != second.bytes: return first.bytes < second.bytes
      case .importtime where first.importedAt != second.importedAt:
        return first.importedAt < second.importedAt
      case .lastused where first.lastUsedAt != second.lastUsedAt: return first.lastUsedAt < second.lastUsedAt
      default: continue
      }
    }
    return left.id < right.id
  }

  private func table(_ images: [ImageRecord], _ fields: [Field]) -> String {
    var table = Table()
    if !noLegend { table.add(fields.map(\.title)) }
    let now = Int64(time(nil))
    for image in images { table.add(fields.map { cell($0, of: image, now) }) }
    return table.text
  }

  private func cell(_ field: Field, of image: ImageRecord, _ now: Int64) -> String {
    switch field {
    case .id: full ? image.id.description : image.id.short
    case .name: image.name.description + (image.version.map { ":\(printable($0.utf8))" } ?? "")
    case .size: full ? "\(image.bytes)" : HumanText.size(image.bytes)
    case .importtime:
      full ? HumanText.date(image.importedAt.seconds) : HumanText.ago(image.importedAt.seconds, now: now)
    case .lastused:
      full ? HumanText.date(image.lastUsedAt.seconds) : HumanText.ago(image.lastUsedAt.seconds, now: now)
    }
  }

  private static func json(_ images: [ImageRecord]) -> JSONValue {
    .array(
      images.map { image in
        [
          "id": .string(image.id.description),
          "name": .string(image.name.description + (image.version.map { ":\($0)" } ?? "")),
          "import_time": .integer(image.importedAt.total),
          "last_used_time": .integer(image.lastUsedAt.total),
          "size": .integer(image.bytes),
        ]
      })
  }
}

extension ImageRecord {
  /// What the image takes on disk, its rendered tree included.
  fileprivate var bytes: Int64 { tarBytes + (treeBytes ?? 0) }
}

extension FileTime {
  /// Nanoseconds since 1970.
  fileprivate var total: Int64 { seconds &* 1_000_000_000 &+ Int64(nanoseconds) }
}
