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
    for annotation in other { merged[annotation.name] = annotation.value }
    return merged
  }
}

extension Annotations {
  /// Annotations as read.
  ///
  /// Up to 0.2 they were an object of strings.
  init(_ object: JSONObject, _ reader: inout SchemaReader) {
    if case .object(let old)? = reader.optional(object, "annotations"), reader.mode == .tolerant {
      annotations = reader.at("annotations") { reader in
        reader.textsOfObject(old, "D10").compactMap { Annotation($0, &reader) }
      }
    } else {
      annotations = reader.list(object, "annotations", "D10") { Annotation($0, &$1) }
    }
    let read = annotations
    reader.at("annotations") { reader in
      reader.unique(read, key: \.name.text) { $0.error("D10", "two annotations are called \"\($1)\"") }
    }
  }
}

extension SchemaReader {
  /// 0.1.1 wrote annotations and environments as objects of strings: as `{name, value}` objects, sorted by
  /// name.
  mutating func textsOfObject(_ object: JSONObject, _ rule: String) -> [JSONValue] {
    upgrade("an object of texts is read as a list of names and values")
    return object.sorted { precedesInBytes($0.key, $1.key) }.map { member in
      ["name": .string(member.key), "value": member.value]
    }
  }
}
