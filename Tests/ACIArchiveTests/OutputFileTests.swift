import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("An output that appears whole or not at all")
struct OutputFileTests {
  @Test("it has no name until it is published, then its own, and is as it was written")
  func publish() throws {
    try TemporaryDirectory.with(.memory) { directory in
      var file = try OutputFile(at: directory.appending("out"))
      try file.descriptor.writeAll("content".utf8)
      try #expect(directory.names() == [])
      try file.publish(overwrite: false)
      try #expect(directory.names() == ["out"])
      try #expect(read(directory.appending("out")) == Array("content".utf8))
      let mask = umask(0)
      umask(mask)
      try #expect(FileStatus(directory.appending("out")).mode == S_IFREG | (0o644 & ~mask))
    }
  }

  @Test("one that is never published leaves nothing")
  func abandoned() throws {
    try TemporaryDirectory.with(.memory) { directory in
      do {
        let file = try OutputFile(at: directory.appending("out"))
        try file.descriptor.writeAll("content".utf8)
      }
      try #expect(directory.names() == [])
    }
  }

  @Test("a name that is taken meanwhile stays as it is, and nothing lies beside it")
  func taken() throws {
    try TemporaryDirectory.with(.memory) { directory in
      var file = try OutputFile(at: directory.appending("out"))
      try directory.write("precious", to: "out")
      #expect(throws: Errno.fileExists) { try file.publish(overwrite: false) }
      try #expect(directory.names() == ["out"])
      try #expect(read(directory.appending("out")) == Array("precious".utf8))
    }
  }

  @Test("a name that is taken is replaced when told to, a link by itself and not its target")
  func replaced() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.write("precious", to: "target")
      #expect(directory.appending("out").withPlatformString { symlink("target", $0) } == 0)
      var file = try OutputFile(at: directory.appending("out"))
      try file.publish(overwrite: true)
      try #expect(directory.names() == ["out", "target"])
      try #expect(FileStatus(directory.appending("out")).mode & S_IFMT == S_IFREG)
      try #expect(read(directory.appending("target")) == Array("precious".utf8))
    }
  }

  @Test("what cannot be replaced is an error that leaves nothing beside it")
  func directoryInTheWay() throws {
    try TemporaryDirectory.with(.memory) { directory in
      try directory.makeDirectory("out")
      do {
        var file = try OutputFile(at: directory.appending("out"))
        #expect(throws: Errno.isDirectory) { try file.publish(overwrite: true) }
      }
      try #expect(directory.names() == ["out"])
    }
  }

  @Test("a path that ends in no name is refused at once", arguments: ["/", "", ".", "..", "a/.."])
  func noName(_ path: String) {
    #expect(throws: Errno.isDirectory) { _ = try OutputFile(at: FilePath(path)) }
  }
}
