import AppcSchema
public import SystemPackage

/// Where the kernel's control groups are mounted: v2, v1 controllers, or both.
public struct CgroupHierarchies: Hashable, Sendable {
  /// The mount point of the v2 hierarchy, if there is one.
  public var unified: FilePath?
  /// The mount points of v1 hierarchies by controller.
  public var controllers: [String: FilePath]

  /// Makes a set of hierarchies by hand, as tests do.
  public init(unified: FilePath? = nil, controllers: [String: FilePath] = [:]) {
    self.unified = unified
    self.controllers = controllers
  }

  /// Reads `/proc/self/mountinfo`.
  ///
  /// - Throws: ``StageError`` with `.cgroup` when it cannot be read or no hierarchy is mounted.
  public static func detect() throws(StageError) -> CgroupHierarchies {
    let path: FilePath = "/proc/self/mountinfo"
    let found: CgroupHierarchies
    do throws(Errno) {
      found = CgroupHierarchies(mountInfo: try SmallFile.read(path, limit: 16 << 20))
    } catch {
      throw StageError(.cgroup, "reading", path.string, errno: error)
    }
    guard found.unified != nil || !found.controllers.isEmpty else {
      throw StageError(
        .cgroup, "looking for control groups in", path.string,
        detail: "none is mounted; mount cgroup2 on /sys/fs/cgroup")
    }
    return found
  }

  /// Takes the text of `/proc/self/mountinfo`.
  ///
  /// The first mount of a hierarchy counts.
  init(mountInfo: [UInt8]) {
    self.init()
    for line in mountInfo.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: " "))
      // id parent device root mount-point options [tag ...] - type source super-options
      guard fields.count > 5, let dash = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }),
        dash + 3 < fields.count
      else { continue }
      let point = FilePath(String(decoding: Self.unescaped(fields[4]), as: UTF8.self))
      switch String(decoding: fields[dash + 1], as: UTF8.self) {
      case "cgroup2":
        if unified == nil { unified = point }
      case "cgroup":
        for option in fields[dash + 3].split(separator: UInt8(ascii: ",")) {
          let name = String(decoding: option, as: UTF8.self)
          if Self.known.contains(name), controllers[name] == nil { controllers[name] = point }
        }
      default: continue
      }
    }
  }

  private static let known: Set<String> = ["blkio", "cpu", "devices", "freezer", "memory", "pids"]

  /// Undoes the octal escapes of space, tab, newline and backslash.
  static func unescaped(_ field: some Collection<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = field[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
        bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 << 3 | UInt32($1 - 0x30) }))
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
