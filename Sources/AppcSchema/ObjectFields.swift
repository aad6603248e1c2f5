/// The members of an object of a document, taken one after the other by their keys.
///
/// Keys count by their exact bytes (A17). What nobody has taken in the end is not of the schema.
struct ObjectFields {
  /// The object.
  let object: JSONNode
  /// Which of the first 64 members were taken.
  private var taken: UInt64 = 0
  /// Which of those after them were taken, by position.
  private var takenLater: [Int] = []
  /// Where to look first: members mostly stand in the order they are asked for.
  private var hint: (position: Int, key: Int)

  init(_ object: JSONNode) {
    self.object = object
    hint = (0, object.index + 1)
  }

  /// Takes the value of the member with this key, nil if there is none.
  mutating func take(_ name: StaticString, _ reader: borrowing SchemaReader) -> JSONNode? {
    let start = (position: 0, key: object.index + 1)
    let end = Int(reader.tokens[object.index].next)
    return take(name, from: hint, to: end, reader) ?? take(name, from: start, to: hint.key, reader)
  }

  private mutating func take(
    _ name: StaticString, from start: (position: Int, key: Int), to end: Int,
    _ reader: borrowing SchemaReader
  ) -> JSONNode? {
    var (position, key) = start
    let length = UInt32(name.utf8CodeUnitCount) + 2
    while key < end {
      let next = Int(reader.tokens[key + 1].next)
      let token = reader.tokens[key]
      // Most keys are told apart by their lengths.
      let isCandidate = token.end - token.start == length || token.kind == .escapedString
      if isCandidate, reader.isText(of: key, name) {
        if position < 64 { taken |= 1 << UInt64(position) } else { takenLater.append(position) }
        hint = (position + 1, next)
        return JSONNode(index: key + 1)
      }
      position += 1
      key = next
    }
    return nil
  }

  /// The keys of the members that were not taken, in order.
  func rest(_ reader: borrowing SchemaReader) -> [Int32] {
    let end = Int(reader.tokens[object.index].next)
    // The last member was taken, and all before it.
    if hint.key == end, taken.nonzeroBitCount == hint.position { return [] }
    var rest: [Int32] = []
    var (position, key) = (0, object.index + 1)
    var later = takenLater.isEmpty ? [] : takenLater.sorted()[...]
    while key < end {
      let isTaken = position < 64 ? taken & (1 << UInt64(position)) != 0 : later.first == position
      if !isTaken {
        rest.append(Int32(truncatingIfNeeded: key))
      } else if position >= 64 {
        later.removeFirst()
      }
      position += 1
      key = Int(reader.tokens[key + 1].next)
    }
    return rest
  }
}

/// A value of the document that a reader goes through.
struct JSONNode: Equatable {
  /// The position of its token.
  let index: Int

  static let root = JSONNode(index: 0)
}
