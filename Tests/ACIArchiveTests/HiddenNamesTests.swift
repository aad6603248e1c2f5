import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIArchive

@Suite("Names for what is not complete yet")
struct HiddenNamesTests {
  @Test("an output has the same name each time, and another one has another")
  func fixed() throws {
    try withNames { directory, parent, names in
      let first = try nameOfDirectory(names, parent)
      try Kernel.unlink(parent, first, isDirectory: true)
      try #expect(nameOfDirectory(names, parent) == first)
      try #expect(nameOfDirectory(HiddenNames(for: "other", in: parent), parent) != first)
      #expect(first.string.hasPrefix(".appc-"))
    }
  }

  @Test("what is claimed is locked and stays until it is given up; then the next one removes it")
  func abandoned() throws {
    try withNames { directory, parent, names in
      do {
        let place = try claimDirectory(names, parent)
        let name = place.name.string
        try directory.write("half", to: "\(name)/file")
        try #expect(isLocked(directory.appending(name)))
        names.removeAbandoned()
        try #expect(directory.contents() == [name, "\(name)/file"])
        _ = consume place
      }
      names.removeAbandoned()
      try #expect(directory.names() == [])
    }
  }

  @Test("whoever makes the same output meanwhile is refused")
  func inUse() throws {
    try withNames { directory, parent, names in
      let place = try claimDirectory(names, parent)
      names.removeAbandoned()
      #expect(throws: Errno.resourceBusy) { _ = try claimDirectory(names, parent) }
      _ = consume place
      names.removeAbandoned()
      #expect(throws: Never.self) { _ = try claimDirectory(names, parent) }
    }
  }

  @Test("a lock on what others can open refuses nobody: another name is taken")
  func heldByAnybody() throws {
    try withNames { directory, parent, names in
      let first = try claimFile(names, parent)
      let second = try claimFile(names, parent)
      let taken = Set([first.name, second.name])
      #expect(taken.count == 2)
      try #expect(directory.names().count == 2)
      _ = consume first
      _ = consume second
    }
  }

  @Test("a name is given to what has none, past those that are taken")
  func take() throws {
    try withNames { directory, parent, names in
      let place = try claimDirectory(names, parent)
      try directory.makeDirectory("made")
      let name = try names.take { (name) throws(Errno) in
        try Kernel.renameNew(parent, "made", parent, name)
      }
      let expected = [place.name.string, name.string].sorted()
      try #expect(directory.names() == expected)
      _ = consume place
    }
  }

  @Test("where others may rename, names are random, and nothing is removed")
  func shared() throws {
    try withNames(mode: 0o777) { directory, parent, names in
      let left = try nameOfDirectory(names, parent)
      names.removeAbandoned()
      try #expect(directory.names() == [left.string])
      try Kernel.unlink(parent, left, isDirectory: true)
      try #expect(nameOfDirectory(names, parent) != left)
    }
  }

  #if DEBUG
    @Test(
      "where there are no locks another name is taken, and what is left there stays",
      arguments: [Errno.noLocks, Errno.notSupported])
    func noLocks(_ fault: Errno) throws {
      try withNames { directory, parent, names in
        // The call after those that make the directory and open it.
        let claiming = FaultInjection(.failure(fault), at: 3)
        let name = try claiming.attached { () throws(Errno) in try nameOfDirectory(names, parent) }
        #expect(claiming.hasFired)
        try #expect(directory.names() == [name.string])
        // The call after those that look for the first name, and that open and examine what is at this one.
        let removing = FaultInjection(.failure(fault), at: 4)
        removing.attached { names.removeAbandoned() }
        #expect(removing.hasFired)
        try #expect(directory.names() == [name.string])
      }
    }
  #endif
}

private func withNames(
  mode: mode_t = 0o700, _ body: (TemporaryDirectory, CInt, HiddenNames) throws -> Void
) throws {
  try TemporaryDirectory.with(.memory) { directory in
    let parent = try FileDescriptor.open(directory.path, .readOnly, options: .directory)
    try parent.closeAfter {
      try #require(fchmod(parent.rawValue, mode) == 0)
      try body(directory, parent.rawValue, HiddenNames(for: "out", in: parent.rawValue))
    }
  }
}

private func claimDirectory(_ names: HiddenNames, _ parent: CInt) throws(Errno) -> HiddenNames.Place {
  try names.claim { (name) throws(Errno) in
    try Kernel.makeDirectory(parent, name)
    return try Kernel.openDirectory(beneath: parent, name)
  }
}

/// Claims a name and gives it up again.
private func nameOfDirectory(_ names: HiddenNames, _ parent: CInt) throws(Errno) -> FilePath {
  let place = try claimDirectory(names, parent)
  return place.name
}

/// Claims a name for a file that everybody may read.
private func claimFile(_ names: HiddenNames, _ parent: CInt) throws(Errno) -> HiddenNames.Place {
  let place = try names.claim { (name) throws(Errno) in try Kernel.createFile(parent, name) }
  let raw = place.descriptor.raw
  _ = try Kernel.glibc { fchmod(raw, 0o644) }
  return place
}

private func isLocked(_ path: FilePath) throws -> Bool {
  let file = try FileDescriptor.open(path, .readOnly)
  return try file.closeAfter { flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 }
}
