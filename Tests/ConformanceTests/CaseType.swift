import AppcSchema

/// What a type of the corpus is to this suite.
enum CaseType: Sendable {
  typealias Reader = @Sendable (ConformanceCase, ReadingMode) throws -> Answer

  /// Something the schema answers for.
  case here(Reader)
  /// Something that another target answers for, and which.
  case otherRoom(String)
  /// Nothing this suite has heard of.
  case unknown

  init(name: String) {
    if let reader = Self.readers[name] {
      self = .here(reader)
    } else if let room = Self.rooms.first(where: { name.hasPrefix($0.prefix) }) {
      self = .otherRoom(room.room)
    } else {
      self = .unknown
    }
  }

  private static let readers: [String: Reader] = [
    scalars, values, commandLine, lookups, quantities, manifests, lastDitch,
  ]
  .reduce(into: [:]) { all, group in all.merge(group) { first, _ in first } }

  /// Every type that is read here.
  static var names: [String] { readers.keys.sorted() }

  private static let rooms: [(prefix: String, room: String)] = [
    ("Render", "ACIStoreTests"), ("UpperPathWhitelist", "ACIStoreTests"),
    ("ManifestFromImage", "ACIArchiveTests"), ("DetectFileType", "ACIArchiveTests"),
    ("ValidateLayout", "ACIArchiveTests"), ("Mountinfo", "the ACE validator's own code"),
    ("Discovery.", "Discovery, to come"),
  ]
}
