@testable import ACIArchive
import FuzzSupport

/// Every way of reading an image says the same of it, what is accepted can be extracted, and written again.
func checkImage(_ bytes: [UInt8]) {
  let entries = ImageWalk.entries(of: bytes)
  hold(ImageWalk.findsFaults(in: bytes) == (entries == nil), "an image without faults is accepted")
  let walk = accepted { () throws(ArchiveError) in try ImageWalk.read(bytes) }
  if let walk {
    hold(entries == walk.members.map(\.entry), "tighter limits change nothing of what they accept")
    let tree = ModelTree(walk.members.map { ($0.entry, $0.content) })
    checkRewriting(walk)
    checkReplacing(walk, in: bytes)
    if SlowChecks.areDue(for: bytes) { SlowChecks.shared?.checkAccepted(bytes, tree, walk) }
  } else if let entries {
    // Too large to be kept; where everything goes must be right all the same.
    _ = ModelTree(entries.map { ($0, []) })
  } else if SlowChecks.areDue(for: bytes) {
    SlowChecks.shared?.checkRefused(bytes)
  }
}

/// What was read is written as an image that reads the same, and that is written as the same bytes.
private func checkRewriting(_ walk: ImageWalk) {
  let written = rewritten(walk)
  let again = required("what is written is accepted") { () throws(ArchiveError) in try ImageWalk.read(written)
  }
  again.checkSame(as: walk.inWritingOrder)
  hold(rewritten(again) == written, "what reads the same is written the same")
}

private func rewritten(_ walk: ImageWalk) -> [UInt8] {
  required("what is accepted can be written") { () throws(ArchiveError) in
    var writer = try ArchiveWriter(options: .init(compression: .none, limits: ImageWalk.smallLimits))
    for member in walk.inWritingOrder.members {
      if member.entry.path == .manifest {
        try writer.addManifest(member.content, modified: member.entry.modified)
      } else {
        try writer.add(member.entry, content: member.content)
      }
    }
    return try writer.finish().bytes
  }
}

/// With its own manifest in the place of its manifest an image is what it was.
private func checkReplacing(_ walk: ImageWalk, in bytes: [UInt8]) {
  guard let manifest = walk.members.first(where: { $0.entry.path == .manifest }) else { return }
  let replaced = required("what is accepted can be given a manifest") { () throws(ArchiveError) in
    try Archive.replaceManifest(
      of: ByteSource(bytes), with: manifest.content,
      options: .init(compression: .none, limits: ImageWalk.smallLimits))
  }
  hold(replaced.replaced == manifest.content, "the manifest that was replaced is the image's")
  let again = required("an image with another manifest is accepted") { () throws(ArchiveError) in
    try ImageWalk.read(replaced.written.bytes)
  }
  let others = { (walk: ImageWalk) in walk.members.filter { $0.entry.path != .manifest } }
  hold(others(again) == others(walk), "another manifest changes nothing else")
}

extension ImageWalk {
  /// The manifest first and with the metadata that the writer gives it, attributes in the writer's order.
  fileprivate var inWritingOrder: ImageWalk {
    var manifests: [Member] = []
    var others: [Member] = []
    for var member in members {
      if member.entry.path == .manifest {
        member.entry = ArchiveEntry(
          path: .manifest, kind: .regular, mode: 0o644, size: Int64(member.content.count),
          modified: member.entry.modified)
        manifests.append(member)
      } else {
        member.entry.xattrs.sort { $0.name.lexicographicallyPrecedes($1.name) }
        others.append(member)
      }
    }
    return ImageWalk(members: manifests + others)
  }

  /// Whether this is what is read of what was written of `walk`: the same, but for runs widened to whole blocks.
  func checkSame(as walk: ImageWalk) {
    for member in members {
      for run in member.entry.sparseMap?.segments ?? [] {
        let end = run.offset + run.length
        hold(run.offset % 512 == 0, "runs begin with a block: \(member.entry)")
        hold(end % 512 == 0 || end == member.entry.size, "runs end with a block: \(member.entry)")
      }
    }
    hold(withoutRuns == walk.withoutRuns, "what is written reads as what it was: \(self) \(walk)")
  }

  /// Runs show in the content: holes are zeros.
  private var withoutRuns: ImageWalk {
    let noRuns = try? SparseMap([], size: 0)
    return ImageWalk(
      members: members.map { member in
        var member = member
        member.entry.sparseMap = member.entry.sparseMap.flatMap { _ in noRuns }
        return member
      })
  }
}
