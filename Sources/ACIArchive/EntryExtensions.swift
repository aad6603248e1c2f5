/// What extended headers say of the entry that follows them.
struct EntryExtensions {
  private(set) var pax: PAXRecords?
  private(set) var longName: [UInt8]?
  private(set) var longLink: [UInt8]?

  /// Whether no extended header has been seen.
  var isEmpty: Bool { pax == nil && longName == nil && longLink == nil }

  /// The entry's name, from wherever it counts.
  func name(_ header: TarHeader) -> [UInt8] {
    pax?.sparse.name ?? pax?.path ?? longName ?? header.name
  }

  /// Whether the entry is the archive's own root, as in an archive of ".".
  func namesRoot(_ header: TarHeader) -> Bool {
    let name = name(header)
    return name.elementsEqual("./".utf8) || name.elementsEqual(".".utf8)
  }

  /// Takes a PAX header.
  ///
  /// Readers disagree about two in a row and about PAX together with GNU's headers.
  mutating func add(_ records: PAXRecords) throws(ArchiveError) {
    guard isEmpty else { throw mixed }
    pax = records
  }

  /// Takes a GNU long name.
  mutating func add(longName bytes: [UInt8]) throws(ArchiveError) {
    guard pax == nil, longName == nil else { throw mixed }
    longName = try text(bytes)
  }

  /// Takes a GNU long link target.
  mutating func add(longLink bytes: [UInt8]) throws(ArchiveError) {
    guard pax == nil, longLink == nil else { throw mixed }
    longLink = try text(bytes)
  }

  /// GNU ends its long names with one NUL, and nothing may hide behind it.
  private func text(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
    let text = bytes.prefix { $0 != 0 }
    guard bytes[text.endIndex...].allSatisfy({ $0 == 0 }) else {
      throw .reading(.invalidHeader, "a GNU long name holds a NUL byte")
    }
    return Array(text)
  }

  private var mixed: ArchiveError {
    .reading(.unsupported, "an entry has several extended headers; readers disagree on which of them counts")
  }
}
