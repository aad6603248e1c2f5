/// The labels of an image: in order, no two of one name (D4).
public struct Labels: Hashable, Sendable, RandomAccessCollection {
  private var labels: [Label]

  /// No labels.
  public init() {
    labels = []
  }

  /// Takes labels in order.
  ///
  /// Throws `invalidValue` if two have one name, or one is called "name", which would contradict the image's
  /// name.
  public init(_ labels: [Label]) throws(SchemaError) {
    self.labels = []
    self.labels.reserveCapacity(labels.count)
    var seen = Set<ACIdentifier>(minimumCapacity: labels.count)
    for label in labels {
      try Self.check(label.name)
      guard seen.insert(label.name).inserted else {
        throw SchemaError.value(label.name.text, of: "label", "another label has this name")
      }
      self.labels.append(label)
    }
  }

  /// The position of the first label.
  public var startIndex: Int { labels.startIndex }
  /// The position after the last label.
  public var endIndex: Int { labels.endIndex }
  /// The label at a position.
  public subscript(position: Int) -> Label { labels[position] }

  /// The value of the label of this name.
  ///
  /// Any text may be asked for.
  public subscript(name: String) -> String? {
    labels.first { $0.name.text.hasSameBytes(as: name) }?.value
  }

  /// The value of the label of this name.
  ///
  /// Setting nil removes the label; a new one goes to the end. The name "name" is not refused here, but by
  /// `set(_:to:)` and by `validated` of the manifest.
  public subscript(name: ACIdentifier) -> String? {
    get { labels.first { $0.name == name }?.value }
    set {
      let index = labels.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): labels[index].value = value
      case (let index?, nil): labels.remove(at: index)
      case (nil, let value?): labels.append(Label(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Sets or (with nil) removes the label of a name that is only known at run time.
  ///
  /// Throws `invalidValue` if the name is no AC identifier, or "name".
  public mutating func set(_ name: String, to value: String?) throws(SchemaError) {
    let identifier = try ACIdentifier(name)
    try Self.check(identifier)
    self[identifier] = value
  }

  /// Whether a label of this name would contradict the image's own name.
  private static func isReserved(_ name: ACIdentifier) -> Bool { name.text == "name" }

  private static func check(_ name: ACIdentifier) throws(SchemaError) {
    if isReserved(name) { throw SchemaError.value("name", of: "label", "no label may be called \"name\"") }
  }
}

extension Labels: CustomStringConvertible {
  /// `version=1.0,os=linux`.
  public var description: String { map { "\($0.name)=\(printable($0.value.utf8))" }.joined(separator: ",") }
}

extension Labels {
  /// Whether every label of `wanted` is here with the same value: how an image satisfies a request (F6).
  public func satisfy(_ wanted: Labels) -> Bool {
    // A few are found faster without hashing; many would take quadratic time.
    let values = wanted.count > 8 ? byName : nil
    return wanted.allSatisfy { want in
      let value = values.map { $0[want.name] } ?? self[want.name]
      return value?.hasSameBytes(as: want.value) ?? false
    }
  }

  /// The member "labels" of an object: the rules D4, D6 and D11 are checked.
  init(_ fields: inout ObjectFields, _ reader: inout SchemaReader, rule: String = "D4") {
    if let node = reader.optional(&fields, "labels") {
      self.init(node, &reader, rule: rule)
    } else {
      self.init()
    }
  }

  init(_ node: JSONNode, _ reader: inout SchemaReader, rule: String) {
    let read = reader.list(node, rule) { Label($0, &$1) }
    labels = read
    if read.contains(where: { Self.isReserved($0.name) }) {
      reader.error(rule, at: node, "no label may be called \"name\"")
    }
    reader.unique(read, key: \.name.text) { $0.error(rule, at: node, "two labels are called \"\($1)\"") }
    if let problem = platformProblem {
      reader.error("D11", at: node, problem)
    } else if self["arch"] != nil, self["os"] == nil {
      reader.warn("D6", at: node, "\"arch\" says nothing without \"os\"")
    }
  }
}
