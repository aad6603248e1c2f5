import Glibc
package import SystemPackage

/// A hidden, private directory beside the place where its content is to appear.
///
/// What a killed process leaves under a hidden name, the next one with the same destination removes.
package struct StagingDirectory: ~Copyable {
  private let parent: OwnedDescriptor
  private let names: HiddenNames
  private let place: HiddenNames.Place
  private let finalName: FilePath
  private let destination: FilePath
  private let overwrites: Bool

  /// Makes the directory, mode 0700, if nothing is at `destination` yet, or if that may be replaced.
  package init(for destination: FilePath, overwriting overwrites: Bool = false) throws(ArchiveError) {
    guard let last = destination.lastComponent, last.kind == .regular else {
      throw ArchiveError(
        .destinationExists, operation: "extract to", subject: destination.shown,
        detail: "that is no name for a new directory")
    }
    let finalName = FilePath(root: nil, [last])
    let parent = try StagingDirectory.openParent(of: destination)
    // What vanishes while it is looked at is not there.
    if let mode = try? Kernel.mode(parent.raw, finalName) {
      guard overwrites else { throw StagingDirectory.exists(destination) }
      try StagingDirectory.checkReplaceable(mode, for: destination)
    }
    let names = HiddenNames(for: finalName, in: parent.raw)
    names.removeAbandoned()
    place = try StagingDirectory.make(in: parent.raw, names, for: destination)
    self.parent = parent
    self.names = names
    self.finalName = finalName
    self.destination = destination
    self.overwrites = overwrites
  }

  /// The directory.
  package var descriptor: FileDescriptor { place.descriptor.descriptor }

  /// The directory's path.
  package var path: FilePath { beside(place.name) }

  /// Gives the directory its final name, unless something has taken it meanwhile and is to stay.
  package mutating func publish() throws(ArchiveError) {
    try publish(place.name)
  }

  /// Gives something in the directory the final name, and removes the rest.
  ///
  /// To be called instead of ``publish()``; `content` is a path beneath the directory that leads through no link.
  package mutating func publish(content: FilePath) throws(ArchiveError) {
    let moved: HiddenNames.Place
    do {
      moved = try moveOut(content)
    } catch {
      throw StagingDirectory.fault(error, destination, "what was made cannot be moved to its place")
    }
    do {
      try publish(moved.name)
    } catch {
      try? removeOwn(moved.name)
      throw error
    }
    try discard()
  }

  /// Removes the directory and what is in it.
  package mutating func discard() throws(ArchiveError) {
    try removeOwn(place.name)
  }
}

extension StagingDirectory {
  private func publish(_ name: FilePath) throws(ArchiveError) {
    do throws(Errno) {
      try Kernel.renameNew(parent.raw, name, parent.raw, finalName)
    } catch .fileExists {
      guard overwrites else { throw StagingDirectory.exists(destination) }
      try replace(with: name)
    } catch {
      throw StagingDirectory.fault(error, destination, "the new directory cannot be renamed")
    }
  }

  /// Puts the new directory in the place of what is there, in one step where the file system can, and then
  /// removes what was there.
  private func replace(with name: FilePath) throws(ArchiveError) {
    // Held until it is removed.
    let old = lockDestination()
    let oldName = try exchange(name) ? name : replaceInSteps(with: name)
    try remove(oldName)
    _ = consume old
  }

  /// What is to be replaced, so that no other process takes it for something left behind and removes it too; nil
  /// where it cannot be opened.
  private func lockDestination() -> OwnedDescriptor? {
    guard let old = try? Kernel.openDirectory(beneath: parent.raw, finalName) else { return nil }
    _ = try? HiddenNames.lock(old.raw)
    return old
  }

  /// Lets the new directory and what is there change names; false where the file system cannot do that.
  private func exchange(_ name: FilePath) throws(ArchiveError) -> Bool {
    do throws(Errno) {
      try Kernel.exchange(parent.raw, name, finalName)
    } catch .invalidArgument {
      return false
    } catch {
      throw StagingDirectory.fault(error, destination, "it cannot be replaced")
    }
    do throws(ArchiveError) {
      // What was a directory when this began may have made place for something else.
      try StagingDirectory.checkReplaceable(name, in: parent.raw, for: destination)
    } catch {
      throw putBack(name, exchanging: true, after: error)
    }
    return true
  }

  /// Moves what is there aside, then gives the new directory its name.
  ///
  /// Answers which name what was there has now. Between the two steps that is a name under which nobody looks for
  /// something left behind: a process that is killed then leaves a directory that somebody wants.
  private func replaceInSteps(with name: FilePath) throws(ArchiveError) -> FilePath {
    let aside = FilePath.randomName(".appc-replaced")
    try rename(finalName, to: aside, "it cannot be replaced")
    do throws(ArchiveError) {
      try StagingDirectory.checkReplaceable(aside, in: parent.raw, for: destination)
      try rename(name, to: finalName, "the new directory cannot be renamed")
    } catch {
      throw putBack(aside, exchanging: false, after: error)
    }
    let unwanted = try? names.take { (free) throws(Errno) in
      try Kernel.renameNew(parent.raw, aside, parent.raw, free)
    }
    return unwanted ?? aside
  }

  private func rename(_ name: FilePath, to newName: FilePath, _ detail: String) throws(ArchiveError) {
    do {
      try Kernel.renameNew(parent.raw, name, parent.raw, newName)
    } catch {
      throw StagingDirectory.fault(error, destination, detail)
    }
  }

  /// Gives what was moved to `name` its own one back.
  ///
  /// Answers what to throw: `reason`, or where it could not be put back, an error that says where it lies.
  private func putBack(_ name: FilePath, exchanging: Bool, after reason: ArchiveError) -> ArchiveError {
    do throws(Errno) {
      if exchanging {
        try Kernel.exchange(parent.raw, name, finalName)
      } else {
        try Kernel.renameNew(parent.raw, name, parent.raw, finalName)
      }
      return reason
    } catch {
      let kept = exchanging ? keep(name) : name
      return ArchiveError(
        .io, operation: "extract to", subject: destination.shown, errno: error, cause: reason,
        detail: "what was there could not be put back: it is at \(beside(kept).shown) now; move it back")
    }
  }

  /// Moves what somebody wants away from a name under which things are removed, if that can be.
  private func keep(_ name: FilePath) -> FilePath {
    let kept = FilePath.randomName(".appc-replaced")
    do {
      try Kernel.renameNew(parent.raw, name, parent.raw, kept)
      return kept
    } catch {
      return name
    }
  }

  /// Gives something in the directory a hidden name beside it.
  ///
  /// A directory that moves to another one must be writable, for its entry ".." changes; an image's need not be.
  private func moveOut(_ content: FilePath) throws(Errno) -> HiddenNames.Place {
    let mode = try Kernel.mode(place.descriptor.raw, content) & 0o7777
    let isOpen = mode & 0o700 == 0o700
    if !isOpen { try Kernel.setPermissions(place.descriptor.raw, content, to: mode | 0o700) }
    let moved = try Kernel.openDirectory(beneath: place.descriptor.raw, content)
    let raw = moved.raw
    // Before it has the name: else another process could take it for something left behind.
    _ = try? HiddenNames.lock(raw)
    let name = try names.take { (free) throws(Errno) in
      try Kernel.renameNew(place.descriptor.raw, content, parent.raw, free)
    }
    if !isOpen { _ = try Kernel.glibc { fchmod(raw, mode) } }
    return HiddenNames.Place(name: name, descriptor: moved)
  }

  /// Removes a directory that was made here.
  private func removeOwn(_ name: FilePath) throws(ArchiveError) {
    // Anything else was to be replaced, is not to be after all, and could not be put back.
    if let mode = try? Kernel.mode(parent.raw, name), mode & S_IFMT != S_IFDIR { return }
    try remove(name)
  }

  private func remove(_ name: FilePath) throws(ArchiveError) {
    do {
      try TreeRemoval.remove(name, in: parent.raw)
    } catch {
      let detail =
        error == .resourceBusy
        ? "something is mounted in it; unmount that and remove it" : "it cannot be removed"
      throw ArchiveError(
        .io, operation: "remove", subject: beside(name).shown, errno: error, detail: detail)
    }
  }

  /// The path of a name in the directory above.
  private func beside(_ name: FilePath) -> FilePath { destination.removingLastComponent().pushing(name) }

  /// A directory is replaced, and with it all that is in it; nothing else is.
  private static func checkReplaceable(
    _ name: FilePath, in parent: CInt, for destination: FilePath
  ) throws(ArchiveError) {
    let mode: UInt32
    do {
      mode = try Kernel.mode(parent, name)
    } catch {
      throw fault(error, destination, "what is there cannot be examined")
    }
    try checkReplaceable(mode, for: destination)
  }

  private static func checkReplaceable(_ mode: UInt32, for destination: FilePath) throws(ArchiveError) {
    guard mode & S_IFMT == S_IFDIR else {
      throw exists(destination, "it is no directory, and only a directory is replaced")
    }
  }

  private static func openParent(of destination: FilePath) throws(ArchiveError) -> OwnedDescriptor {
    do {
      return try Kernel.openParent(of: destination)
    } catch {
      throw fault(error, destination, "the directory above it cannot be opened")
    }
  }

  private static func make(
    in parent: CInt, _ names: HiddenNames, for destination: FilePath
  ) throws(ArchiveError) -> HiddenNames.Place {
    do throws(Errno) {
      return try names.claim { (name) throws(Errno) in
        try Kernel.makeDirectory(parent, name)
        do throws(Errno) {
          return try Kernel.openDirectory(beneath: parent, name)
        } catch {
          try? Kernel.unlink(parent, name, isDirectory: true)
          throw error
        }
      }
    } catch .resourceBusy {
      throw fault(
        .resourceBusy, destination, "another process is writing it; run this again when that has ended")
    } catch {
      throw fault(error, destination, "no directory can be made there")
    }
  }

  private static func fault(_ errno: Errno, _ destination: FilePath, _ detail: String) -> ArchiveError {
    .system(errno.rawValue, "extract to", destination.shown, detail)
  }

  private static func exists(_ destination: FilePath, _ detail: String = "it exists") -> ArchiveError {
    ArchiveError(
      .destinationExists, operation: "extract to", subject: destination.shown,
      detail: "\(detail); remove it or choose another place")
  }
}
