import AppcEngine
import AppcSchema
import ArgumentParser
import Glibc

/// `appc image list`.
struct ImageList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the images of the store.",
    usage: "appc image list [OPTIONS]",
    discussion: """
      Fields: \(ImageListField.names). The size is that of the image and of the trees rendered of it together.
      JSON is an array of objects with every field, or with those of --fields; sizes are bytes, times nanoseconds \
      since 1970, and the name has the version after a colon.

      Example: appc image list --sort size,name --order desc --fields name,size,lastused
      """)

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What to show; otherwise \(ImageListField.usual.map(\.rawValue).joined(separator: ",")).",
      valueName: "LIST"))
  var fields: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Sort by these fields; by the first, among equals by the next.", valueName: "LIST"))
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
    let chosen = try fields.map { try ImageListField.parse($0, option: "--fields") }
    let keys = try ImageListField.parse(sort, option: "--sort")
    guard ["asc", "desc"].contains(order) else {
      throw CommandError("--order: there is no \"\(printable(order.utf8))\"; use asc or desc")
    }
    let format = try OutputFormat.parse(format)
    let images = Self.sorted(try global.engine().images(), by: keys, ascending: order == "asc")
    if let format {
      format.write(Self.json(images, chosen ?? ImageListField.allCases))
    } else {
      Console.write(table(images, chosen ?? ImageListField.usual))
    }
  }

  /// Images that no field tells apart are in the order of their IDs.
  static func sorted(
    _ images: [ImageRecord], by keys: [ImageListField], ascending: Bool
  ) -> [ImageRecord] {
    images.sorted { left, right in
      for key in keys {
        if let precedes = key.precedes(left, right) { return precedes == ascending }
      }
      return left.id < right.id
    }
  }

  private func table(_ images: [ImageRecord], _ fields: [ImageListField]) -> String {
    var table = Table()
    if !noLegend { table.add(fields.map(\.title)) }
    let now = Int64(time(nil))
    for image in images { table.add(fields.map { $0.cell(of: image, full: full, now: now) }) }
    return table.text
  }

  private static func json(_ images: [ImageRecord], _ fields: [ImageListField]) -> JSONValue {
    .array(
      images.map { image in
        var object = JSONObject()
        for field in fields {
          if let value = field.json(of: image) { object[field.key] = value }
        }
        return .object(object)
      })
  }
}
