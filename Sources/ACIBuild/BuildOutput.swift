import ACIArchive
import SystemPackage

/// The file that is being made: refused before any work is done, and there when it is complete.
struct BuildOutput {
  enum Content {
    case image, manifest
  }

  enum Place: Equatable {
    /// A file of its own.
    case file(overwrite: Bool)
    /// That of the file at the path, whatever its name, with its owner and permissions; if known, of that one alone
    /// that was read.
    case inPlace(read: FileIdentity?)

    var isFile: Bool { if case .file = self { true } else { false } }
  }

  let path: FilePath
  let place: Place
  let content: Content
  /// What messages say is being done.
  let operation: String

  /// Refuses a bad name, and one that is taken.
  func check() throws(BuildError) {
    guard case .file(let overwrite) = place else { return }
    switch (content, path.extension == "aci") {
    case (.image, true), (.manifest, false): break
    case (.image, false): throw badName("the name of an image must end in .aci: give it that ending")
    case (.manifest, true):
      throw badName("it would be a manifest and no image: give it another ending (appc build makes images)")
    }
    if !overwrite, Kernel.exists(Kernel.workingDirectory, path) { throw exists }
  }

  /// Refuses a compression that cannot be written here.
  func check(_ compression: OutputCompression) throws(BuildError) {
    do {
      try compression.check()
    } catch {
      throw BuildError(
        .unsupportedCompression, operation: operation, subject: path.shown, detail: error.detail, cause: error
      )
    }
  }

  func open() throws(BuildError) -> OutputFile {
    do throws(Errno) {
      switch place {
      case .file: return try OutputFile(at: path)
      case .inPlace(let read): return try OutputFile.replacing(path, read: read)
      }
    } catch .staleNFSFileHandle where !place.isFile {
      throw BuildError(
        .changed, operation: operation, subject: path.shown,
        detail: "it changed since it was read: patch it again when nobody writes to it",
        errno: .staleNFSFileHandle)
    } catch .notPermitted where !place.isFile {
      throw BuildError(
        .system, operation: operation, subject: path.shown,
        detail: "its owner cannot be kept: be its owner or root, or write another file", errno: .notPermitted)
    } catch {
      throw BuildError(system: error, operation: operation, subject: path.shown)
    }
  }

  func publish(_ file: inout OutputFile) throws(BuildError) {
    do {
      try file.publish(overwrite: place != .file(overwrite: false))
    } catch .fileExists {
      throw exists
    } catch {
      throw BuildError(system: error, operation: operation, subject: path.shown)
    }
  }

  private func badName(_ detail: String) -> BuildError {
    BuildError(.badName, operation: operation, subject: path.shown, detail: detail)
  }

  private var exists: BuildError {
    BuildError(
      .exists, operation: operation, subject: path.shown, detail: "it exists (use --overwrite)",
      errno: .fileExists)
  }
}
