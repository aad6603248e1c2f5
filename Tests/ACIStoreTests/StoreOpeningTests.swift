import ACIStore
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Opening a store")
struct StoreOpeningTests {
  @Test("a new store and its parents are made, closed to others")
  func fresh() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = directory.appending("some/where/store")
      _ = try ImageStore.open(at: path)
      #expect(try mode(of: path) == 0o700)
      #expect(try names(path.appending("blobs/sha512")).count == 256)
      #expect(try names(path).contains("version"))
      _ = try ImageStore.open(at: path)
    }
  }

  @Test(
    "a directory that others can enter is refused, with the command that mends it",
    arguments: [0o755, 0o770, 0o701])
  func openToOthers(mode: mode_t) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.makeDirectory("store")
      _ = path.withPlatformString { chmod($0, mode) }
      let error = #expect(throws: StoreError.self) { try ImageStore.open(at: path) }
      #expect(error?.code == .unsafeRoot)
      #expect(error?.description.contains("chmod 0700") == true)
      #expect(try names(path) == [])
    }
  }

  @Test("a directory of another user is refused", .enabled(if: geteuid() == 0))
  func foreign() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.makeDirectory("store")
      _ = path.withPlatformString { chmod($0, 0o700) }
      _ = path.withPlatformString { chown($0, 1234, 1234) }
      #expect(throws: StoreError.self) { try ImageStore.open(at: path) }
    }
  }

  @Test("a symbolic link in the place of the root is refused")
  func linked() throws {
    try TemporaryDirectory.with(.memory) { directory in
      _ = try ImageStore.open(at: directory.appending("real"))
      let link = directory.appending("link")
      _ = link.withPlatformString { symlink("real", $0) }
      let error = #expect(throws: StoreError.self) { try ImageStore.open(at: link) }
      #expect(error?.code == .unsafeRoot)
    }
  }

  @Test("a file in the place of the root is refused")
  func file() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("x", to: "store")
      #expect(throws: StoreError.self) { try ImageStore.open(at: path) }
    }
  }

  @Test("a store of an unknown format is left alone")
  func version() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = directory.appending("store")
      _ = try ImageStore.open(at: path)
      _ = path.appending("version").withPlatformString { chmod($0, 0o600) }
      try directory.write("appc-store 99\n", to: "store/version")
      let error = #expect(throws: StoreError.self) { try ImageStore.open(at: path) }
      #expect(error?.code == .unknownVersion)
    }
  }

  @Test("a store that was cut short while it was made is made again")
  func cutShort() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = directory.appending("store")
      _ = try ImageStore.open(at: path)
      _ = path.appending("version").withPlatformString { unlink($0) }
      _ = path.appending("blobs/sha512/7f").withPlatformString { rmdir($0) }
      let store = try ImageStore.open(at: path)
      #expect(exists(path.appending("blobs/sha512/7f")))
      _ = try store.importImage(TestImage("ex/a").bytes)
    }
  }

  @Test("many threads may make one store at once")
  func concurrent() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let path = directory.appending("store")
      _ = try await inParallel(8) { _ in try ImageStore.open(at: path).path }
      #expect(try names(path.appending("tmp")) == [])
    }
  }

  @Test("a store that is open is not led astray when a link takes the place of its root")
  func replacedByLink() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = directory.appending("store")
      let store = try ImageStore.open(at: path)
      let other = try ImageStore.open(at: directory.appending("other"))
      let moved = directory.appending("moved")
      #expect(path.withPlatformString { old in moved.withPlatformString { rename(old, $0) } } == 0)
      #expect(path.withPlatformString { symlink("other", $0) } == 0)
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      #expect(try other.imageIDs() == [])
      #expect(try ImageStore.open(at: moved).imageIDs() == [id])
    }
  }

  @Test(
    "a store of another user is refused with his number, and nothing in it was ever open to others",
    .enabled(if: geteuid() == 0 && ForkedProcess.isPossible))
  func otherUser() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      _ = directory.path.withPlatformString { chmod($0, 0o777) }
      let path = directory.path.string
      await #expect(processExitsWith: .success) { [path = path as String] in
        let maker = try ForkedProcess.start {
          umask(0)
          guard setgid(1234) == 0, setuid(1234) == 0 else { throw Errno(rawValue: errno) }
          let store = try ImageStore.open(at: FilePath("\(path)/store"))
          _ = try store.render(try store.importImage(TestImage("ex/a").bytes).record.id)
          return 0
        }
        #expect(try maker.end() == .exited(0))
      }
      let store = directory.appending("store")
      let error = #expect(throws: StoreError.self) { try ImageStore.open(at: store) }
      #expect(error?.code == .unsafeRoot)
      #expect(error?.description.contains("user 1234") == true)
      for name in try names(store) { #expect(try mode(of: store.appending(name)) & 0o077 == 0, "\(name)") }
      for name in try names(store.appending("images")) {
        #expect(try mode(of: store.appending("images").appending(name)) == 0o600, "\(name)")
      }
    }
  }

  @Test(
    "a user who may not enter the store is told what to do",
    .enabled(if: geteuid() == 0 && ForkedProcess.isPossible))
  func noPermission() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      _ = try ImageStore.open(at: directory.appending("store"))
      _ = directory.path.withPlatformString { chmod($0, 0o755) }
      let path = directory.path.string
      await #expect(processExitsWith: .success) { [path = path as String] in
        let stranger = try ForkedProcess.start {
          guard setuid(1234) == 0 else { throw Errno(rawValue: errno) }
          _ = try ImageStore.open(at: FilePath("\(path)/store"))
          return 0
        }
        guard case .threw(let text) = try stranger.end() else {
          Issue.record("the store of root was opened by another user")
          return
        }
        #expect(text.contains("run as its owner") && text.contains("\(path)/store"), "\(text)")
      }
    }
  }
}
