extension MountPoint: CustomStringConvertible {
  /// Reads the command-line form (E14): `name,path=/x[,readOnly=bool]`.
  ///
  /// Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) {
    var parameters = try ParameterList(text, type: "mount point")
    let name = try ACName(parameters.name, mode: .tolerant)
    let path = parameters.take("path") ?? ""
    guard !path.isEmpty, !path.utf8.contains(0) else { throw parameters.refusal("path must be given") }
    let readOnly = try parameters.takeBool("readOnly")
    try parameters.finish()
    self.init(name: name, path: path, readOnly: readOnly ?? false)
  }

  /// The command-line form.
  public var description: String { "\(name),path=\(path)" + (readOnly ? ",readOnly=true" : "") }
}

extension Port: CustomStringConvertible {
  /// Reads the command-line form (E14): `name,protocol=tcp,port=80[,count=N][,socketActivated=bool]`; without
  /// a protocol it is tcp.
  ///
  /// Throws `invalidValue`.
  public init(parsing text: String) throws(SchemaError) {
    var parameters = try ParameterList(text, type: "port")
    let name = try ACName(parameters.name, mode: .tolerant)
    let transport = parameters.take("protocol")
    guard let port = try parameters.takeInteger("port", in: 1...UInt16.max) else {
      throw parameters.refusal("port must be given")
    }
    let count = try parameters.takeInteger("count", in: 1...UInt16.max) ?? 1
    let socketActivated = try parameters.takeBool("socketActivated")
    try parameters.finish()
    guard Int(port) + Int(count) - 1 <= 65535 else {
      throw parameters.refusal("\(count) ports from \(port) on end beyond 65535")
    }
    self.init(
      name: name, protocol: transport ?? "tcp", port: port, count: count,
      socketActivated: socketActivated ?? false)
  }

  /// The command-line form.
  public var description: String {
    "\(name),protocol=\(`protocol`),port=\(port)" + (count == 1 ? "" : ",count=\(count)")
      + (socketActivated ? ",socketActivated=true" : "")
  }
}
