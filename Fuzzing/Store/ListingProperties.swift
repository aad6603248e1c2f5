@testable import ACIStore
import ACIArchive
import FuzzSupport

/// A line that is read is written as a line that reads the same, and the writer's lines stay as they are.
func checkTreeListing(_ bytes: [UInt8]) {
  var target: [UInt8]?
  for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    if line.first == UInt8(ascii: "#") {
      target = TreeListing.hardLinkTarget(line)
    } else {
      if let file = TreeListing.parse(line, hardLinkTo: target) { checkLines(of: file) }
      target = nil
    }
  }
}

/// Whatever file there may be in a tree, its lines say what it is.
func checkListedFile(_ bytes: [UInt8]) {
  var rest = bytes[...]
  func take(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
  func number() -> UInt64 { take(8).reduce(0) { $0 << 8 | UInt64($1) } }
  let kinds: [ListedFile.Kind] = [
    .regular(size: Int64(number() >> 1), digest: [UInt8](repeating: take(1).first ?? 0, count: 32)),
    .directory,
    .symbolicLink(take(9).filter { $0 != 0 }), .hardLink(take(9).filter { $0 != 0 }), .fifo, .characterDevice,
    .blockDevice,
  ]
  let time = FileTime(
    seconds: Int64(bitPattern: number()), nanoseconds: Int32(truncatingIfNeeded: number() % 1_000_000_000))
  var metadata = ListedFile.Metadata(
    mode: UInt32(truncatingIfNeeded: number() & 0o7777), uid: UInt32(truncatingIfNeeded: number()),
    gid: UInt32(truncatingIfNeeded: number()), modified: time)
  let kind = kinds[Int(take(1).first ?? 0) % kinds.count]
  if case .hardLink = kind { metadata = .init(mode: 0, uid: 0, gid: 0, modified: .epoch) }
  checkLines(of: ListedFile(path: rest.filter { $0 != 0 }, kind: kind, metadata: metadata))
}

private func checkLines(of file: ListedFile) {
  var text: [UInt8] = []
  TreeListing.append(file, to: &text)
  hold(text.last == UInt8(ascii: "\n"), "a line ends: \(file)")
  let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  hold(lines.count <= 2, "a file has one line, a hard link a comment before it: \(file)")
  hold(
    text.allSatisfy { $0 == UInt8(ascii: "\n") || (0x20..<0x7F).contains($0) },
    "lines are plain text: \(file)")
  let target = lines.count == 2 ? TreeListing.hardLinkTarget(lines[0]) : nil
  let again = lines.last.flatMap { TreeListing.parse($0, hardLinkTo: target) }
  hold(again == file, "what is written reads as what it was: \(file) \(String(describing: again))")
}
