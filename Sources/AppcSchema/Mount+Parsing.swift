extension Mount: ShortForm, CustomStringConvertible {
  /// Reads the command-line form, which is rkt's: `volume=NAME,target=PATH`, or the JSON object.
  ///
  /// The path is absolute. The volume that a mount may bring along (`appVolume`) can only be said in JSON.
  /// Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  init(shortForm text: String) throws(SchemaError) {
    var parameters = try ParameterList(pairs: text, type: "mount")
    guard let volume = parameters.take("volume"), let path = parameters.take("target") else {
      throw parameters.refusal("it must have the form volume=NAME,target=PATH")
    }
    try parameters.finish()
    guard path.utf8.first == ASCII.slash else {
      throw parameters.refusal("the target \(quoted(path)) is not absolute")
    }
    self.init(volume: try ACName(volume, mode: .tolerant), path: path)
  }

  var shortForm: String { "volume=\(volume),target=\(path)" }

  /// The command-line form, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
