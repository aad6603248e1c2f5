@testable import ACIArchive
import FuzzSupport

/// Whatever the rules admit the writer writes, and the reader reads it as the same entries.
func checkWriting(of bytes: [UInt8]) {
  var input = InputCursor(bytes)
  var rules = ArchiveRules(limits: ImageWalk.smallLimits)
  var members = [
    ImageWalk.Member(
      entry: ArchiveEntry(
        path: .manifest, kind: .regular, mode: 0o644, size: Int64(TarRecipe.manifest.count)),
      content: TarRecipe.manifest),
    ImageWalk.Member(entry: ArchiveEntry(path: .rootfs, kind: .directory, mode: 0o755), content: []),
  ]
  for member in members { _ = accepted { () throws(ArchiveError) in try rules.admit(member.entry) } }
  while !input.isAtEnd {
    let member = makeMember(&input)
    // A refusal may leave rules that have half of an entry, which nobody goes on with.
    var next = rules
    guard accepted({ () throws(ArchiveError) in try next.admit(member.entry) }) != nil else { continue }
    rules = next
    members.append(member)
  }
  let image = required("what the rules admit is written") { () throws(ArchiveError) in
    var writer = try ArchiveWriter(options: .init(compression: .none, limits: ImageWalk.smallLimits))
    try writer.addManifest(TarRecipe.manifest)
    for member in members.dropFirst() { try writer.add(member.entry, content: member.content) }
    return try writer.finish().bytes
  }
  let walk = required("what is written is accepted: \(members)") { () throws(ArchiveError) in
    try ImageWalk.read(image)
  }
  walk.checkSame(as: ImageWalk(members: members))
}

private func makeMember(_ input: inout InputCursor) -> ImageWalk.Member {
  let kind = input.pick([EntryKind.regular, .directory, .symbolicLink, .hardLink, .fifo, .blockDevice])
  let name = Array("rootfs/".utf8) + input.bytes(Int(input.byte() & 15))
  let long = (0..<Int(input.byte() & 63)).flatMap { _ in Array("/directory".utf8) }
  let path = (try? ArchivePath(name + long)) ?? .rootfs
  var content = kind == .regular ? input.bytes(Int(input.byte())) : []
  var entry = ArchiveEntry(
    path: path, kind: kind, mode: UInt16(truncatingIfNeeded: input.number()),
    uid: UInt32(truncatingIfNeeded: input.number()), gid: UInt32(truncatingIfNeeded: input.number()),
    modified: FileTime(seconds: input.number(), nanoseconds: Int32(truncatingIfNeeded: input.number())))
  switch kind {
  case .symbolicLink: entry.linkTarget = input.bytes(Int(input.byte()))
  case .hardLink: entry.linkTarget = Array("rootfs/".utf8) + input.bytes(Int(input.byte() & 15))
  case .blockDevice:
    entry.deviceMajor = UInt32(truncatingIfNeeded: input.number())
    entry.deviceMinor = UInt32(truncatingIfNeeded: input.number())
  default: break
  }
  for _ in 0..<Int(input.byte() & 3) {
    // No record holds a name with "=", and the writer says so.
    let name = input.bytes(Int(input.byte() & 31)).filter { $0 != UInt8(ascii: "=") }
    entry.xattrs.append(.init(name: name, value: input.bytes(Int(input.byte()))))
  }
  entry.xattrs.sort { $0.name.lexicographicallyPrecedes($1.name) }
  if kind == .regular, input.bool() { spread(&entry, &content, &input) }
  entry.size = Int64(content.count)
  return ImageWalk.Member(entry: entry, content: content)
}

/// Makes the file sparse: what lies between its runs reads as zeros.
private func spread(_ entry: inout ArchiveEntry, _ content: inout [UInt8], _ input: inout InputCursor) {
  var runs: [SparseMap.Segment] = []
  var sparse = [UInt8](repeating: 0, count: content.count)
  var end = 0
  while end < content.count, !input.isAtEnd {
    let start = end + Int(input.byte() & 31)
    let length = Int(input.byte() & 31)
    guard start + length <= content.count else { break }
    runs.append(.init(offset: Int64(start), length: Int64(length)))
    sparse.replaceSubrange(start..<start + length, with: content[start..<start + length])
    end = start + length
  }
  guard let map = try? SparseMap(runs, size: Int64(content.count)) else { return }
  entry.sparseMap = map
  content = sparse
}
