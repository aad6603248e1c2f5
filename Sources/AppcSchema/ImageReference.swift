/// How somebody names an image on a command line (H14).
public enum ImageReference: Hashable, Sendable {
  /// `sha512-` and 128 digits.
  case id(ImageID)
  /// `sha512-` and fewer digits.
  case prefix(ImageIDPrefix)
  /// `name[:version][,label=value]*`.
  case name(ACIdentifier, Labels)

  /// Reads a reference.
  ///
  /// What starts with `sha512-` and goes on in hexadecimal is an ID or a prefix; everything else is a name:
  /// at most one colon, right after it, gives the label `version`. Labels are taken as they stand. A label
  /// that holds a comma or a colon can only be said in JSON, `{"name":...,"labels":[...]}`; `{"id":...}` is
  /// read too. Throws `invalidValue`.
  public init(_ text: String) throws(SchemaError) { self = try Self.read(text) }

  private static func refusal(_ text: String, _ detail: String) -> SchemaError {
    .value(text, of: "image reference", detail)
  }
}

extension ImageReference: ShortForm {
  init(shortForm text: String) throws(SchemaError) {
    if let prefix = try? ImageIDPrefix(text) {
      if let id = try? ImageID(text) { self = .id(id) } else { self = .prefix(prefix) }
      return
    }
    if text.utf8.contains(0) { throw Self.refusal(text, "it holds a NUL character") }
    let parts = text.utf8.split(separator: ASCII.comma, omittingEmptySubsequences: false)
    let head = parts.first ?? text.utf8[...]
    let colons = text.utf8.lazy.filter { $0 == ASCII.colon }.count
    let colon = head.firstIndex(of: ASCII.colon)
    guard colons == 0 || (colons == 1 && colon != nil) else {
      throw Self.refusal(text, "a colon may appear once, right after the name")
    }
    let name = String(decoding: head[..<(colon ?? head.endIndex)], as: UTF8.self)
    var labels: [Label] = []
    if let colon {
      let version = head[head.index(after: colon)...]
      labels.append(Label(name: "version", value: String(decoding: version, as: UTF8.self)))
    }
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: ASCII.equals) else {
        throw Self.refusal(text, "each label must have the form name=value")
      }
      labels.append(
        Label(
          name: try ACIdentifier(String(decoding: part[..<equals], as: UTF8.self), mode: .tolerant),
          value: String(decoding: part[part.index(after: equals)...], as: UTF8.self)))
    }
    self = .name(try ACIdentifier(name, mode: .tolerant), try Labels(labels))
  }

  init(jsonForm value: JSONValue) throws(SchemaError) {
    switch (value["id"]?.string, value["name"]?.string) {
    case (let id?, nil): try self.init(shortForm: try ImageIDPrefix(id).description)
    case (nil, let name?):
      var labels: [Label] = []
      for label in value["labels"]?.array ?? [] {
        labels.append(try Label(json: label, mode: .tolerant))
      }
      self = .name(try ACIdentifier(name, mode: .tolerant), try Labels(labels))
    default: throw Self.refusal(value.description, "it must have either an \"id\" or a \"name\", a text")
    }
  }

  var shortForm: String {
    switch self {
    case .id(let id): return id.description
    case .prefix(let prefix): return prefix.description
    case .name(let name, let labels):
      var text = name.text
      for (position, label) in labels.enumerated() {
        // The short form of the version comes first.
        let isVersion = position == 0 && label.name == "version"
        text += isVersion ? ":\(label.value)" : ",\(label.name)=\(label.value)"
      }
      return text
    }
  }

  var jsonForm: JSONValue {
    switch self {
    case .id(let id): ["id": .string(id.description)]
    case .prefix(let prefix): ["id": .string(prefix.description)]
    case .name(let name, let labels): ["name": .string(name.text), "labels": labels.json]
    }
  }
}

extension ImageReference: CustomStringConvertible {
  /// The reference as it is written on a command line.
  public var description: String { shortestForm }
}
