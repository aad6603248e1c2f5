extension JSONValue {
  /// Writes this value over the document it came from: what is as it was there keeps its bytes, the white
  /// space around it included; what is new is laid out as the document is.
  func serialized(preserving source: [UInt8]) -> [UInt8] {
    guard let document = try? JSONDocument(source, limits: .unlimitedBytes) else {
      return serialized(.pretty)
    }
    let old = document.value(at: 0)
    if self == old { return source }
    let root = document.tokens[0]
    var writer = PreservingWriter(document, output: Array(source[..<Int(root.start)]))
    writer.write(self, over: old, at: 0, level: 0)
    writer.output += source[Int(root.end)...]
    return writer.output
  }
}

/// Lays a changed value over the text of the old one.
private struct PreservingWriter {
  let document: JSONDocument
  let bytes: [UInt8]
  var output: [UInt8]
  /// What one level is indented by; nil if the document is on one line.
  private let unit: [UInt8]?
  /// What ends a line.
  private let lineEnd: [UInt8]

  /// The longest white space that is copied for something new.
  ///
  /// A document of nothing but white space around a few members would grow by megabytes with each line.
  private static let longestGap = 256
  /// The longest indent of one level that is taken over, for the same reason.
  private static let longestIndent = 64

  init(_ document: JSONDocument, output: [UInt8]) {
    self.document = document
    self.output = output
    bytes = document.bytes
    let first = document.tokens[0].isContainer ? document.children(of: 0).first : nil
    let gap = first.map { document.bytes[$0.gapStart..<$0.start] } ?? []
    let end = gap.lastIndex(of: ASCII.lineFeed)
    unit = end.map { Array(gap[($0 + 1)...].prefix(Self.longestIndent)) }
    let hasReturn = end.map { gap[..<$0].last == ASCII.carriageReturn } ?? false
    lineEnd = hasReturn ? [ASCII.carriageReturn, ASCII.lineFeed] : [ASCII.lineFeed]
  }

  /// Writes what has become of the value of the token at `index`.
  mutating func write(_ new: JSONValue, over old: JSONValue, at index: Int, level: Int) {
    switch (new, old) {
    case _ where new == old: output += bytes[document.tokens[index].range]
    case (.object(let members), .object(let before)) where !members.isEmpty && !before.isEmpty:
      write(members, over: before, at: index, level: level)
    case (.array(let elements), .array(let before)) where !elements.isEmpty && !before.isEmpty:
      write(elements, over: before, at: index, level: level)
    default:
      write(new, level: level)
    }
  }

  /// A value without predecessor.
  private mutating func write(_ value: JSONValue, level: Int) {
    var writer = JSONWriter(unit: unit, lineEnd: lineEnd)
    writer.write(value, level: level)
    output += writer.output
  }

  /// The white space before a child that is new where it stands, as its neighbours have it.
  private mutating func writeGap(_ model: Range<Int>, level: Int) {
    if model.count <= Self.longestGap {
      output += bytes[model]
      return
    }
    var writer = JSONWriter(unit: unit, lineEnd: lineEnd)
    writer.newLine(level)
    output += writer.output
  }

  private mutating func write(
    _ new: JSONObject, over old: JSONObject, at index: Int, level: Int
  ) {
    let children = document.children(of: index)
    var plan: [(old: Int?, new: JSONValue)] = []
    var keys: [String] = []
    var positions: [ByteKey: Int] = [:]
    for (position, member) in old.enumerated() { positions[ByteKey(member.key)] = position }
    for member in new {
      plan.append((positions[ByteKey(member.key)], member.value))
      keys.append(member.key)
    }
    writeContainer(plan, children, at: index, level: level) { writer, position, child in
      if let child {
        writer.output += writer.bytes[child.start..<child.valueStart]
        return
      }
      var key = JSONWriter(unit: nil)
      key.write(keys[position])
      let colon = children.last.map { writer.bytes[$0.keyEnd..<$0.valueStart] } ?? []
      writer.output += key.output + (1...Self.longestGap ~= colon.count ? colon : [ASCII.colon])
    } oldValue: {
      old[$0].value
    }
  }

  private mutating func write(
    _ new: [JSONValue], over old: [JSONValue], at index: Int, level: Int
  ) {
    let children = document.children(of: index)
    writeContainer(Self.aligned(new, old), children, at: index, level: level) { _, _, _ in
    } oldValue: {
      old[$0]
    }
  }

  /// Pairs each new element with the old one it stems from: equal ones at both ends, those between by
  /// position.
  private static func aligned(_ new: [JSONValue], _ old: [JSONValue]) -> [(old: Int?, new: JSONValue)] {
    let head = zip(new, old).prefix { $0 == $1 }.count
    let limit = min(new.count, old.count) - head
    let tail = min(limit, zip(new.reversed(), old.reversed()).prefix { $0 == $1 }.count)
    return new.enumerated().map { index, element in
      if index < head { return (index, element) }
      if index >= new.count - tail { return (index - new.count + old.count, element) }
      return (index < old.count - tail ? index : nil, element)
    }
  }

  private mutating func writeContainer(
    _ plan: [(old: Int?, new: JSONValue)], _ children: [JSONDocument.Child], at container: Int, level: Int,
    writeKey: (inout PreservingWriter, Int, JSONDocument.Child?) -> Void, oldValue: (Int) -> JSONValue
  ) {
    guard let first = children.first, let last = children.last else { return }
    output.append(bytes[Int(document.tokens[container].start)])
    for (index, entry) in plan.enumerated() {
      let child = entry.old.flatMap { $0 < children.count ? children[$0] : nil }
      // A new child is set off as its neighbours are, and so is one that has become the first or was it.
      let isWhereItWas = child != nil && (index == 0) == (entry.old == 0)
      let model = if isWhereItWas, let child { child } else { index == 0 ? first : last }
      let gap = model.gapStart..<model.start
      if isWhereItWas { output += bytes[gap] } else { writeGap(gap, level: level + 1) }
      writeKey(&self, index, child)
      if let child, let position = entry.old {
        write(entry.new, over: oldValue(position), at: child.value, level: level + 1)
        if index < plan.count - 1, child.separator != last.separator {
          output += bytes[child.valueEnd..<child.separator]
        }
      } else {
        write(entry.new, level: level + 1)
      }
      if index < plan.count - 1 { output.append(ASCII.comma) }
    }
    output += bytes[last.valueEnd..<min(last.separator + 1, bytes.count)]
  }
}
