extension Volume: ShortForm, CustomStringConvertible {
  /// Reads the command-line form (E14):
  /// `name,kind=host|empty[,source=][,readOnly=][,recursive=][,mode=][,uid=][,gid=]`, or the JSON object.
  ///
  /// The source is taken as it stands, which leaves no way to write a comma in it but JSON. Throws
  /// `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    var parameters = try ParameterList(text, type: "volume")
    let name = try ACName(parameters.name, mode: .tolerant)
    let kindText = parameters.take("kind") ?? ""
    guard let kind = [Kind.host, .empty].first(where: { $0.rawValue.hasSameBytes(as: kindText) }) else {
      throw parameters.refusal("kind must be host or empty, not \(quoted(kindText))")
    }
    let source = parameters.take("source").flatMap { $0.isEmpty ? nil : $0 }
    let readOnly = try parameters.takeBool("readOnly")
    let recursive = try parameters.takeBool("recursive")
    let mode = parameters.take("mode")
    let uid = try parameters.takeInteger("uid", in: 0...UInt32.max - 1)
    let gid = try parameters.takeInteger("gid", in: 0...UInt32.max - 1)
    try parameters.finish()
    if kind == .host, mode != nil || uid != nil || gid != nil {
      throw parameters.refusal("mode, uid and gid are for volumes of kind empty")
    }
    self.init(
      name: name, kind: kind, source: source, readOnly: readOnly, recursive: recursive,
      mode: try Self.mode(mode, parameters), uid: uid ?? 0, gid: gid ?? 0)
    if let problem { throw parameters.refusal(problem) }
  }

  /// An empty text is the default, as it is for the reference implementation.
  private static func mode(_ text: String?, _ parameters: ParameterList) throws(SchemaError) -> UInt16 {
    guard let text, !text.isEmpty else { return defaultMode }
    guard let mode = mode(parsing: text) else {
      throw parameters.refusal("mode must be an octal number up to 7777, not \(quoted(text))")
    }
    return mode
  }

  /// Without what is as by default.
  var shortForm: String {
    var text = "\(name),kind=\(kind.rawValue)"
    if let source { text += ",source=\(source)" }
    if let readOnly { text += ",readOnly=\(readOnly)" }
    if let recursive { text += ",recursive=\(recursive)" }
    if mode != Self.defaultMode { text += ",mode=\(Self.text(ofMode: mode))" }
    if uid != 0 { text += ",uid=\(uid)" }
    if gid != 0 { text += ",gid=\(gid)" }
    return text
  }

  /// The command-line form without what is as by default, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
