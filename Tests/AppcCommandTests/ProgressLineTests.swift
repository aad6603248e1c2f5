import AppcEngine
import Glibc
import SystemPackage
import Testing

@testable import appc

@Suite("The line that tells how far work has got")
struct ProgressLineTests {
  private func line(_ title: String, _ read: Int64, of total: Int64?, after seconds: Int) -> ProgressLine {
    ProgressLine(
      title: title,
      progress: ArchiveProgress(storedBytes: read, totalStoredBytes: total, expandedBytes: read),
      elapsed: .seconds(seconds))
  }

  @Test("has percent, bytes, rate and the time that is left at that rate")
  func known() {
    #expect(
      line("importing web.aci", 100 << 20, of: 400 << 20, after: 2).text()
        == "importing web.aci  25%  100MiB of 400MiB  50MiB/s  0:06 left")
    #expect(
      line("importing web.aci", 1 << 20, of: 4 << 40, after: 1).text().hasSuffix("1MiB/s  1165:05:03 left"))
  }

  @Test("of a pipe has bytes and rate, for nobody knows how much will come")
  func pipe() {
    #expect(line("importing -", 3 << 20, of: nil, after: 2).text() == "importing -  3MiB  1.5MiB/s")
  }

  @Test("says nothing that cannot be known, and never more than all")
  func edges() {
    #expect(line("x", 0, of: 0, after: 0).text() == "x  0B of 0B")
    #expect(line("x", 0, of: 10, after: 5).text() == "x  0%  0B of 10B")
    #expect(line("x", 20, of: 10, after: 1).text() == "x  100%  20B of 10B  20B/s  0:00 left")
    #expect(line("x", .max, of: .max, after: 1).text().hasPrefix("x  100%  8EiB of 8EiB"))
  }

  @Test("is never wider than the terminal, and gives up its title first", arguments: 0...120)
  func width(columns: Int) {
    let line = line("importing a/rather/long/path/to/an/image.aci", 100 << 20, of: 400 << 20, after: 2)
    let text = line.text(width: columns)
    #expect(text.utf8.count <= columns)
    if columns >= 60 { #expect(text.hasSuffix("  25%  100MiB of 400MiB  50MiB/s  0:06 left")) }
    if (60..<80).contains(columns) { #expect(text.contains("...  ")) }
  }

  @Test("counts a character that is not ASCII as two columns, which it may take")
  func wide() {
    let text = line("\u{56fe}\u{56fe}\u{56fe}\u{56fe}\u{56fe}\u{56fe}\u{56fe}\u{56fe}", 1, of: nil, after: 1)
      .text(width: 22)
    #expect(text == "\u{56fe}\u{56fe}\u{56fe}\u{56fe}...  1B  1B/s")
  }
}

@Suite("Progress of long work")
struct ProgressTests {
  /// How many lines work of so many seconds gives that tells its progress every millisecond.
  private func lines(_ schedule: ProgressSchedule, seconds: Int) -> Int {
    var schedule = schedule
    return (0..<seconds * 1000).count { schedule.isDue(at: .milliseconds($0)) }
  }

  @Test(
    "shows after a second on a terminal, ten times a second; in a file after five, and then each half minute")
  func schedule() {
    #expect(lines(.terminal, seconds: 1) == 0)
    #expect(lines(.terminal, seconds: 3) == 20)
    #expect(lines(.file, seconds: 5) == 0)
    #expect(lines(.file, seconds: 6) == 1)
    #expect(lines(.file, seconds: 126) == 5)
  }

  /// Imports an image from a pipe that takes longer than a second to give all of it.
  private func slowImport(_ fixture: CommandFixture, error: FilePath?) throws -> CommandFixture.Result {
    let layout = fixture.directory.appending("slow")
    try fixture.shell(
      """
      mkdir -p '\(layout)/rootfs' && head -c 2000000 /dev/urandom > '\(layout)/rootfs/data' && \
      printf '{"acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/slow"}' > '\(layout)/manifest'
      """)
    let image = fixture.directory.appending("slow.aci").string
    #expect(try fixture.appc("build", "--no-compression", layout.string, image).status == 0)
    let pipe = fixture.directory.appending("pipe")
    let parts = "(head -c 1000000 '\(image)'; sleep 1.2; tail -c +1000001 '\(image)') > '\(pipe)' &"
    try fixture.shell("mkfifo '\(pipe)'; \(parts)")
    return try fixture.appc(
      ["image", "import", "-"], environment: ["TERM=xterm"], input: pipe, error: error)
  }

  @Test("is a line on a terminal that is no wider than it, and gone at the end")
  func terminal() throws {
    let fixture = try CommandFixture()
    let terminal = try Terminal(columns: 30)
    #expect(try slowImport(fixture, error: terminal.path).status == 0)
    let shown = terminal.shown()
    let lines = shown.split(separator: "\r").map { $0.replacing("\u{1B}[K", with: "") }
    #expect(lines.first?.hasPrefix("importing -") == true, "\(shown)")
    #expect(lines.allSatisfy { $0.utf8.count < 30 })
    #expect(shown.hasSuffix("\r\u{1B}[K") && !shown.contains("\n"))
  }

  @Test("is nothing in a file when it takes a second or two")
  func file() throws {
    let fixture = try CommandFixture()
    let result = try slowImport(fixture, error: nil)
    #expect(result.status == 0 && result.error.isEmpty, "\(result)")
  }
}

@Suite("Numbers as people write them")
struct NumberTextTests {
  @Test(
    "sizes, with units of 1024",
    arguments: [
      ("4096", 4096), ("512K", 512 << 10), ("10GiB", 10 << 30), ("10Gi", 10 << 30), ("1.5M", 3 << 19),
      ("9223372036854775807", .max), ("9223372036854775808", nil), ("8192P", nil), ("8191P", 8191 << 50),
      ("", nil), ("K", nil), ("10GB", nil), ("-1", nil), ("1.5", nil), ("1..5K", nil), ("10 K", nil),
    ] as [(String, Int64?)])
  func bytes(text: String, value: Int64?) { #expect(HumanText.bytes(parsing: text) == value) }

  @Test(
    "lengths of time, as a clock shows them",
    arguments: [(0, "0:00"), (65, "1:05"), (3599, "59:59"), (3661, "1:01:01")] as [(Int64, String)])
  func clock(seconds: Int64, text: String) { #expect(HumanText.clock(seconds) == text) }
}
