/// The records of one PAX extended header that concern us, read and checked.
struct PAXRecords {
  var path: [UInt8]?
  var linkPath: [UInt8]?
  var size: Int64?
  var uid: Int64?
  var gid: Int64?
  var modified: FileTime?
  var xattrs: [ExtendedAttribute] = []
  var sparse = SparseRecords()

  /// GNU's records about a sparse file, versions 0.0, 0.1 and 1.0.
  struct SparseRecords {
    var major: Int64?
    var minor: Int64?
    var name: [UInt8]?
    var realSize: Int64?
    var map: [UInt8]?
    /// Version 0.0: offsets and lengths in turn.
    var runs: [Int64] = []

    var isPresent: Bool {
      major != nil || minor != nil || realSize != nil || map != nil || !runs.isEmpty || name != nil
    }
  }

  /// No records.
  init() {}

  /// Reads the content of an `x` header.
  init(_ bytes: [UInt8], limits: ArchiveLimits) throws(ArchiveError) {
    var seen: Set<[UInt8]> = []
    var cursor = RecordCursor(bytes: bytes[...], limit: limits.extendedHeaderRecords)
    while let record = try cursor.next() {
      // Readers differ in which of two records counts, so a header may say a thing only once.
      if let key = try apply(record, limits: limits), !seen.insert(key).inserted {
        throw .reading(.invalidHeader, "a PAX header has two records \"\(excerpt(key))\"")
      }
    }
  }

  /// Reads the content of a `g` header.
  ///
  /// What would change the meaning of every entry that follows is refused; only times and owners may be set
  /// for all.
  static func global(_ bytes: [UInt8], limits: ArchiveLimits) throws(ArchiveError) -> PAXRecords {
    let records = try PAXRecords(bytes, limits: limits)
    guard records.path == nil, records.linkPath == nil, records.size == nil, records.xattrs.isEmpty,
      !records.sparse.isPresent
    else {
      throw .reading(
        .unsupported,
        "a global PAX header sets names, sizes or attributes of all entries; readers disagree on it")
    }
    return records
  }

  /// Records of `newer` where it has them, else of `self`: global headers add up.
  func merged(with newer: PAXRecords) -> PAXRecords {
    var result = newer
    result.uid = newer.uid ?? uid
    result.gid = newer.gid ?? gid
    result.modified = newer.modified ?? modified
    return result
  }
}

extension PAXRecords {
  /// Takes a record over.
  ///
  /// Returns its key when it may occur only once, nil when it is of no concern.
  private mutating func apply(_ record: Record, limits: ArchiveLimits) throws(ArchiveError) -> [UInt8]? {
    let key = record.key
    if key.elementsEqual("path".utf8) {
      path = try record.nonEmpty()
    } else if key.elementsEqual("linkpath".utf8) {
      linkPath = try record.nonEmpty()
    } else if key.elementsEqual("size".utf8) {
      size = try record.number()
    } else if key.elementsEqual("uid".utf8) {
      uid = try record.number()
    } else if key.elementsEqual("gid".utf8) {
      gid = try record.number()
    } else if key.elementsEqual("mtime".utf8) {
      guard let time = FileTime(paxText: record.value) else { throw record.fault("is not a time") }
      modified = time
    } else if key.starts(with: PAXRecords.xattrPrefix) {
      xattrs.append(try record.extendedAttribute())
    } else if key.starts(with: "GNU.sparse.".utf8) {
      return try sparse.apply(record, limits: limits) ? Array(key) : nil
    } else {
      return nil
    }
    return Array(key)
  }

  static let xattrPrefix = Array("SCHILY.xattr.".utf8)
}

extension PAXRecords.SparseRecords {
  /// Takes a `GNU.sparse.` record over.
  ///
  /// Returns whether it may occur only once.
  fileprivate mutating func apply(_ record: Record, limits: ArchiveLimits) throws(ArchiveError) -> Bool {
    let key = record.key.dropFirst("GNU.sparse.".utf8.count)
    if key.elementsEqual("major".utf8) {
      major = try record.number()
    } else if key.elementsEqual("minor".utf8) {
      minor = try record.number()
    } else if key.elementsEqual("name".utf8) {
      name = try record.nonEmpty()
    } else if key.elementsEqual("realsize".utf8) || key.elementsEqual("size".utf8) {
      guard realSize == nil else { throw record.fault("occurs twice") }
      realSize = try record.number()
    } else if key.elementsEqual("map".utf8) {
      map = try record.nonEmpty()
    } else if key.elementsEqual("offset".utf8) || key.elementsEqual("numbytes".utf8) {
      guard runs.count.isMultiple(of: 2) == key.elementsEqual("offset".utf8) else {
        throw record.fault("is out of order")
      }
      runs.append(try record.number())
      return false
    } else if !key.elementsEqual("numblocks".utf8) {
      throw record.fault("is not known; readers would disagree on the file's content")
    }
    return true
  }
}

/// One "length key=value" line of a PAX header.
private struct Record {
  let key: ArraySlice<UInt8>
  let value: ArraySlice<UInt8>

  func nonEmpty() throws(ArchiveError) -> [UInt8] {
    guard !value.isEmpty else { throw fault("is empty") }
    return Array(value)
  }

  func number() throws(ArchiveError) -> Int64 {
    guard let number = TarNumber.decimal(value) else { throw fault("is not a number") }
    return number
  }

  func extendedAttribute() throws(ArchiveError) -> ExtendedAttribute {
    ExtendedAttribute(name: Array(key.dropFirst(PAXRecords.xattrPrefix.count)), value: Array(value))
  }

  func fault(_ what: String) -> ArchiveError {
    .reading(.invalidHeader, "the PAX record \"\(excerpt(key))\" \(what)")
  }
}

/// Cuts a PAX header into records; every length must be exact.
private struct RecordCursor {
  var bytes: ArraySlice<UInt8>
  var limit: Int

  mutating func next() throws(ArchiveError) -> Record? {
    guard !bytes.isEmpty else { return nil }
    guard limit > 0 else {
      throw .reading(
        .limitExceeded, "a PAX header has too many records; raise extendedHeaderRecords to allow it")
    }
    limit -= 1
    // "27 mtime=1350244992.023960108\n": the length counts itself and the newline.
    guard let space = bytes.prefix(20).firstIndex(of: UInt8(ascii: " ")),
      let length = TarNumber.decimal(bytes[..<space]), bytes[bytes.startIndex] != UInt8(ascii: "0"),
      length <= bytes.count, Int(length) > space - bytes.startIndex + 2
    else { throw malformed }
    let end = bytes.startIndex + Int(length)
    let body = bytes[(space + 1)..<(end - 1)]
    guard bytes[end - 1] == UInt8(ascii: "\n"), let equals = body.firstIndex(of: UInt8(ascii: "=")),
      equals > body.startIndex
    else { throw malformed }
    bytes = bytes[end...]
    return Record(key: body[..<equals], value: body[(equals + 1)...])
  }

  private var malformed: ArchiveError {
    .reading(.invalidHeader, "a PAX record's length, \"=\" or newline is wrong")
  }
}
