import ACIArchive
import SystemPackage

/// A file that gets its name when it is complete, and never existed when it is not.
///
/// It has no name at all (O_TMPFILE) where the file system can do that, so that even kill -9 leaves nothing;
/// elsewhere it lies in an operation directory until it is published.
struct PendingFile: ~Copyable {
  private static let temporaryName: FilePath = "file"

  private let root: StoreRoot
  private let file: OwnedDescriptor
  private let directory: OperationDirectory?
  private let operation: String
  private let subject: String

  /// Makes an empty file.
  ///
  /// `subject` is what errors are about; `named` is for files that replace others, which only a rename does
  /// atomically.
  init(for operation: String, _ subject: String, in root: StoreRoot, named: Bool = false) throws(StoreError) {
    self.root = root
    self.operation = operation
    self.subject = subject
    if !named, let file = try PendingFile.unnamed(operation, subject, root) {
      self.file = file
      directory = nil
      return
    }
    let directory = try OperationDirectory(for: operation, in: root)
    let parent = directory.descriptor
    file = try attempting(operation, subject) { () throws(Errno) in
      try Kernel.createFile(parent, PendingFile.temporaryName)
    }
    self.directory = consume directory
  }

  var descriptor: Int32 { file.raw }

  func write(_ bytes: [UInt8]) throws(StoreError) {
    let raw = file.raw
    try attempting(operation, subject) { () throws(Errno) in try Kernel.writeAll(raw, bytes) }
  }

  /// Makes the content survive a power cut.
  func sync() throws(StoreError) {
    let raw = file.raw
    try attempting(operation, subject) { () throws(Errno) in try Kernel.sync(raw) }
  }

  /// Gives the file its name; false when the name is taken, and then the file is gone.
  consuming func publish(as name: FilePath, mode: UInt32) throws(StoreError) -> Bool {
    do throws(Errno) {
      try Kernel.setMode(file.raw, mode)
      if let directory {
        try Kernel.renameNew(directory.descriptor, PendingFile.temporaryName, root.descriptor, name)
      } else {
        try Kernel.linkUnnamed(file.raw, root.descriptor, name)
      }
      return true
    } catch .fileExists {
      return false
    } catch {
      throw StoreError(system: error, operation: operation, subject: subject)
    }
  }

  /// Gives the file its name in place of whatever has it; for files made with `named` only.
  consuming func replace(_ name: FilePath, mode: UInt32) throws(StoreError) {
    do throws(Errno) {
      guard let directory else { throw .invalidArgument }
      try Kernel.setMode(file.raw, mode)
      try Kernel.renameOver(directory.descriptor, PendingFile.temporaryName, root.descriptor, name)
    } catch {
      throw StoreError(system: error, operation: operation, subject: subject)
    }
  }

  /// Nil when the file system has no files without names.
  private static func unnamed(
    _ operation: String, _ subject: String, _ root: StoreRoot
  ) throws(StoreError) -> OwnedDescriptor? {
    try attempting(operation, subject) { () throws(Errno) in
      let directory = try root.openDirectory(StoreLayout.temporary)
      return try Kernel.createUnnamed(directory.raw)
    }
  }
}

extension StoreRoot {
  /// Writes a small file under its final name, in place of another if there is one.
  func put(
    _ bytes: [UInt8], as name: FilePath, for operation: String, _ subject: String, synced: Bool = false
  ) throws(StoreError) {
    let isThere = Kernel.exists(descriptor, name)
    let file = try PendingFile(for: operation, subject, in: self, named: isThere)
    try file.write(bytes)
    if synced { try file.sync() }
    if isThere {
      try file.replace(name, mode: 0o600)
    } else if try !file.publish(as: name, mode: 0o600) {
      // Somebody else was faster: what they wrote is as good only if it is replaced.
      try put(bytes, as: name, for: operation, subject, synced: synced)
    }
  }
}
