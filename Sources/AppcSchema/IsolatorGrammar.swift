/// How the items of an isolator's command-line form stand for its JSON value.
enum IsolatorGrammar {
  /// `request=500m,limit=1`; for devices there is a `default`, which need not be written.
  case range(ofDevice: Bool)
  /// `CAP_KILL,CAP_CHOWN`; `errno=EPERM,read,write` where there is an errno.
  case set(withErrno: Bool)
  /// `key=value,key=value`, of these keys or any.
  case texts([String]?)
  /// `true`.
  case flag
  /// `-500`.
  case number

  /// nil for a name that the specification does not know: its value can only be written in JSON.
  init?(of name: ACIdentifier) {
    typealias Content = Isolator.Content
    switch name {
    case Content.cpuName, Content.memoryName: self = .range(ofDevice: false)
    case Content.blockBandwidthName, Content.blockIOPSName, Content.networkBandwidthName:
      self = .range(ofDevice: true)
    case Content.capabilitiesRemoveName, Content.capabilitiesRetainName: self = .set(withErrno: false)
    case Content.seccompRemoveName, Content.seccompRetainName: self = .set(withErrno: true)
    case Content.selinuxName: self = .texts(["user", "role", "type", "level"])
    case Content.apparmorName: self = .texts(["profile"])
    case Content.sysctlName: self = .texts(nil)
    case Content.noNewPrivilegesName: self = .flag
    case Content.oomScoreName, Content.cpuSharesName: self = .number
    default: return nil
    }
  }

  /// The JSON value that items stand for; throws what is wrong with them.
  func value(of items: [IsolatorScanner.Item]) throws(Problem) -> JSONValue {
    switch self {
    case .flag:
      guard let flag = Bool(anySpelling: try onlyWord(items)) else { throw Problem("it is true or false") }
      return .bool(flag)
    case .number:
      guard let number = JSONNumber(try onlyWord(items)) else { throw Problem("it is a number") }
      return .number(number)
    case .texts(let keys): return .object(try object(items, keys: keys))
    case .range(let ofDevice):
      var object = try object(items, keys: ["default", "request", "limit"])
      if let text = object["default"]?.string {
        guard let flag = Bool(anySpelling: text) else { throw Problem("default is true or false") }
        object["default"] = .bool(flag)
      } else if ofDevice {
        object = JSONObject([JSONObject.Member(key: "default", value: true)] + object)
      }
      return .object(object)
    case .set(let withErrno):
      let pairs = items.filter { if case .pair = $0 { true } else { false } }
      let members = try object(pairs, keys: withErrno ? ["errno"] : [])
      let names = items.compactMap { item in
        if case .word(let name) = item { JSONValue.string(name) } else { nil }
      }
      return .object(JSONObject([JSONObject.Member(key: "set", value: .array(names))] + members))
    }
  }

  /// Items that stand for this value, nil if there are none.
  ///
  /// They may stand for a similar one: `5` is written as a text. Whoever asks reads them back and compares.
  func items(of value: JSONValue) -> [IsolatorScanner.Item]? {
    switch (self, value) {
    case (.flag, .bool(let flag)): return [.word(flag ? "true" : "false")]
    case (.number, .number(let number)): return [.word(number.text)]
    case (.set, .object(let object)):
      let errno = object["errno"]?.string.map { IsolatorScanner.Item.pair(key: "errno", value: $0) }
      let names = (object["set"]?.array ?? []).compactMap(\.string).map(IsolatorScanner.Item.word)
      return (errno.map { [$0] } ?? []) + names
    case (.range(let ofDevice), .object(let object)):
      let isImplied = ofDevice && object.index(of: "default") == 0
      return (isImplied ? object.dropFirst() : object[...]).map(Self.pair)
    case (.texts, .object(let object)): return object.map(Self.pair)
    default: return nil
    }
  }

  private static func pair(_ member: JSONObject.Member) -> IsolatorScanner.Item {
    .pair(key: member.key, value: member.value.string ?? member.value.description)
  }

  private func onlyWord(_ items: [IsolatorScanner.Item]) throws(Problem) -> String {
    guard items.count == 1, case .word(let word)? = items.first else { throw Problem("it has one value") }
    return word
  }

  private func object(_ items: [IsolatorScanner.Item], keys: [String]?) throws(Problem) -> JSONObject {
    var members: [JSONObject.Member] = []
    var seen = Set<ByteKey>()
    for item in items {
      guard case .pair(let key, let value) = item else { throw Problem("its items have the form key=value") }
      if let keys, !keys.contains(where: key.hasSameBytes(as:)) {
        throw Problem("there is no parameter \(quoted(key))")
      }
      guard seen.insert(ByteKey(key)).inserted else { throw Problem("\(quoted(key)) is given twice") }
      members.append(JSONObject.Member(key: key, value: .string(value)))
    }
    return JSONObject(distinctMembers: members)
  }

  /// What is wrong with items.
  struct Problem: Error {
    let message: String

    init(_ message: String) { self.message = message }
  }
}
