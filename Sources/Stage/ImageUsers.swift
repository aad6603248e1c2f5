import AppcSchema
import CAppcLinux
import Glibc
import SystemPackage

/// Users and groups as an app's own image knows them (E10).
///
/// The files are the image author's, so they are opened inside the root and never through it, must be regular,
/// and are read up to a limit; the host's name services are not asked.
struct ImageUsers: ~Copyable {
  /// The most that is read of `etc/passwd` or `etc/group`, in bytes.
  static let fileLimit = 1 << 20

  private let root: OwnedDescriptor

  init(root: FilePath) throws(StageError) {
    do throws(Errno) {
      self.root = try SmallFile.open(root, O_DIRECTORY | O_NOFOLLOW | Int32(appc_o_path()))
    } catch {
      throw StageError(.directory, "opening the root tree", root.string, errno: error)
    }
  }

  /// The user's number: by name in the image, as a number, or as the owner of a path.
  func uid(of user: String) throws(StageError) -> UInt32 {
    try number(of: user, kind: "user", file: "etc/passwd") { $0.st_uid }
  }

  /// The group's number, likewise.
  func gid(of group: String) throws(StageError) -> UInt32 {
    try number(of: group, kind: "group", file: "etc/group") { $0.st_gid }
  }

  private func number(
    of name: String, kind: String, file: FilePath, owner: (stat) -> UInt32
  ) throws(StageError) -> UInt32 {
    let wanted = Array(name.utf8)
    if let number = Self.lookUp(wanted, in: try contents(of: file)) { return number }
    if let number = Self.number(wanted) { return number }
    // Every system knows it, even one whose image brings no list.
    if name == "root" { return 0 }
    guard wanted.first == UInt8(ascii: "/") else {
      throw StageError(
        .user, "looking up \(kind)", printable(wanted),
        detail:
          "the image's \(file) does not name it; give a name from there, a number, or a path in the image")
    }
    do throws(Errno) {
      let found = try root.descriptor.openInRoot(FilePath(name), flags: appc_o_path())
      var status = stat()
      guard fstat(found.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      return owner(status)
    } catch {
      throw StageError(.user, "taking the \(kind) from the owner of", printable(wanted), errno: error)
    }
  }

  private func contents(of file: FilePath) throws(StageError) -> [UInt8] {
    do throws(Errno) {
      let opened: OwnedDescriptor
      do {
        opened = try root.descriptor.openInRoot(file, flags: UInt64(O_RDONLY | O_NONBLOCK | O_NOCTTY))
      } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
        return []
      }
      var status = stat()
      guard fstat(opened.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.fileLimit else { return [] }
      return try read(opened, count: Int(status.st_size))
    } catch {
      throw StageError(.user, "reading the image's", file.string, errno: error)
    }
  }

  private func read(_ file: borrowing OwnedDescriptor, count: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(file.rawValue, $0.baseAddress?.advanced(by: filled), count - filled)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Errno(rawValue: errno) }
      if got == 0 { break }
      filled += got
    }
    return Array(bytes[..<filled])
  }

  /// The third field of the first line whose first field is the name.
  static func lookUp(_ name: [UInt8], in list: [UInt8]) -> UInt32? {
    for line in list.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
      if fields.count >= 3, fields[0].elementsEqual(name) { return number(fields[2]) }
    }
    return nil
  }

  /// Decimal digits only, 0 to 2^32 - 2: the next number means "no change" to setuid, and would leave root.
  static func number(_ digits: some Collection<UInt8>) -> UInt32? {
    guard !digits.isEmpty, digits.count <= 10 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + UInt64(digit - 0x30)
    }
    return value < UInt64(UInt32.max) ? UInt32(value) : nil
  }
}

extension FileDescriptor {
  /// AT_FDCWD: relative paths start where the process is.
  static var workingDirectory: FileDescriptor { FileDescriptor(rawValue: AT_FDCWD) }
}
