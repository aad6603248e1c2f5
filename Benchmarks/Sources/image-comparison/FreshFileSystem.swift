import Glibc
import Measuring
import SystemPackage

/// A new ext4 with a journal on a sparse file of the workspace, as a loop device.
///
/// Each measurement gets its own: an old one, above all one without a journal, takes many times as long to make
/// files in when others were removed before.
struct FreshFileSystem {
  private static let bytes: Int64 = 4 << 30
  private let mountPoint: FilePath

  /// The directory to work in.
  var directory: FilePath { mountPoint }

  init(in workspace: Workspace, inodes: Int) throws {
    let file = workspace.path("ext4").string
    mountPoint = workspace.path("mnt")
    // Mounted, the file lives without its name, and goes when it is unmounted.
    defer { unlink(file) }
    let descriptor = try FileDescriptor.open(
      FilePath(file), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    try descriptor.closeAfter { _ = ftruncate(descriptor.rawValue, off_t(Self.bytes)) }
    mkdir(mountPoint.string, 0o700)
    let tools = ["mkfs.ext4", "mount"].compactMap(MeasuredCommand.find)
    guard tools.count == 2 else {
      throw Problem("mkfs.ext4 or mount is missing: apt-get install e2fsprogs mount")
    }
    let make = MeasuredCommand([tools[0], "-q", "-F", "-N", "\(inodes)", file])
    // Without the thread that would go on to initialise tables while others are measured.
    let mount = MeasuredCommand([tools[1], "-o", "loop,noinit_itable", file, mountPoint.string])
    for command in [make, mount] { _ = try command.run(workspace) }
  }

  func remove() {
    // Something that has just exited may hold it for a moment.
    for _ in 0..<100 where umount2(mountPoint.string, 0) != 0 && errno == EBUSY { usleep(10_000) }
  }
}
