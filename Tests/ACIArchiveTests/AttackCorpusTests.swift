import ACIArchive
import AppcSchema
import AppcTesting
import Foundation
import Glibc
import SystemPackage
import Testing

/// One case of the corpus of hostile and odd images.
struct AttackCase: CustomTestStringConvertible, Sendable {
  let id: String
  /// "accept", "reject" or "either".
  let expectation: String
  let file: String

  var testDescription: String { "\(id): \(expectation)" }
}

/// The corpus, unpacked.
private func withCorpus(_ body: (TemporaryDirectory, [AttackCase]) throws -> Void) throws {
  try TemporaryDirectory.with(.memory) { directory in
    let archive = FilePath(#filePath).removingLastComponent().appending("Cases/aci-cases.tar.xz")
    try #require(try run(["tar", "-xJf", archive.string, "-C", directory.path.string]).status == 0)
    let index = try Data(contentsOf: URL(fileURLWithPath: directory.appending("index.json").string))
    let cases = try #require(JSONValue.parse([UInt8](index))["cases"]?.array)
    try body(directory, cases.compactMap(AttackCase.init))
  }
}

extension AttackCase {
  /// Nil for sets of images, which are about rendering.
  init?(_ value: JSONValue) {
    guard let id = value["id"]?.string, let expectation = value["expect"]?.string,
      let file = value["file"]?.string
    else { return nil }
    self.init(id: id, expectation: expectation, file: file)
  }
}

@Suite(.serialized)
struct AttackCorpusTests {
  /// Our answers to the cases that may be answered either way.
  private static func choices() throws -> [String: String] {
    let file = FilePath(#filePath).removingLastComponent().pushing("../Attacks/choices.txt")
    let lines = try String(contentsOfFile: file.string, encoding: .utf8).split(separator: "\n")
    let pairs = lines.filter { !$0.hasPrefix("#") }.map { line in
      line.prefix { $0 != ":" }.split(separator: " ").map(String.init)
    }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0[1], $0[0]) })
  }

  @Test("every image of the attack corpus is accepted or refused as it must be")
  func verdicts() throws {
    let choices = try Self.choices()
    try withCorpus { directory, cases in
      #expect(cases.count > 400)
      for attack in cases {
        let accepted =
          (try? Archive.inspect(ByteSource(opening: directory.path.pushing(FilePath(attack.file))))) != nil
        switch attack.expectation {
        case "accept": #expect(accepted, "\(attack.id) must be accepted")
        case "reject": #expect(!accepted, "\(attack.id) must be refused")
        default: #expect(choices[attack.id] == (accepted ? "accept" : "reject"), "\(attack.id)")
        }
      }
    }
  }

  @Test(
    "extraction agrees with inspection, stays inside and leaves nothing after a refusal",
    .enabled(if: geteuid() == 0))
  func extraction() throws {
    try withCorpus { directory, cases in
      let box = try directory.makeDirectory("box")
      let canary = try directory.write("canary", to: "canary")
      for attack in cases {
        let file = directory.path.pushing(FilePath(attack.file))
        let inspected = (try? Archive.inspect(ByteSource(opening: file))) != nil
        let target = box.appending("out")
        let extracted = (try? Archive.extract(ByteSource(opening: file), into: target)) != nil
        #expect(inspected == extracted, "\(attack.id)")
        let names = try FileManager.default.contentsOfDirectory(atPath: box.string)
        #expect(names == (extracted ? ["out"] : []), "\(attack.id) left \(names)")
        try? FileManager.default.removeItem(atPath: target.string)
      }
      try #expect(String(contentsOfFile: canary.string, encoding: .utf8) == "canary")
      try #expect(
        FileManager.default.contentsOfDirectory(atPath: directory.path.string).sorted()
          == ["box", "canary", "cases", "index.json", "sets"])
    }
  }

  @Test("no message about a hostile image holds a control character")
  func messages() throws {
    try withCorpus { directory, cases in
      for attack in cases {
        do throws(ArchiveError) {
          _ = try Archive.inspect(ByteSource(opening: directory.path.pushing(FilePath(attack.file))))
        } catch {
          #expect(!error.description.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "\(attack.id)")
          #expect(error.description.utf8.count < 1000, "\(attack.id): \(error)")
        }
      }
    }
  }
}
