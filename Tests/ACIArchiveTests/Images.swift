import ACIArchive
import AppcTesting

/// The smallest valid manifest.
let plainManifest = Array(#"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/app"}"#.utf8)

/// An image of a manifest, a rootfs and what is given.
func image(_ entries: RawTar.Entry...) -> [UInt8] {
  RawTar([RawTar.Entry("manifest", content: plainManifest), .directory("rootfs")] + entries).bytes
}

/// A PAX header with these records.
func pax(_ records: (String, String)..., type: Character = "x") -> RawTar.Entry {
  paxBytes(records.map { ($0.0, Array($0.1.utf8)) }, type: type)
}

/// A PAX header with records of any bytes.
func paxBytes(_ records: [(String, [UInt8])], type: Character = "x") -> RawTar.Entry {
  var content: [UInt8] = []
  for (key, value) in records {
    let rest = key.utf8.count + value.count + 3
    let guess = rest + String(rest).utf8.count
    let length = rest + String(guess).utf8.count
    content += Array("\(length) \(key)=".utf8) + value + [0x0A]
  }
  return RawTar.Entry("PaxHeaders/x", type: type, content: content)
}

/// Reads an image to the end and gives its entries.
func entries(
  of bytes: [UInt8], limits: ArchiveLimits = .default
) throws(ArchiveError) -> [ArchiveEntry] {
  var found: [ArchiveEntry] = []
  _ = try Archive.inspect(ByteSource(bytes), options: .init(limits: limits)) { found.append($0) }
  return found
}

/// Why an image is refused, or nil when it is not.
func refusal(of bytes: [UInt8], limits: ArchiveLimits = .default) -> ArchiveError.Code? {
  do throws(ArchiveError) {
    _ = try entries(of: bytes, limits: limits)
    return nil
  } catch {
    return error.code
  }
}

/// Writes an image with the writer under test: a manifest, a rootfs and what is given.
func written(
  _ compression: OutputCompression = .none, threads: Int? = nil,
  _ add: (inout ArchiveWriter) throws(ArchiveError) -> Void = { _ throws(ArchiveError) in }
) throws(ArchiveError) -> WrittenArchive {
  var writer = try ArchiveWriter(options: .init(compression: compression, threads: threads))
  try writer.addManifest(plainManifest)
  try writer.add(ArchiveEntry(path: .rootfs, kind: .directory, mode: 0o755))
  try add(&writer)
  return try writer.finish()
}

/// A path that is known to be good.
func path(_ text: String) throws(ArchiveError) -> ArchivePath {
  try ArchivePath(text)
}
