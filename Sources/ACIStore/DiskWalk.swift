import ACIArchive
import SystemPackage

/// Adds up the disk space of everything beneath a directory, whose content an image may have chosen.
///
/// No link is followed and no mount point entered. What vanishes meanwhile, or cannot be read, is left out.
struct DiskWalk {
  private struct File: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private var amount = DiskUsage.Amount()
  /// Files with several names, which count once.
  private var linked: Set<File> = []
  /// Directories that are still to be looked into, relative to the top.
  private var pending: [FilePath] = []

  /// What `name` of `directory` takes, itself included; counts what is no directory.
  static func amount(of name: FilePath, in directory: Int32) -> DiskUsage.Amount {
    var walk = DiskWalk()
    guard let status = try? Kernel.status(directory, name) else { return walk.amount }
    walk.add(status)
    guard status.isDirectory, let top = try? Kernel.openDirectory(beneath: directory, name) else {
      return walk.amount
    }
    try? walk.look(into: ".", top.raw)
    while let path = walk.pending.popLast() { try? walk.look(into: path, top.raw) }
    return walk.amount
  }

  private mutating func look(into path: FilePath, _ top: Int32) throws(Errno) {
    var stream = try DirectoryStream(adopting: try DiskWalk.open(path, beneath: top))
    while let name = try stream.next() {
      guard let status = try? Kernel.status(stream.descriptor, name) else { continue }
      add(status)
      if status.isDirectory { pending.append(path.pushing(name)) }
    }
  }

  /// An image may nest directories deeper than the kernel takes in one path.
  private static func open(_ path: FilePath, beneath top: Int32) throws(Errno) -> OwnedDescriptor {
    do throws(Errno) {
      return try Kernel.openDirectory(beneath: top, path)
    } catch .fileNameTooLong {
      var directory = try Kernel.openDirectory(beneath: top, ".")
      for component in path.components {
        directory = try Kernel.openDirectory(beneath: directory.raw, FilePath(root: nil, [component]))
      }
      return directory
    }
  }

  private mutating func add(_ status: Kernel.Status) {
    if !status.isDirectory {
      if status.links > 1, !linked.insert(File(device: status.device, inode: status.inode)).inserted {
        return
      }
      amount.count += 1
      amount.apparentBytes += status.bytes
    }
    amount.bytes += status.diskBytes
  }
}

extension Kernel.Status {
  /// What the file takes on the disk.
  var diskBytes: Int64 { blocks512 * 512 }
}
