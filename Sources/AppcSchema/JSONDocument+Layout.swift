extension JSONDocument {
  /// How a member of an object or an element of an array stands in the text.
  struct Child {
    /// Right after the opening bracket or the comma before.
    var gapStart: Int
    /// Where the key starts, or the element.
    var start: Int
    /// Where the key ends; the same as `start` for an element.
    var keyEnd: Int
    /// The token of the value.
    var value: Int
    /// Where the value starts.
    var valueStart: Int
    var valueEnd: Int
    /// The comma or the closing bracket that follows.
    var separator: Int
  }

  /// The children of the object or array of the token at `index`.
  func children(of index: Int) -> [Child] {
    let container = tokens[index]
    var children: [Child] = []
    var gap = Int(container.start) + 1
    var child = index + 1
    while child < Int(container.next) {
      let value = container.kind == .object ? child + 1 : child
      let start = Int(tokens[child].start)
      let end = Int(tokens[value].end)
      let separator = endOfWhiteSpace(from: end)
      children.append(
        Child(
          gapStart: gap, start: start, keyEnd: value == child ? start : Int(tokens[child].end),
          value: value, valueStart: Int(tokens[value].start), valueEnd: end, separator: separator))
      gap = separator + 1
      child = Int(tokens[value].next)
    }
    return children
  }

  private func endOfWhiteSpace(from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] <= ASCII.space { index += 1 }
    return index
  }
}
