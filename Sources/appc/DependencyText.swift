import AppcSchema

/// A dependency as people write it: `name[:version][,label=value]...[,size=BYTES][,id=sha512-...]`, or the JSON
/// object of a manifest.
///
/// A label called "size" or "id" can only be said in JSON.
enum DependencyText {
  static func parse(_ text: String) throws -> Dependency {
    if text.utf8.first == UInt8(ascii: "{") {
      return try Dependency(json: try JSONValue.parse(text), mode: .tolerant)
    }
    var size: String?
    var id: String?
    var rest: [String] = []
    for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let part = String(decoding: part, as: UTF8.self)
      if try take(part, "size=", &size) { continue }
      if try take(part, "id=", &id) { continue }
      rest.append(part)
    }
    guard case .name(let name, let labels) = try ImageReference(rest.joined(separator: ",")) else {
      throw CommandError("a dependency goes by its name; an ID is added to it as ,id=sha512-...")
    }
    return Dependency(
      imageName: name, imageID: try id.map { (text) throws(SchemaError) in try ImageID(text) },
      labels: labels, size: try size.map(bytes))
  }

  private static func take(_ part: String, _ prefix: String, _ value: inout String?) throws -> Bool {
    guard part.utf8.starts(with: prefix.utf8) else { return false }
    guard value == nil else { throw CommandError("\(prefix) is given twice") }
    value = String(decoding: part.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    return true
  }

  private static func bytes(_ text: String) throws -> UInt64 {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let size = UInt64(text), size > 0
    else { throw CommandError("size= must be a number of bytes, not \"\(printable(text.utf8))\"") }
    return size
  }
}
