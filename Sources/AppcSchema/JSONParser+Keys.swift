extension JSONParser {
  /// Up to this many keys are compared pair by pair, which is faster than hashing them.
  private static let fewKeys = 16

  /// Refuses an object two of whose members have the same key (RFC 8259 leaves open which would count).
  ///
  /// Takes linear time whatever the keys are: many go through a set, whose hash is seeded.
  func refuseDuplicates(in object: Int, _ input: borrowing Span<UInt8>) throws(Fault) {
    let end = Int(tokens[object].next)
    var key = object + 1
    var count = 0
    while key < end {
      guard count < Self.fewKeys else { return try refuseDuplicatesOfMany(in: object, input) }
      var earlier = object + 1
      while earlier < key {
        if haveSameText(tokens[earlier], tokens[key], input) { throw duplicate(key, input) }
        earlier = Int(tokens[earlier + 1].next)
      }
      key = Int(tokens[key + 1].next)
      count += 1
    }
  }

  // Not inlined: most objects are small, and their path the faster the smaller it is.
  @inline(never)
  private func refuseDuplicatesOfMany(in object: Int, _ input: borrowing Span<UInt8>) throws(Fault) {
    let end = Int(tokens[object].next)
    var seen = HashedPositions(count: memberCount(of: object))
    var key = object + 1
    while key < end {
      let isNew = seen.insert(key, hash: hash(of: tokens[key], input)) { earlier in
        haveSameText(tokens[earlier], tokens[key], input)
      }
      guard isNew else { throw duplicate(key, input) }
      key = Int(tokens[key + 1].next)
    }
  }

  private func memberCount(of object: Int) -> Int {
    let end = Int(tokens[object].next)
    var key = object + 1
    var count = 0
    while key < end {
      count += 1
      key = Int(tokens[key + 1].next)
    }
    return count
  }

  /// The seeded hash of a key's bytes, unescaped.
  private func hash(of key: JSONToken, _ input: borrowing Span<UInt8>) -> Int {
    var hasher = Hasher()
    if key.kind == .plainString {
      input.extracting(key.content).withUnsafeBytes { hasher.combine(bytes: $0) }
    } else {
      withBytes(of: key.text(in: input)) { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
    return hasher.finalize()
  }

  private func duplicate(_ key: Int, _ input: borrowing Span<UInt8>) -> Fault {
    let text = tokens[key].text(in: input)
    return Fault(
      offset: Int(tokens[key].start), message: "the object of this key has it twice: \(quoted(text))")
  }

  @inline(__always)
  private func haveSameText(
    _ left: JSONToken, _ right: JSONToken, _ input: borrowing Span<UInt8>
  ) -> Bool {
    guard left.kind == .plainString, right.kind == .plainString else {
      return left.text(in: input).hasSameBytes(as: right.text(in: input))
    }
    guard left.end - left.start == right.end - right.start else { return false }
    var (mine, theirs) = (Int(left.start), Int(right.start))
    while mine < Int(left.end) {
      if input[mine] != input[theirs] { return false }
      mine += 1
      theirs += 1
    }
    return true
  }
}
