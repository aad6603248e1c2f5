/// What an image runs, and how (E).
public struct App: Hashable, Sendable {
  /// The command and its arguments; may be empty (E1).
  @Bytewise public var exec: [String]
  /// The user: a name, a number, or a path whose owner is meant (E2, E10).
  @Bytewise public var user: String
  /// The group: a name, a number, or a path whose group is meant.
  @Bytewise public var group: String
  /// Further groups, each 0 to 4,294,967,294 (E3).
  public var supplementaryGIDs: [UInt32]
  /// Commands before and after, at most one for each event (E4).
  public var eventHandlers: [EventHandler]
  /// Where the app starts, absolute; nil means "/" (E5).
  @Bytewise public var workingDirectory: String?
  /// The environment (E6).
  public var environment: Environment
  /// Places that want volumes (E8).
  public var mountPoints: [MountPoint]
  /// Ports the app listens on (E9).
  public var ports: [Port]
  /// Limits and rights (E7).
  public var isolators: [Isolator]
  /// Texts for people and tools, without effect on running the app; keys in order (E9b).
  public var userAnnotations: [UserText]
  /// Texts to find apps by, without effect on running the app; keys in order (E9b).
  public var userLabels: [UserText]
  var origin = OriginBox.none

  /// Creates an app.
  public init(
    exec: [String] = [], user: String = "0", group: String = "0", supplementaryGIDs: [UInt32] = [],
    eventHandlers: [EventHandler] = [], workingDirectory: String? = nil,
    environment: Environment = Environment(), mountPoints: [MountPoint] = [], ports: [Port] = [],
    isolators: [Isolator] = [], userAnnotations: [UserText] = [], userLabels: [UserText] = []
  ) {
    self.exec = exec
    self.user = user
    self.group = group
    self.supplementaryGIDs = supplementaryGIDs
    self.eventHandlers = eventHandlers
    self.workingDirectory = workingDirectory
    self.environment = environment
    self.mountPoints = mountPoints
    self.ports = ports
    self.isolators = isolators
    self.userAnnotations = userAnnotations
    self.userLabels = userLabels
  }
}

/// A key and a text of a user's own (E9b, L14).
public struct UserText: Hashable, Sendable {
  /// The key, any text.
  ///
  /// Compared by bytes.
  @Bytewise public var key: String
  /// The text.
  @Bytewise public var value: String

  /// Pairs a key with a text.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

extension SchemaReader {
  mutating func userTexts(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String
  ) -> [UserText] {
    guard let node = optional(&fields, key) else { return [] }
    return members(node, rule) { key, value, reader in
      reader.string(value, rule).map { UserText(key: key, value: $0) }
    }
  }
}

extension ObjectWriter {
  /// An object of texts that is left out when empty.
  mutating func put(_ key: String, texts: [UserText]) {
    let members = texts.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
    put(key, texts.isEmpty ? nil : .object(JSONObject(members)))
  }
}
