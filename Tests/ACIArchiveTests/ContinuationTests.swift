import ACIArchive
import AppcTesting
import Testing

/// Reading on after an error.
@Suite("An image that breaks a rule")
struct ContinuationTests {
  /// The codes of all errors up to the end, or to one after which the reader cannot go on.
  private func errors(_ reader: inout ArchiveReader) -> [ArchiveError.Code] {
    var codes: [ArchiveError.Code] = []
    while true {
      do throws(ArchiveError) {
        guard try reader.next() != nil else { return codes }
      } catch {
        codes.append(error.code)
        guard reader.canContinue else { return codes }
      }
    }
  }

  private func reader(_ entries: RawTar.Entry..., limits: ArchiveLimits = .default) throws -> ArchiveReader {
    try ArchiveReader(ByteSource(RawTar(entries).bytes), options: .init(limits: limits))
  }

  private let manifest = RawTar.Entry("manifest", content: plainManifest)

  @Test("can be read on past the entry, but not finished: the first error stands")
  func violations() throws {
    var reader = try reader(
      manifest, .directory("rootfs"), .file("a", "x"), .file("rootfs/b"), .file("rootfs/b", "y"),
      .file("rootfs/c"))
    #expect(errors(&reader) == [.invalidLayout, .duplicateEntry])
    #expect(reader.manifest != nil)
    let error = #expect(throws: ArchiveError.self) { try reader.finish() }
    #expect(error?.code == .invalidLayout)
  }

  @Test("with an invalid manifest can be read on, its bytes are there, and it cannot be finished")
  func manifestBytes() throws {
    var reader = try reader(.file("manifest", "{}"), .directory("rootfs"), .file("rootfs/a", "x"))
    #expect(errors(&reader) == [.invalidManifest])
    #expect(reader.manifestBytes == Array("{}".utf8) && reader.manifest == nil)
    let error = #expect(throws: ArchiveError.self) { try reader.finish() }
    #expect(error?.code == .invalidManifest)
  }

  @Test("of the stream or of a limit cannot be read on")
  func fatal() throws {
    var broken = RawTar.Entry.file("rootfs/a", "x")
    broken.hasValidChecksum = false
    var damaged = try reader(manifest, .directory("rootfs"), broken, .file("evil"))
    #expect(errors(&damaged) == [.invalidHeader])
    var limits = ArchiveLimits.default
    limits.entries = 2
    var crowded = try reader(manifest, .directory("rootfs"), .file("rootfs/a"), .file("evil"), limits: limits)
    #expect(errors(&crowded) == [.limitExceeded])
    var nameless = try reader(manifest, .directory("rootfs"), .file("/etc/passwd", "x"), .file("evil"))
    #expect(errors(&nameless).count == 1)
  }

  @Test("is told apart from other files by its beginning")
  func detection() throws {
    let plain = image()
    for bytes in [
      plain, StoredGzip.member(plain), Array("BZh9".utf8), Array("-----BEGIN PGP MESSAGE-----".utf8),
    ] {
      #expect(Archive.isImage(beginningWith: Array(bytes.prefix(512))))
    }
    for text in ["", "{", "{\"acKind\": \"ImageManifest\"}", String(repeating: " ", count: 600)] {
      #expect(!Archive.isImage(beginningWith: Array(text.utf8)))
    }
  }
}
