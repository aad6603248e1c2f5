import ACIArchive
import AppcSchema
import SystemPackage

/// The directory an image is made from: `manifest` and `rootfs`, opened once, and nothing beside them (B3).
struct BuildSource: ~Copyable {
  private let path: FilePath
  private let manifest: OwnedDescriptor
  /// Open for its metadata alone.
  let rootfs: OwnedDescriptor

  init(opening path: FilePath) throws(BuildError) {
    let directory = try at(path) { () throws(Errno) in try Kernel.openDirectory(following: path) }
    let names = try at(path) { () throws(Errno) in try Kernel.names(directory) }
    try Self.check(names, path)
    let manifest = try Self.open("manifest", .regular, "a regular file", directory, path)
    let rootfs = try Self.open("rootfs", .directory, "a directory", directory, path)
    self.init(path, manifest, rootfs)
  }

  private init(_ path: FilePath, _ manifest: consuming OwnedDescriptor, _ rootfs: consuming OwnedDescriptor) {
    self.path = path
    self.manifest = manifest
    self.rootfs = rootfs
  }

  /// The manifest's bytes, which go into the image as they are, and what was noticed in them.
  func readManifest(limit: Int) throws(BuildError) -> (bytes: [UInt8], notes: [BuildDiagnostic]) {
    let bytes = try manifestBytes(limit: limit)
    do {
      let reading = try ImageManifest.read(bytes, mode: .tolerant, limits: JSONLimits(bytes: limit))
      return (bytes, reading.diagnostics.map(BuildDiagnostic.init(manifest:)))
    } catch {
      throw BuildError(
        .invalidManifest, subject: path.appending("manifest").shown,
        detail: "it is not a valid image manifest: \(error)", cause: error)
    }
  }

  /// The manifest's bytes, not looked into.
  func manifestBytes(limit: Int) throws(BuildError) -> [UInt8] {
    let file = path.appending("manifest")
    do {
      return try Kernel.readAll(Kernel.reopen(manifest), limit: limit)
    } catch .fileTooLarge {
      throw BuildError(
        .invalidManifest, subject: file.shown, detail: "it is larger than \(limit) bytes",
        errno: .fileTooLarge)
    } catch {
      throw BuildError(system: error, subject: file.shown)
    }
  }

  private static func check(_ names: [FilePath], _ path: FilePath) throws(BuildError) {
    let strangers = names.filter { $0 != "manifest" && $0 != "rootfs" }
    if !strangers.isEmpty {
      let shownNames = strangers.map(\.shown).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(5)
      throw BuildError(
        .badLayout, subject: path.shown,
        detail:
          "an image holds manifest and rootfs alone: move \(shownNames.joined(separator: ", ")) elsewhere")
    }
    for name: FilePath in ["manifest", "rootfs"] where !names.contains(name) {
      throw BuildError(
        .badLayout, subject: path.shown,
        detail: "it has no \(name): an image is made of manifest and rootfs/")
    }
  }

  private static func open(
    _ name: FilePath, _ kind: SourceStatus.Kind, _ description: String,
    _ directory: borrowing OwnedDescriptor, _ path: FilePath
  ) throws(BuildError) -> OwnedDescriptor {
    do throws(Errno) {
      let file = try Kernel.openPath(directory, name)
      guard try Kernel.status(file).kind == kind else { throw .invalidArgument }
      return file
    } catch .invalidArgument {
      throw BuildError(
        .badLayout, subject: path.pushing(name).shown,
        detail: "it must be \(description), not a link or anything else")
    } catch {
      throw BuildError(system: error, subject: path.pushing(name).shown)
    }
  }
}
