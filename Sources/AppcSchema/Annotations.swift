/// Annotations: in order, no two of one name (D10).
public struct Annotations: Hashable, Sendable, RandomAccessCollection {
  private var annotations: [Annotation]

  /// No annotations.
  public init() {
    annotations = []
  }

  /// Takes annotations in order.
  ///
  /// Throws `invalidValue` if two have one name.
  public init(_ annotations: [Annotation]) throws(SchemaError) {
    var seen = Set<ACIdentifier>(minimumCapacity: annotations.count)
    for annotation in annotations where !seen.insert(annotation.name).inserted {
      throw SchemaError.value(annotation.name.text, of: "annotation", "another annotation has this name")
    }
    self.annotations = annotations
  }

  /// The position of the first annotation.
  public var startIndex: Int { annotations.startIndex }
  /// The position after the last annotation.
  public var endIndex: Int { annotations.endIndex }
  /// The annotation at a position.
  public subscript(position: Int) -> Annotation { annotations[position] }

  /// The value of the annotation of this name.
  ///
  /// Any text may be asked for.
  public subscript(name: String) -> String? {
    annotations.first { $0.name.text.hasSameBytes(as: name) }?.value
  }

  /// The value of the annotation of this name.
  ///
  /// Setting nil removes the annotation; a new one goes to the end.
  public subscript(name: ACIdentifier) -> String? {
    get { annotations.first { $0.name == name }?.value }
    set {
      let index = annotations.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): annotations[index].value = value
      case (let index?, nil): annotations.remove(at: index)
      case (nil, let value?): annotations.append(Annotation(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Sets or (with nil) removes the annotation of a name that is only known at run time.
  ///
  /// Throws `invalidValue` if the name is no AC identifier.
  public mutating func set(_ name: String, to value: String?) throws(SchemaError) {
    self[try ACIdentifier(name)] = value
  }

  /// These annotations with those of `other` put over them: equal names replaced in place, new ones appended
  /// (L9).
  public func merging(_ other: Annotations) -> Annotations {
    var merged = self
    var positions: [ACIdentifier: Int] = [:]
    for (position, annotation) in annotations.enumerated() { positions[annotation.name] = position }
    for annotation in other {
      if let position = positions[annotation.name] {
        merged.annotations[position].value = annotation.value
      } else {
        merged.annotations.append(Annotation(name: annotation.name, value: annotation.value))
      }
    }
    return merged
  }
}

extension Annotations {
  /// The member "annotations" of an object.
  init(_ fields: inout ObjectFields, _ reader: inout SchemaReader) {
    if let node = reader.optional(&fields, "annotations") {
      self.init(node, &reader)
    } else {
      self.init()
    }
  }

  /// Up to 0.2 annotations were an object of strings.
  init(_ node: JSONNode, _ reader: inout SchemaReader) {
    let read =
      reader.isLegacyObject(node)
      ? reader.legacyTexts(node, "D10") { Annotation(legacy: $0, $1, at: $2, &$3) }
      : reader.list(node, "D10") { Annotation($0, &$1) }
    annotations = read
    reader.unique(read, key: \.name.text) {
      $0.error("D10", at: node, "two annotations are called \"\($1)\"")
    }
  }
}

extension Annotation {
  fileprivate init?(legacy name: String, _ text: String, at node: JSONNode, _ reader: inout SchemaReader) {
    guard let name = reader.annotationName(name, at: node) else { return nil }
    self.init(name: name, value: text)
    check(&reader, at: node)
  }
}

extension SchemaReader {
  /// Whether an object stands where today a list does; tolerated.
  func isLegacyObject(_ node: JSONNode) -> Bool {
    mode == .tolerant && tokens[node.index].kind == .object
  }

  /// 0.1.1 wrote annotations and environments as objects of strings: they are taken in the order of their
  /// names.
  mutating func legacyTexts<Element>(
    _ node: JSONNode, _ rule: String,
    _ make: (String, String, JSONNode, inout SchemaReader) -> Element?
  ) -> [Element] {
    upgrade(at: node, "an object of texts is read as a list of names and values")
    let texts = members(node, rule) { name, value, reader in
      reader.string(value, rule).map { (name: name, text: $0, node: value) }
    }
    return texts.sorted { precedesInBytes($0.name, $1.name) }
      .compactMap { make($0.name, $0.text, $0.node, &self) }
  }
}
