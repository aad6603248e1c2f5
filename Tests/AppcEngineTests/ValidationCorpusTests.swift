import AppcEngine
import AppcTesting
import Foundation
import SystemPackage
import Testing

@Suite("Validation of the corpora", .serialized)
struct ValidationCorpusTests {
  @Test("takes every manifest that the reference takes and no other, but for the listed differences")
  func manifests() throws {
    let cases = try ManifestCase.all()
    #expect(cases.count > 70)
    try TemporaryDirectory.with(.memory) { directory in
      for test in cases {
        let file = try directory.write(test.input, to: "manifest.json")
        let report = try Engine.validate(file, options: .init(type: .manifest))
        // As a manifest of the other kind it may well be valid.
        let isAccepted = report.isValid && report.kind == test.kind
        #expect(
          isAccepted == test.isAccepted || test.difference != nil, "\(test.input): \(report.findings)")
        #expect((report.name == nil) == (!report.isValid || report.kind == .podManifest))
      }
    }
  }

  @Test("strict validation takes nothing that tolerant validation refuses, and tells why it refuses")
  func strict() throws {
    try TemporaryDirectory.with(.memory) { directory in
      for test in try ManifestCase.all() {
        let file = try directory.write(test.input, to: "manifest.json")
        let tolerant = try Engine.validate(file)
        let strict = try Engine.validate(file, options: .init(mode: .strict))
        #expect(tolerant.isValid || !strict.isValid, "\(test.input)")
        // What strict refuses of today's manifests, tolerant remarks on: both know the same rules.
        guard test.difference != "V" else { continue }
        let refused = strict.findings.filter { $0.severity == .error }.compactMap(\.rule)
        #expect(strict.isValid || !refused.isEmpty)
        let remarked = tolerant.findings.compactMap(\.rule)
        #expect(Set(refused).isSubset(of: remarked), "\(test.input): \(refused), \(remarked)")
      }
    }
  }

  @Test("refuses every hostile manifest that must be refused, as a manifest and in an image")
  func hostileManifests() throws {
    try TemporaryDirectory.with(.memory) { directory in
      for test in try CorpusFiles.lines("hostile-manifests.jsonl") {
        let digits = Array(try #require(test["hex"]?.string).utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
          UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        let image = TestImage(manifest: bytes, entries: [.directory("rootfs")])
        let files = [try directory.write(bytes, to: "m"), try directory.write(image.bytes, to: "m.aci")]
        let accepted = try files.map { file in
          let report = try Engine.validate(file)
          return report.isValid && report.kind == .imageManifest
        }
        #expect(accepted[0] == accepted[1])
        switch test["expect"]?.string {
        case "reject": #expect(!accepted[0], "\(test)")
        case "accept": #expect(accepted[0], "\(test)")
        default: break
        }
      }
    }
  }

  @Test("agrees with reading on every image of the attack corpus, and gives each valid one its ID")
  func images() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let archive = try CorpusFiles.url("aci-cases.tar.xz")
      try #require(system("tar -xJf '\(archive.path)' -C '\(directory.path)'") == 0)
      let index = try Data(contentsOf: URL(filePath: directory.appending("index.json").string))
      let cases = try #require(JSONValue.parse(Array(index))["cases"]?.array)
      var count = 0
      for test in cases {
        guard let name = test["file"]?.string, let expectation = test["expect"]?.string else { continue }
        count += 1
        let file = directory.path.pushing(FilePath(name))
        let report = try Engine.validate(file, options: .init(type: .image))
        let summary = try? Archive.inspect(ByteSource(opening: file))
        #expect(report.isValid == (summary != nil), "\(test)")
        #expect(report.imageID == summary?.imageID)
        if expectation == "reject" { #expect(!report.isValid, "\(test)") }
        if expectation == "accept" { #expect(report.isValid, "\(test)") }
        // Whatever an image holds, a report is lines of plain text.
        let text = ([report.description] + report.findings.map(report.line)).joined()
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x2028 })
        #expect(report.findings.count < 210)
      }
      #expect(count > 400)
    }
  }
}
