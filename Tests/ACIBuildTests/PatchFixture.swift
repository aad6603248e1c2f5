import ACIArchive
import ACIBuild
import AppcSchema
import AppcTesting
import SystemPackage

/// Manifests and images that are patched.
enum PatchFixture {
  static let old = Array(#"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"ex/old"}"#.utf8)
  static let new = Array(
    #"{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "ex/new", "x-mine": 1.50}"#.utf8)

  /// What every image here has beside its manifest: odd in every way that the format allows.
  static let others: [RawTar.Entry] = [
    pax("comment=of the archive", type: "g"),
    .directory("./"),
    .directory("rootfs", mode: 0o1777),
    .init("rootfs/a", mode: 0o4755, uid: 1000, gid: 2000, modified: 1_234_567_890, content: Array("a".utf8)),
    pax("SCHILY.xattr.user.n=v", "mtime=1350244992.023960108", "VENDOR.thing=unread"),
    .init("rootfs/b", content: [UInt8](repeating: 7, count: 1300)),
    .hardLink("rootfs/c", to: "rootfs/b"),
    .symbolicLink("rootfs/d", to: "../../outside"),
    .init("rootfs/null", type: "3", mode: 0o666, device: (1, 3)),
    .init("././@LongLink", type: "L", content: Array("rootfs/\(longName)".utf8) + [0]),
    .init("rootfs/cut", content: Array("long".utf8)),
    pax(
      "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=rootfs/sparse",
      "GNU.sparse.realsize=1048576"),
    .init("GNUSparseFile/sparse", content: sparseContent),
    .init("rootfs/pipe", type: "6"),
  ]

  /// A PAX header with these records, each of which counts its own length.
  static func pax(_ records: String..., type: Character = "x") -> RawTar.Entry {
    let lines = records.map { record in
      let rest = record.utf8.count + 2
      return "\(rest + "\(rest + "\(rest)".utf8.count)".utf8.count) \(record)\n"
    }
    return RawTar.Entry("PaxHeaders/x", type: type, content: Array(lines.joined().utf8))
  }

  private static let longName = String(repeating: "long", count: 40)

  /// A map of one run, padded to a block, and that run.
  private static var sparseContent: [UInt8] {
    let map = Array("1\n65536\n512\n".utf8)
    return map + [UInt8](repeating: 0, count: 512 - map.count) + [UInt8](repeating: 1, count: 512)
  }

  /// An image whose manifest stands before the entry `position`.
  static func image(manifestAt position: Int, _ manifest: [RawTar.Entry] = [.init("manifest", content: old)])
    -> [UInt8]
  {
    RawTar(others[..<position] + manifest + others[position...]).bytes
  }

  /// The header and content of the manifest's entry, as a build writes them.
  static func manifestBlocks(_ manifest: [UInt8]) throws -> [UInt8] {
    var writer = try ArchiveWriter(options: .init(compression: .none))
    try writer.addManifest(manifest)
    try writer.add(ArchiveEntry(path: .rootfs, kind: .directory, mode: 0o755))
    return Array(try writer.finish().bytes.dropLast(3 * 512))
  }
}

/// A directory with an image in it.
func withImage<Result>(
  _ bytes: [UInt8] = PatchFixture.image(manifestAt: 2), named name: String = "in.aci",
  _ body: (TemporaryDirectory, FilePath) throws -> Result
) throws -> Result {
  try TemporaryDirectory.with(.memory) { directory in
    try body(directory, try directory.write(bytes, to: name))
  }
}
