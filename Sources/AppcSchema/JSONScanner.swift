/// Finds where values stand in a document that has been parsed before, one level at a time.
///
/// Trusts the document's syntax, but not so far as to leave its bounds.
struct JSONScanner {
  /// A member of an object or an element of an array.
  struct Child {
    /// Right after the opening bracket or the comma before.
    var gapStart: Int
    /// Where the key starts, or the element.
    var start: Int
    /// Where the value starts.
    var valueStart: Int
    var valueEnd: Int
    /// The comma or the closing bracket that follows.
    var separator: Int
  }

  let bytes: [UInt8]

  func skipWhiteSpace(from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab: index += 1
      default: return index
      }
    }
    return index
  }

  /// Where the value that starts at `start` ends.
  func end(ofValueAt start: Int) -> Int {
    var index = start
    var depth = 0
    while index < bytes.count {
      switch bytes[index] {
      case ASCII.quote:
        index = end(ofStringAt: index)
        if depth == 0 { return index }
        continue
      case ASCII.openBrace, ASCII.openBracket: depth += 1
      case ASCII.closeBrace, ASCII.closeBracket:
        if depth <= 1 { return depth == 1 ? index + 1 : index }
        depth -= 1
      case ASCII.comma, ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab:
        if depth == 0 { return index }
      default: break
      }
      index += 1
    }
    return index
  }

  private func end(ofStringAt start: Int) -> Int {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == ASCII.quote { return index + 1 }
      index += bytes[index] == ASCII.backslash ? 2 : 1
    }
    return bytes.count
  }

  /// The children of the object or array that starts at `start`.
  func children(ofContainerAt start: Int) -> [Child] {
    var children: [Child] = []
    guard start < bytes.count else { return [] }
    let isObject = bytes[start] == ASCII.openBrace
    var gap = start + 1
    while true {
      let first = skipWhiteSpace(from: gap)
      guard first < bytes.count, bytes[first] != ASCII.closeBrace, bytes[first] != ASCII.closeBracket else {
        return children
      }
      // After the key the colon, then the value.
      let value =
        isObject ? skipWhiteSpace(from: skipWhiteSpace(from: end(ofStringAt: first)) + 1) : first
      let end = end(ofValueAt: value)
      let separator = skipWhiteSpace(from: end)
      children.append(
        Child(gapStart: gap, start: first, valueStart: value, valueEnd: end, separator: separator))
      guard separator < bytes.count, bytes[separator] == ASCII.comma else { return children }
      gap = separator + 1
    }
  }
}

extension JSONPath {
  /// Where the value at this path starts in a document that has been parsed; the closest value around it if
  /// there is no such value.
  func position(in document: [UInt8], root: JSONValue) -> JSONPosition {
    let scanner = JSONScanner(bytes: document)
    var offset = scanner.skipWhiteSpace(from: 0)
    var value = root
    for component in components {
      let index: Int?
      let next: JSONValue?
      switch (component, value) {
      case (.key(let key), .object(let object)):
        index = object.index(of: key.text)
        next = index.map { object[$0].value }
      case (.index(let position), .array(let elements)):
        index = elements.indices.contains(position) ? position : nil
        next = index.map { elements[$0] }
      default: (index, next) = (nil, nil)
      }
      let children = index == nil ? [] : scanner.children(ofContainerAt: offset)
      guard let index, let next, index < children.count else { break }
      offset = children[index].valueStart
      value = next
    }
    return JSONPosition(offset: offset, in: document.span)
  }
}
