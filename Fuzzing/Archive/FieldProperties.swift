@testable import ACIArchive
import FuzzSupport

/// A header's fields are what its block says; with a right checksum a header is read unless a field is no number.
func checkHeader(_ bytes: [UInt8]) {
  var block = Array(bytes.prefix(512)) + [UInt8](repeating: 0, count: max(0, 512 - bytes.count))
  // Most inputs get a magic, or none of them would be a header.
  if block[0] & 1 == 0 { block.replaceSubrange(257..<265, with: "ustar\u{0}00".utf8) }
  block = withRightChecksums(block)
  let header = accepted { () throws(ArchiveError) in
    try block.withUnsafeBufferPointer { block throws(ArchiveError) in
      try TarHeader(UnsafeRawBufferPointer(block))
    }
  }
  guard let header else { return }
  hold(header.size >= 0 && header.type == block[156], "size and type are those of the block")
  hold(!header.name.contains(0) && !header.linkName.contains(0), "names end at the first NUL")
  let entry = accepted { () throws(ArchiveError) in
    try ArchiveEntry(header, EntryExtensions(), globals: PAXRecords())
  }
  guard let entry else { return }
  hold(entry.size == header.size && entry.mode <= 0o7777, "the entry is what the header says: \(entry)")
}

/// A number is read as what was written, in either notation, and no field is read as two numbers.
func checkNumbers(_ bytes: [UInt8]) {
  var input = InputCursor(bytes)
  let width = input.bool() ? 12 : 8
  let field = input.bytes(width) + [UInt8](repeating: 0, count: max(0, width + 1 - bytes.count))
  if let number = parse(field) {
    let written = TarBlock.field(
      number, field.count, isBase256: number < 0 || field.first.map { $0 > 127 } ?? false)
    hold(parse(written) == number, "a number is read as what was written: \(number) in \(field)")
  }
  let number = input.number()
  hold(parse(TarBlock.field(number, 12, isBase256: true)) == number, "base 256 holds every number: \(number)")
  let digits = input.bytes(24)
  let decimal = Int64(String(decoding: digits, as: UTF8.self))
  let isPlain = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
  hold(
    TarNumber.decimal(digits) == (isPlain ? decimal : nil), "digits are read as Swift reads them: \(digits)")
}

private func parse(_ field: [UInt8]) -> Int64? {
  field.withUnsafeBytes { TarNumber.parse($0[...]) }
}

/// A time comes back from what is written for it.
func checkTime(_ bytes: [UInt8]) {
  var input = InputCursor(bytes)
  let made = FileTime(seconds: input.number(), nanoseconds: Int32(truncatingIfNeeded: input.number()))
  hold(FileTime(paxText: made.paxText.utf8) == made, "every time can be written: \(made), \(made.paxText)")
  guard let time = FileTime(paxText: bytes) else { return }
  hold((0..<1_000_000_000).contains(time.nanoseconds), "nanoseconds are in their range: \(time)")
  hold(FileTime(paxText: time.paxText.utf8) == time, "a time reads as what it was: \(time), \(time.paxText)")
}

/// Names are canonical, and equal places have equal paths.
func checkPaths(_ bytes: [UInt8]) {
  let path = accepted { () throws(ArchiveError) in try ArchivePath(bytes) }
  guard let path else { return }
  holdMessage(path.description)
  let components = path.components
  hold(!components.isEmpty && path.depth == components.count, "a path has components: \(path)")
  for component in components {
    hold(!component.isEmpty && !component.contains(0), "components are names: \(path)")
    hold(
      !component.elementsEqual(".".utf8) && !component.elementsEqual("..".utf8), "no name leads away: \(path)"
    )
  }
  hold(path.bytes.elementsEqual(components.joined(separator: "/".utf8)), "a path is its components: \(path)")
  let again = accepted { () throws(ArchiveError) in try ArchivePath(path.bytes) }
  hold(again == path || path.bytes.starts(with: "./".utf8), "a path reads as itself: \(path)")
  guard let parent = path.parent else {
    return hold(path.depth == 1, "what has no parent is at the top: \(path)")
  }
  hold(
    parent < path && path.starts(with: parent) && !parent.starts(with: path), "a parent lies above: \(path)")
  let joined = accepted { () throws(ArchiveError) in try parent.appending(path.lastComponent) }
  hold(joined == path, "parent and name make the path: \(path)")
}
