extension Port: ShortForm, CustomStringConvertible {
  /// Reads the command-line form (E14): `name,port=80[,protocol=tcp][,count=N][,socketActivated=bool]`, or the
  /// JSON object.
  ///
  /// Without a protocol it is tcp, without a count, or with 0, there is one port. Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) { self = try Self.read(text) }

  /// Reads several command-line forms with colons between them; none from an empty text.
  ///
  /// Throws `invalidValue`.
  public static func list(parsing text: String) throws(SchemaError) -> [Port] {
    try FormList.elements(of: text).map { element throws(SchemaError) in try Port(parsing: element) }
  }

  init(shortForm text: String) throws(SchemaError) {
    var parameters = try ParameterList(text, type: "port")
    let name = try ACName(parameters.name, mode: .tolerant)
    let transport = parameters.take("protocol")
    guard let port = try parameters.takeInteger("port", in: 1...UInt16.max) else {
      throw parameters.refusal("port must be given")
    }
    // The reference implementation writes 0 for what is not given, and reads that as 1.
    let count = max(try parameters.takeInteger("count", in: 0...UInt16.max) ?? 1, 1)
    let socketActivated = try parameters.takeBool("socketActivated")
    try parameters.finish()
    guard Int(port) + Int(count) - 1 <= 65535 else {
      throw parameters.refusal("\(count) ports from \(port) on end beyond 65535")
    }
    self.init(
      name: name, protocol: transport ?? "tcp", port: port, count: count,
      socketActivated: socketActivated ?? false)
  }

  var shortForm: String {
    "\(name),protocol=\(`protocol`),port=\(port)" + (count == 1 ? "" : ",count=\(count)")
      + (socketActivated ? ",socketActivated=true" : "")
  }

  /// The command-line form, or JSON where that cannot say the value.
  public var description: String { shortestForm }
}
