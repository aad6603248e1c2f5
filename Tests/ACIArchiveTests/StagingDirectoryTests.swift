import ACIArchive
import AppcTesting
import Glibc
import SystemPackage
import Testing

@Suite("A directory that takes the place of another")
struct StagingDirectoryTests {
  @Test("a file that came into the old one's place meanwhile stays, and nothing lies beside it")
  func fileMeanwhile() throws {
    try withFileMeanwhile { directory, staging in
      let error = #expect(throws: ArchiveError.self) { try staging.publish() }
      #expect(error?.code == .destinationExists)
      try staging.discard()
      try #expect(directory.names() == ["out"])
      try #expect(read(directory.appending("out")) == Array("precious".utf8))
    }
  }

  @Test("a file is not replaced")
  func file() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let path = try directory.write("precious", to: "out")
      let error = #expect(throws: ArchiveError.self) {
        _ = try StagingDirectory(for: path, overwriting: true)
      }
      #expect(error?.code == .destinationExists)
      try #expect(directory.names() == ["out"])
    }
  }

  @Test("a second one for the same place is refused while the first is being filled")
  func inUse() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let out = directory.appending("out")
      var first = try StagingDirectory(for: out)
      let error = #expect(throws: ArchiveError.self) { _ = try StagingDirectory(for: out) }
      #expect(error?.errno == .resourceBusy)
      try first.discard()
      try #expect(directory.names() == [])
    }
  }

  #if DEBUG
    // EINVAL is also what a file system says that cannot exchange names.
    @Test(
      "whichever call fails, the old directory or the new one is there",
      arguments: [Errno.ioError, Errno.invalidArgument])
    func faults(_ fault: Errno) throws {
      var point = 1
      while try publishes(failing: fault, at: point) { point += 1 }
      #expect(point > 4)
    }

    @Test(
      "whichever call fails, a file that came into the old one's place is there, or the error says where",
      arguments: [Errno.ioError, Errno.invalidArgument])
    func fileFaults(_ fault: Errno) throws {
      var point = 1
      while try keepsFile(failing: fault, at: point) { point += 1 }
      #expect(point > 4)
    }

    /// Replaces a directory; false when the point lies behind the last call.
    private func publishes(failing fault: Errno, at point: Int) throws -> Bool {
      try TemporaryDirectory.with(.memory) { directory in
        try directory.write("old", to: "out/file")
        let out = directory.appending("out")
        let plan = FaultInjection(.failure(fault), at: point)
        var failure: ArchiveError?
        do {
          var staging = try StagingDirectory(for: out, overwriting: true)
          let hidden = staging.path
          try directory.write("new", to: "\(hidden.lastComponent?.string ?? "none")/file")
          do throws(ArchiveError) {
            try plan.attached { () throws(ArchiveError) in try staging.publish() }
          } catch {
            failure = error
            try? staging.discard()
          }
        }
        let content = String(decoding: try read(out.appending("file")), as: UTF8.self)
        #expect(failure == nil ? content == "new" : ["old", "new"].contains(content), "point \(point)")
        // The next one removes what could not be removed.
        var next = try StagingDirectory(for: out, overwriting: true)
        try next.discard()
        try #expect(directory.names() == ["out"], "point \(point)")
        return plan.hasFired
      }
    }

    private func keepsFile(failing fault: Errno, at point: Int) throws -> Bool {
      let plan = FaultInjection(.failure(fault), at: point)
      try withFileMeanwhile { directory, staging in
        let error = #expect(throws: ArchiveError.self) {
          try plan.attached { () throws(ArchiveError) in try staging.publish() }
        }
        try staging.discard()
        let files = try directory.names().filter {
          try FileStatus(directory.appending($0)).mode & S_IFMT == S_IFREG
        }
        let name = try #require(files.first, "point \(point)")
        try #expect(read(directory.appending(name)) == Array("precious".utf8))
        #expect(name == "out" || error?.description.contains(name) == true, "point \(point)")
      }
      return plan.hasFired
    }
  #endif

  /// A directory that is to be replaced, and in its place a file since that was found to be one.
  private func withFileMeanwhile(
    _ body: (TemporaryDirectory, inout StagingDirectory) throws -> Void
  ) throws {
    try TemporaryDirectory.with(.memory) { directory in
      let out = try directory.makeDirectory("out")
      var staging = try StagingDirectory(for: out, overwriting: true)
      try #require(out.withPlatformString { rmdir($0) } == 0)
      try directory.write("precious", to: "out")
      try body(directory, &staging)
    }
  }
}
