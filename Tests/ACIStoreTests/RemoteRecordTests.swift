import ACIArchive
import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("A record of a URL")
struct RemoteRecordTests {
  private static let url = "https://example.com/app.aci?x=ä%20#f"

  @Test(
    "is fresh for max-age seconds since the server was asked, and never without one or before that moment")
  func freshness() throws {
    func isFresh(_ maxAge: Int64?, fetched: Int64, now: Int64, nanoseconds: Int32 = 0) throws -> Bool {
      let record = try RemoteRecord(
        url: Self.url, imageID: try Self.anyID(), maxAge: maxAge,
        fetchedAt: FileTime(seconds: fetched, nanoseconds: nanoseconds))
      return record.isFresh(at: FileTime(seconds: now))
    }
    #expect(try isFresh(60, fetched: 1000, now: 1000))
    #expect(try isFresh(60, fetched: 1000, now: 1059))
    #expect(try !isFresh(60, fetched: 1000, now: 1060))
    #expect(try !isFresh(0, fetched: 1000, now: 1000))
    #expect(try !isFresh(nil, fetched: 1000, now: 1000))
    #expect(try !isFresh(-5, fetched: 1000, now: 1000))
    #expect(try !isFresh(60, fetched: 1000, now: 999))
    #expect(try !isFresh(60, fetched: 1000, now: 1000, nanoseconds: 1))
    #expect(try isFresh(.max, fetched: 0, now: .max - 1))
    #expect(try !isFresh(.max, fetched: .min, now: .max))
  }

  @Test("says what a request must hold, and nothing that could be more than one header")
  func headers() throws {
    func headers(_ etag: String?, _ modified: String?) throws -> [String] {
      try RemoteRecord(
        url: Self.url, imageID: try Self.anyID(), etag: etag, lastModified: modified, fetchedAt: .epoch
      ).conditionalHeaders.map { "\($0.name): \($0.value)" }
    }
    #expect(
      try headers("W/\"1\"", "Sat, 21 Nov 2026 15:00:00 GMT") == [
        "If-None-Match: W/\"1\"", "If-Modified-Since: Sat, 21 Nov 2026 15:00:00 GMT",
      ])
    #expect(try headers(nil, nil) == [])
    #expect(try headers("\"1\"\r\nX-Evil: 1", "a\u{0}b") == [])
    #expect(try headers("", String(repeating: "x", count: 1025)) == [])
  }

  @Test("takes from an answer 304 what that says, keeps the rest, and is as old as the answer")
  func revalidation() throws {
    let record = try RemoteRecord(
      url: Self.url, imageID: try Self.anyID(), signatureURL: "https://example.com/app.aci.asc",
      etag: "\"1\"",
      lastModified: "then", maxAge: 10, fetchedAt: FileTime(seconds: 100))
    let now = FileTime(seconds: 500)
    #expect(!record.isFresh(at: now))
    let silent = record.revalidated(at: now)
    #expect(silent.isFresh(at: now))
    #expect((silent.etag, silent.lastModified, silent.maxAge, silent.fetchedAt) == ("\"1\"", "then", 10, now))
    #expect(
      (silent.url, silent.imageID, silent.signatureURL) == (record.url, record.imageID, record.signatureURL))
    let talking = record.revalidated(at: now, etag: "\"2\"", lastModified: "now", maxAge: 0)
    #expect((talking.etag, talking.lastModified, talking.maxAge) == ("\"2\"", "now", 0))
    #expect(!talking.isFresh(at: now))
  }

  @Test(
    "is not made of a URL that holds a user name or password, whoever would read it",
    arguments: [
      "https://user:password@example.com/a", "https://user@example.com/", "//u:p@host/a",
      "https:///u:p@host/",
      "https:\\\\u:p@host\\", "https:u:p@host", "https://a\\@b/",
    ])
  func credentials(_ url: String) throws {
    let id = try Self.anyID()
    let error = #expect(throws: StoreError.self) {
      _ = try RemoteRecord(url: url, imageID: id, fetchedAt: .epoch)
    }
    #expect(error?.code == .invalidArgument)
    #expect(error.map { "\($0)".contains("u:p") || "\($0)".contains("password@") } == false)
    #expect(throws: StoreError.self) {
      _ = try RemoteRecord(url: Self.url, imageID: id, signatureURL: url, fetchedAt: .epoch)
    }
  }

  @Test(
    "may have an @ where it is no user's",
    arguments: ["https://example.com/a@b", "https://example.com?a@b", "https://example.com#a@b", "file:/a@b"])
  func harmless(_ url: String) throws {
    _ = try RemoteRecord(url: url, imageID: try Self.anyID(), fetchedAt: .epoch)
  }

  @Test("is found by its URL byte for byte, replaced, listed and removed")
  func storing() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let record = try RemoteRecord(
        url: Self.url, imageID: id, signatureURL: "s", etag: "\"1\"", lastModified: "then", maxAge: 10,
        fetchedAt: FileTime(seconds: 100, nanoseconds: 5))
      #expect(try store.remote(of: Self.url) == nil)
      try store.setRemote(record)
      #expect(try store.remote(of: Self.url) == record)
      // The same text to who compares text: "ä" in two code points.
      #expect(try store.remote(of: "https://example.com/app.aci?x=a\u{308}%20#f") == nil)
      let newer = record.revalidated(at: FileTime(seconds: 200), maxAge: 20)
      try store.setRemote(newer)
      let other = try RemoteRecord(url: "https://example.com/", imageID: id, fetchedAt: .epoch)
      try store.setRemote(other)
      #expect(try store.remotes() == [other, newer])
      try store.removeRemote(of: Self.url)
      try store.removeRemote(of: Self.url)
      #expect(try store.remotes() == [other])
    }
  }

  @Test("means nothing when its image is gone, and goes with the next collection")
  func gone() throws {
    try TestStore.with { store, _ in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let kept = try store.importImage(TestImage("ex/b").bytes).record.id
      try store.setRemote(try RemoteRecord(url: "https://example.com/a", imageID: id, fetchedAt: .epoch))
      try store.setRemote(try RemoteRecord(url: "https://example.com/b", imageID: kept, fetchedAt: .epoch))
      try store.remove(id)
      #expect(try store.remote(of: "https://example.com/a") == nil)
      #expect(try store.remotes().map(\.url) == ["https://example.com/b"])
      #expect(try store.collectGarbage().remotes == 1)
      #expect(try names(store.path.appending("remotes")).count == 1)
      #expect(try store.remote(of: "https://example.com/b")?.imageID == kept)
    }
  }

  @Test(
    "is as none when its file is damaged or lies under another URL's name, and goes with the next collection")
  func damaged() throws {
    try TestStore.with { store, directory in
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let urls = ["a", "b", "c", "d"].map { "https://example.com/\($0)" }
      var files: [String] = []
      for url in urls {
        let before = Set(try names(store.path.appending("remotes")))
        try store.setRemote(try RemoteRecord(url: url, imageID: id, etag: "\"1\"", fetchedAt: .epoch))
        files += Set(try names(store.path.appending("remotes"))).subtracting(before).map {
          "store/remotes/\($0)"
        }
      }
      let good = try contents(of: directory.appending(files[0]))
      try directory.write(Array(good.dropLast(20)), to: files[1])
      try directory.write(good, to: files[2])
      try directory.write([UInt8](repeating: 0x20, count: 1 << 20), to: files[3])
      for url in urls.dropFirst() { #expect(try store.remote(of: url) == nil) }
      #expect(try store.remotes().map(\.url) == [urls[0]])
      #expect(try store.collectGarbage(.init(dryRun: true)).remotes == 3)
      #expect(try store.collectGarbage().remotes == 3)
      #expect(try names(store.path.appending("remotes")).count == 1)
      #expect(try store.remote(of: urls[0])?.etag == "\"1\"")
    }
  }

  private static func anyID() throws -> ImageID {
    try ImageID("sha512-" + String(repeating: "a", count: 128))
  }
}
