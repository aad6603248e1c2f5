extension Labels {
  /// Takes labels from a dictionary, sorted by the bytes of their names.
  ///
  /// Throws `invalidValue` if a key is no AC identifier, or is "name".
  public init(sortedByName texts: [String: String], mode: ReadingMode = .strict) throws(SchemaError) {
    let sorted = texts.sorted { precedesInBytes($0.key, $1.key) }
    var labels: [Label] = []
    labels.reserveCapacity(sorted.count)
    for (name, value) in sorted {
      labels.append(Label(name: try ACIdentifier(name, mode: mode), value: value))
    }
    try self.init(labels)
  }

  /// The values by name, without order.
  public var byName: [ACIdentifier: String] {
    Dictionary(map { ($0.name, $0.value) }) { first, _ in first }
  }
}
