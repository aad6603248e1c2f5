@testable import ACIArchive
import ACIStore
import FuzzSupport
import Glibc
import SystemPackage

/// What takes files: extraction and import, for one input in so many, in a directory that `Scripts/fuzz` names.
final class SlowChecks {
  /// `APPC_FUZZ_DIRECTORY`, which should be in memory; without it nothing here is checked.
  static nonisolated(unsafe) let shared = getenv("APPC_FUZZ_DIRECTORY").map {
    SlowChecks(FilePath(String(cString: $0)))
  }
  // Unsafe: libFuzzer calls from one thread.

  /// How seldom, `APPC_FUZZ_ONE_IN`; 1 for an input that is run again.
  private static let oneIn = getenv("APPC_FUZZ_ONE_IN").flatMap { Int(String(cString: $0)) } ?? 32

  /// Whether this input is one of them: always the same answer for the same input.
  static func areDue(for bytes: [UInt8]) -> Bool {
    bytes.reduce(0) { $0 &* 31 &+ Int($1) } % max(oneIn, 1) == 0
  }

  private let directory: FilePath
  private let store: ImageStore

  private init(_ directory: FilePath) {
    self.directory = directory
    do {
      store = try ImageStore.open(at: directory.appending("store"))
    } catch {
      fatalError("\(error)")
    }
  }

  /// What is made lies where the model has it, and nowhere else; the store takes the image too.
  func checkAccepted(_ bytes: [UInt8], _ tree: ModelTree, _ walk: ImageWalk) {
    let summary = required("what is accepted is accepted with its digest") { () throws(ArchiveError) in
      try Archive.inspect(ByteSource(bytes), options: .init(limits: ImageWalk.smallLimits))
    }
    hold(summary.entryCount >= walk.members.count, "the summary counts every entry")
    for fromFile in [false, true] {
      required("what is accepted can be extracted") { () throws(ArchiveError) in
        try extract(bytes, fromFile: fromFile)
      }
      DirectoryListing(of: target).check(against: tree)
      DirectoryListing.remove(target)
    }
    hold(DirectoryListing.names(in: directory) == ["store"], "an extraction leaves nothing else")

    let record = required("the store takes what is accepted") { () throws(StoreError) in
      try store.importImage(bytes).record
    }
    hold(record.id == summary.imageID, "an image has the same ID in the store")
    required("an image can be removed") { () throws(StoreError) in try store.remove(record.id) }
    hold((try? store.imageIDs()) == [], "what is removed is gone")
  }

  /// Neither extraction nor import makes anything of what is refused.
  func checkRefused(_ bytes: [UInt8]) {
    for fromFile in [false, true] {
      let extracted: Void? = accepted { () throws(ArchiveError) in try extract(bytes, fromFile: fromFile) }
      hold(extracted == nil, "what is refused cannot be extracted")
    }
    let record = accepted { () throws(StoreError) in try store.importImage(bytes).record }
    hold(record == nil && (try? store.imageIDs()) == [], "the store takes nothing that is refused")
    hold(DirectoryListing.names(in: directory) == ["store"], "nothing is left of what is refused")
  }

  private var target: FilePath { directory.appending("out") }

  /// From memory with a digest, or from a file without one: then content is not read with the headers, but copied by
  /// the kernel.
  private func extract(_ bytes: [UInt8], fromFile: Bool) throws(ArchiveError) {
    let options = ArchiveReader.Options(limits: ImageWalk.smallLimits, hashing: !fromFile)
    guard fromFile else {
      _ = try Archive.extract(ByteSource(bytes), into: target, options: options)
      return
    }
    let file = write(bytes)
    defer { DirectoryListing.remove(file) }
    _ = try Archive.extract(ByteSource(opening: file), into: target, options: options)
  }

  private func write(_ bytes: [UInt8]) -> FilePath {
    let path = directory.appending("image.aci")
    do {
      let file = try FileDescriptor.open(path, .writeOnly, options: [.create], permissions: [.ownerReadWrite])
      try file.closeAfter { _ = try file.writeAll(bytes) }
    } catch {
      fatalError("the input cannot be written: \(error)")
    }
    return path
  }
}
