extension MountPoint: ShortForm, CustomStringConvertible {
  /// Reads the command-line form (E14): `name,path=/x[,readOnly=bool]`, or the JSON object.
  ///
  /// The path is taken as it stands, which leaves no way to write a comma in it but JSON. Throws
  /// `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  /// Reads several command-line forms with colons between them; none from an empty text.
  ///
  /// A colon in a path can only be written in JSON. Throws `invalidValue`.
  public static func list(parsing text: String) throws(SchemaError) -> [MountPoint] {
    try FormList.elements(of: text).map { element throws(SchemaError) in try MountPoint(parsing: element) }
  }

  init(shortForm text: String) throws(SchemaError) {
    var parameters = try ParameterList(text, type: "mount point")
    let name = try ACName(parameters.name, mode: .tolerant)
    guard let path = parameters.take("path"), !path.isEmpty else {
      throw parameters.refusal("path must be given")
    }
    let readOnly = try parameters.takeBool("readOnly")
    try parameters.finish()
    self.init(name: name, path: path, readOnly: readOnly ?? false)
  }

  var shortForm: String { "\(name),path=\(path)" + (readOnly ? ",readOnly=true" : "") }

  /// The command-line form, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
