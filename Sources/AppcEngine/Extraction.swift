import ACIArchive
import Glibc
import SystemPackage

/// Extracts an image to a directory: as a layout, or its root file system alone.
struct Extraction {
  let destination: FilePath
  let rootfsOnly: Bool

  init(to destination: FilePath, rootfsOnly: Bool) {
    self.destination = destination
    self.rootfsOnly = rootfsOnly
  }

  func extract(_ source: consuming ByteSource) throws(ArchiveError) {
    guard rootfsOnly else {
      _ = try Archive.extract(source, into: destination)
      return
    }
    guard destination.withPlatformString({ access($0, F_OK) }) != 0 else {
      throw ArchiveError(
        .destinationExists, operation: "extract to", subject: destination.string,
        detail: "it exists; give a new directory")
    }
    // A layout beside the destination, of which the root file system is kept.
    let number = UInt64.random(in: 0 ... .max)
    let layout = destination.removingLastComponent().appending(".appc-extract-\(String(number, radix: 16))")
    _ = try Archive.extract(source, into: layout)
    let moved = layout.appending("rootfs").withPlatformString { from in
      destination.withPlatformString { to in rename(from, to) }
    }
    let error = errno
    _ = layout.appending("manifest").withPlatformString { unlink($0) }
    _ = layout.withPlatformString { rmdir($0) }
    guard moved == 0 else {
      throw ArchiveError(
        .io, operation: "extract to", subject: destination.string, errno: Errno(rawValue: error),
        detail: "the root file system cannot take its place")
    }
  }
}
