import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("Removing a tree")
struct TreeRemovalTests {
  @Test("everything in it goes, and nothing beside it")
  func everything() throws {
    try withTree { tree in
      try tree.write("1", to: "t/a/b/c")
      try tree.write("2", to: "t/d")
      try tree.write("3", to: "beside")
      _ = tree.appending("t/fifo").withPlatformString { mkfifo($0, 0o600) }
      try remove("t", in: tree)
      try #expect(tree.names() == ["beside"])
    }
  }

  @Test("a file is a tree too, and nothing there is as good")
  func notADirectory() throws {
    try withTree { tree in
      try tree.write("1", to: "file")
      try remove("file", in: tree)
      try remove("file", in: tree)
      try #expect(tree.names() == [])
    }
  }

  @Test("links are removed, not followed: at the top, within, and to a directory above")
  func links() throws {
    try withTree { tree in
      try tree.write("precious", to: "outside/file")
      try tree.makeDirectory("t/d")
      for (link, target) in [("t/d/up", "../.."), ("t/out", "../outside"), ("top", "outside")] {
        #expect(tree.appending(link).withPlatformString { symlink(target, $0) } == 0)
      }
      try remove("t", in: tree)
      try remove("top", in: tree)
      try #expect(tree.names() == ["outside"])
      try #expect(read(tree.appending("outside/file")) == Array("precious".utf8))
    }
  }

  @Test("names are bytes: not UTF-8, equal only to people, as long as a name can be")
  func names() throws {
    try withTree { tree in
      try tree.makeDirectory("t")
      let names: [[UInt8]] = [
        [0xff, 0xfe], Array("e\u{301}".utf8), Array("\u{e9}".utf8), [0x0a], Array("-rf".utf8), [0x5c],
        [UInt8](repeating: 0x80, count: 255),
      ]
      let descriptor = try FileDescriptor.open(tree.appending("t"), .readOnly, options: .directory)
      try descriptor.closeAfter {
        for name in names {
          let made = name.withCString { mkdirat(descriptor.rawValue, $0, 0o700) }
          #expect(made == 0, "\(name)")
        }
      }
      try remove("t", in: tree)
      try #expect(tree.names() == [])
    }
  }

  @Test("many entries in one directory go")
  func many() throws {
    try withTree { tree in
      try tree.makeDirectory("t")
      for number in 0..<5000 {
        let path = tree.appending("t/\(number)")
        #expect(path.withPlatformString { number % 2 == 0 ? mkdir($0, 0o700) : mkfifo($0, 0o700) } == 0)
      }
      try remove("t", in: tree)
      try #expect(tree.names() == [])
    }
  }

  @Test("a tree a thousand levels deep goes with few descriptors, 0555 and 0000 directories and all")
  func deep() async throws {
    try await TemporaryDirectory.with(.memory) { tree in
      let path = tree.path.string
      await #expect(processExitsWith: .success) { [path = path as String] in
        try removeDeepTree(FilePath(path))
      }
      try #expect(tree.names() == [])
    }
  }

  @Test(
    "an owner who is not root removes directories of modes 0555 and 0000, however deep",
    .enabled(if: geteuid() == 0))
  func notRoot() async throws {
    try await TemporaryDirectory.with(.memory) { tree in
      let path = tree.path.string
      #expect(tree.path.withPlatformString { chown($0, 65534, 65534) } == 0)
      await #expect(processExitsWith: .success) { [path = path as String] in
        try #require(setgroups(0, nil) == 0 && setgid(65534) == 0 && setuid(65534) == 0)
        try removeDeepTree(FilePath(path))
      }
      try #expect(tree.names() == [])
    }
  }

  @Test("a mount point within is not entered, and said to be busy", .enabled(if: geteuid() == 0))
  func mountPoint() throws {
    try withTree { tree in
      try tree.write("precious", to: "outside/file")
      try tree.makeDirectory("t/mounted")
      let (from, to) = (tree.appending("outside"), tree.appending("t/mounted"))
      let bound = from.withPlatformString { from in
        to.withPlatformString { mount(from, $0, nil, UInt(MS_BIND), nil) }
      }
      guard bound == 0 else { return }
      defer { _ = to.withPlatformString { umount2($0, Int32(MNT_DETACH)) } }
      #expect(throws: Errno.resourceBusy) { try remove("t", in: tree) }
      try #expect(read(tree.appending("outside/file")) == Array("precious".utf8))
    }
  }
}

private func withTree(_ body: (TemporaryDirectory) throws -> Void) throws {
  try TemporaryDirectory.with(.memory, body)
}

private func remove(_ name: FilePath, in tree: TemporaryDirectory) throws {
  let parent = try FileDescriptor.open(tree.path, .readOnly, options: .directory)
  try parent.closeAfter { try TreeRemoval.remove(name, in: parent.rawValue) }
}

/// Makes and removes, in a process of its own whose limit of open files is low, a tree with a file on each of its levels.
private func removeDeepTree(_ path: FilePath) throws {
  let parent = try FileDescriptor.open(path, .readOnly, options: .directory)
  try parent.closeAfter {
    try makeDeepTree(in: parent.rawValue, levels: 1000)
    var limit = rlimit(rlim_cur: 128, rlim_max: 128)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    try TreeRemoval.remove("t", in: parent.rawValue)
  }
}

private func makeDeepTree(in parent: CInt, levels: Int) throws {
  var chain = [parent]
  defer { for directory in chain.dropFirst() { close(directory) } }
  for level in 0..<levels {
    // Only the last two stay open: their modes are set when what is in them is there.
    let above = chain[chain.count - 1]
    let name = level == 0 ? "t" : "d"
    try #require(mkdirat(above, name, 0o700) == 0)
    let directory = openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(directory >= 0)
    close(openat(directory, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0o400))
    if chain.count > 1 {
      try #require(fchmod(above, level % 3 == 0 ? 0 : 0o555) == 0)
      close(chain.removeLast())
    }
    chain.append(directory)
  }
}

extension [UInt8] {
  fileprivate func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    try (self + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { bytes in
      guard let text = bytes.baseAddress else { preconditionFailure("it holds a NUL at least") }
      return try body(text)
    }
  }
}
