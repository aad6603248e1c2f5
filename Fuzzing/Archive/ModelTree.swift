@testable import ACIArchive
import FuzzSupport

/// What an extraction makes, made of values: where each file goes, and whether anything but the image decides that.
///
/// Written after the specification (B2 to B5) and the kernel's rules, not after `ArchiveRules`.
struct ModelTree {
  enum Node: Equatable {
    case directory(hasEntry: Bool)
    case file(content: [UInt8])
    case symbolicLink(target: [UInt8])
    case fifo
    /// Left out when extracted.
    case device
  }

  private(set) var nodes: [[UInt8]: Node] = [:]
  /// What the last entry says of each place; a hard link changes nothing.
  private(set) var entries: [[UInt8]: ArchiveEntry] = [:]
  /// The first name of what a hard link names.
  private(set) var origins: [[UInt8]: [UInt8]] = [:]

  /// Makes every entry in turn, and fails if one cannot be made beneath the root.
  init(_ members: [(entry: ArchiveEntry, content: [UInt8])]) {
    for member in members { make(member.entry, member.content) }
    if case .file = nodes[Array("manifest".utf8)] {} else { hold(false, "an image has a manifest") }
    hold(nodes[Array("rootfs".utf8)] == .directory(hasEntry: true), "an image has an entry for rootfs")
    for path in nodes.keys where !path.elementsEqual("manifest".utf8) && !path.elementsEqual("rootfs".utf8) {
      hold(path.starts(with: "rootfs/".utf8), "an image holds nothing besides: \(path)")
    }
  }

  private mutating func make(_ entry: ArchiveEntry, _ content: [UInt8]) {
    let path = entry.path.bytes
    ModelTree.checkName(path)
    makeParents(of: path)
    switch nodes[path] {
    case nil: break
    case .directory(hasEntry: false): hold(entry.kind == .directory, "a directory stays one: \(entry)")
    default: hold(false, "nothing is made twice: \(entry)")
    }
    entries[path] = entry
    switch entry.kind {
    case .regular: nodes[path] = .file(content: content)
    case .directory: nodes[path] = .directory(hasEntry: true)
    case .symbolicLink:
      hold(
        !entry.linkTarget.isEmpty && !entry.linkTarget.contains(0), "the kernel can make the link: \(entry)")
      nodes[path] = .symbolicLink(target: entry.linkTarget)
    case .fifo: nodes[path] = .fifo
    case .characterDevice:
      hold(entry.deviceMajor > 0 || entry.deviceMinor > 0, "no image has a whiteout: \(entry)")
      nodes[path] = .device
    case .blockDevice: nodes[path] = .device
    case .hardLink: link(entry)
    }
  }

  private mutating func link(_ entry: ArchiveEntry) {
    let target = origins[entry.linkTarget] ?? entry.linkTarget
    switch nodes[target] {
    case .file, .symbolicLink, .fifo: break
    default: hold(false, "a hard link names an earlier file: \(entry)")
    }
    hold(!target.elementsEqual("manifest".utf8), "no hard link names the manifest: \(entry)")
    origins[entry.path.bytes] = target
    nodes[entry.path.bytes] = nodes[target]
    entries[entry.path.bytes] = entries[target]
  }

  private mutating func makeParents(of path: [UInt8]) {
    for end in path.indices where path[end] == UInt8(ascii: "/") {
      let above = Array(path[..<end])
      switch nodes[above] {
      case .directory: break
      case nil: nodes[above] = .directory(hasEntry: false)
      default: hold(false, "whatever lies above a file is a directory: \(path)")
      }
    }
  }

  private static func checkName(_ path: [UInt8]) {
    let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for component in components {
      hold(
        (1...255).contains(component.count) && !component.contains(0), "the kernel has such names: \(path)")
      hold(
        !component.elementsEqual(".".utf8) && !component.elementsEqual("..".utf8),
        "no name leads away: \(path)")
    }
  }
}
