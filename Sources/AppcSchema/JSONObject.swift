/// The members of a JSON object, in order.
///
/// No two have the same key.
public struct JSONObject: Hashable, Sendable, RandomAccessCollection {
  /// A key with its value.
  public struct Member: Hashable, Sendable {
    /// The key, unescaped.
    ///
    /// Compared by bytes.
    @Bytewise public var key: String
    /// The value.
    public var value: JSONValue

    /// Pairs a key with a value.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  private var members: [Member]

  /// An object without members.
  public init() {
    members = []
  }

  /// Members whose keys are known to differ.
  init(distinctMembers: [Member]) {
    members = distinctMembers
  }

  /// Takes members in order; of equal keys the last value counts, at the first one's place.
  ///
  /// Takes linear time.
  public init(_ members: some Sequence<Member>) {
    self.members = []
    var positions: [ByteKey: Int] = [:]
    for member in members {
      if let position = positions[ByteKey(member.key)] {
        self.members[position].value = member.value
      } else {
        positions[ByteKey(member.key)] = self.members.count
        self.members.append(member)
      }
    }
  }

  /// The position of the first member.
  public var startIndex: Int { members.startIndex }
  /// The position after the last member.
  public var endIndex: Int { members.endIndex }
  /// The member at a position.
  public subscript(position: Int) -> Member { members[position] }

  /// The value for a key.
  ///
  /// Setting nil removes the member; setting a new key appends it, another value stays where the old one was.
  /// Takes time in proportion to the number of members.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Where the member with this key stands.
  public func index(of key: String) -> Int? {
    members.firstIndex { $0.key.hasSameBytes(as: key) }
  }
}
