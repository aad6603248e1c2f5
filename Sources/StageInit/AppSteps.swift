/// Puts an app's file system together, in the app's own mount namespace.
///
/// `root` is the only way to a target: it is a mount of ours, and every path is resolved inside it, so that
/// no link in an image and no rename by a running app leads anywhere else.
struct AppSteps {
  private var root: Int32 = -1

  /// Performs the steps in order and stops at the first that fails.
  mutating func perform(_ section: PlanSection) -> StepFailure? {
    var steps = section
    var index: UInt32 = 0
    while let step = steps.next() {
      let outcome = perform(step)
      if outcome < 0 { return StepFailure(step: index, error: -outcome) }
      index += 1
    }
    return nil
  }

  private let malformed: Int32 = -22
  private let missing: Int32 = -2
  private let inTheWay: Int32 = -17

  private mutating func perform(_ step: PlanStep) -> Int32 {
    var operands = step.operands
    switch step.opcode {
    case UInt32(APPC_OP_JOIN_CGROUP):
      guard let tasks = operands.number() else { return malformed }
      return joinCgroup(tasks)
    case UInt32(APPC_OP_CGROUP_NAMESPACE):
      return k_cgroup_namespace()
    case UInt32(APPC_OP_ROOT_OVERLAY):
      guard let lower = operands.number(), let writable = operands.number(),
        let attributes = operands.number()
      else { return malformed }
      return overlayRoot(lower: descriptor(lower), writable: descriptor(writable), attributes)
    case UInt32(APPC_OP_ROOT_BIND):
      guard let tree = operands.number(), let attributes = operands.number() else { return malformed }
      let outcome = k_set_attributes(descriptor(tree), attributes)
      return outcome < 0 ? outcome : adoptRoot(descriptor(tree))
    case UInt32(APPC_OP_DIRECTORY):
      guard let mode = operands.number(), let own = operands.number(), let place = Place(&operands)
      else { return malformed }
      return makeDirectory(at: place, mode, own: own == 1)
    case UInt32(APPC_OP_FILE):
      guard let place = Place(&operands) else { return malformed }
      return makeFile(at: place)
    case UInt32(APPC_OP_MOUNT):
      return mountFilesystem(&operands)
    case UInt32(APPC_OP_ATTACH):
      guard let tree = operands.number(), let kind = operands.number(), let target = operands.blob()
      else { return malformed }
      let directory = kind == UInt32(APPC_ATTACH_DIRECTORY)
      return attach(descriptor(tree), to: k_open_in_root(root, target.cString, directory ? 1 : 0))
    case UInt32(APPC_OP_DEVICE):
      guard let major = operands.number(), let minor = operands.number(), let mode = operands.number(),
        let target = operands.blob()
      else { return malformed }
      return k_make_device_at(root, relative(target), mode, major, minor)
    case UInt32(APPC_OP_SYMLINK):
      guard let target = operands.blob(), let text = operands.blob() else { return malformed }
      return k_symlink_at(text.cString, root, relative(target))
    case UInt32(APPC_OP_READ_ONLY):
      guard let target = operands.blob() else { return malformed }
      return makeReadOnly(target)
    case UInt32(APPC_OP_MASK):
      guard let target = operands.blob() else { return malformed }
      return mask(target)
    case UInt32(APPC_OP_WRITE_OWN_FILE):
      guard let target = operands.blob(), let content = operands.blob() else { return malformed }
      return write(content, to: k_open_beneath(root, target.cString, 2))
    case UInt32(APPC_OP_RESTRICT_ROOT):
      guard let attributes = operands.number() else { return malformed }
      return k_restrict(root, attributes)
    case UInt32(APPC_OP_ENTER_ROOT):
      return enterRoot()
    default:
      return malformed
    }
  }

  // MARK: The root

  private mutating func overlayRoot(lower: Int32, writable: Int32, _ attributes: UInt32) -> Int32 {
    // Attached first: before 6.15 the kernel takes no detached mount as a layer.
    var outcome = k_attach_at(lower, cString("/lower"))
    if outcome == 0 { outcome = k_attach_at(writable, cString("/writable")) }
    if outcome < 0 { return outcome }
    let filesystem = k_new_filesystem(cString("overlay"))
    if filesystem < 0 { return filesystem }
    let options: [(StaticString, StaticString)] = [
      ("source", "overlay"), ("lowerdir", "/lower"), ("upperdir", "/writable/upper"),
      ("workdir", "/writable/work"), ("metacopy", "off"), ("redirect_dir", "nofollow"), ("volatile", ""),
    ]
    for (key, value) in options {
      outcome = k_set_option(filesystem, cString(key), cString(value))
      if outcome < 0 { return outcome }
    }
    // The overlay holds its layers by itself; the two places go with the scratch root when the app's root is
    // entered. Each unmounting of its own would wait for the kernel's readers once more.
    let mount = k_finish_filesystem(filesystem, attributes)
    return mount < 0 ? mount : adoptRoot(mount)
  }

  private mutating func adoptRoot(_ mount: Int32) -> Int32 {
    let outcome = k_attach_at(mount, cString("/root"))
    root = mount
    return outcome
  }

  private mutating func enterRoot() -> Int32 {
    let outcome = k_pivot(root)
    _ = k_close(root)
    root = -1
    return outcome
  }

  // MARK: Mounts

  private func mountFilesystem(_ operands: inout PlanCursor) -> Int32 {
    guard let attributes = operands.number(), let count = operands.number(), let type = operands.blob(),
      let target = operands.blob()
    else { return malformed }
    let filesystem = k_new_filesystem(type.cString)
    if filesystem < 0 { return filesystem }
    for _ in 0..<count {
      guard let key = operands.blob(), let value = operands.blob() else { return malformed }
      let outcome = k_set_option(filesystem, key.cString, value.cString)
      if outcome < 0 { return outcome }
    }
    let mount = k_finish_filesystem(filesystem, attributes)
    if mount < 0 { return mount }
    let outcome = attach(mount, to: k_open_beneath(root, relative(target), 1))
    _ = k_close(mount)
    return outcome
  }

  private func attach(_ mount: Int32, to target: Int32) -> Int32 {
    if target < 0 { return target }
    let outcome = k_attach(mount, target)
    _ = k_close(target)
    return outcome
  }

  private func makeReadOnly(_ target: PlanBlob) -> Int32 {
    let place = k_open_beneath(root, relative(target), 0)
    if place == missing { return 0 }
    if place < 0 { return place }
    let clone = k_clone_tree(place)
    if clone < 0 { return clone }
    let attributes = APPC_MOUNT_READ_ONLY | APPC_MOUNT_NO_SUID | APPC_MOUNT_NO_DEV | APPC_MOUNT_NO_EXEC
    var outcome = k_set_attributes(clone, UInt32(attributes))
    if outcome == 0 { outcome = k_attach(clone, place) }
    _ = k_close(clone)
    _ = k_close(place)
    return outcome
  }

  /// Hides what is at a path: a directory behind an empty one, anything else behind a null device.
  private func mask(_ target: PlanBlob) -> Int32 {
    let place = k_open_beneath(root, relative(target), 0)
    if place == missing { return 0 }
    if place < 0 { return place }
    let isDirectory = k_is_directory(place)
    if isDirectory < 0 { return isDirectory }
    let cover = k_open(cString(isDirectory == 1 ? "/empty" : "/null"), pathOnly)
    if cover < 0 { return cover }
    let clone = k_clone_tree(cover)
    _ = k_close(cover)
    if clone < 0 { return clone }
    var outcome = k_set_attributes(clone, UInt32(APPC_MOUNT_READ_ONLY))
    if outcome == 0 { outcome = k_attach(clone, place) }
    _ = k_close(clone)
    _ = k_close(place)
    return outcome
  }

  private let pathOnly: Int32 = 0o10000000

  // MARK: Targets

  /// Where a step makes something: the whole path, and the same split into parent and name by the launcher.
  private struct Place {
    let target: PlanBlob
    let parent: PlanBlob
    let name: PlanBlob

    init?(_ operands: inout PlanCursor) {
      guard let target = operands.blob(), let parent = operands.blob(), let name = operands.blob()
      else { return nil }
      self.target = target
      self.parent = parent
      self.name = name
    }
  }

  /// Sees to it that there is a directory, owned by 0:0.
  ///
  /// A file or a dangling link there gives way to it (K2).
  ///
  /// An `own` directory is one that we mount on at the root's top: even a link to a directory gives way. A
  /// link at /proc, /sys or /dev is an attack.
  private func makeDirectory(at place: Place, _ mode: UInt32, own: Bool) -> Int32 {
    let existing =
      own ? k_open_beneath(root, relative(place.target), 1) : k_open_in_root(root, place.target.cString, 1)
    if existing >= 0 { return k_close(existing) }
    // Inside a volume nothing is made or taken away: it may be a directory of the host (K3).
    let parent =
      own ? k_open_beneath(root, relativeParent(place), 1) : k_open_own_directory(root, place.parent.cString)
    if parent < 0 { return parent }
    var outcome = k_make_directory_at(parent, place.name.cString, mode)
    if outcome == inTheWay {
      outcome = k_unlink_at(parent, place.name.cString)
      if outcome == 0 { outcome = k_make_directory_at(parent, place.name.cString, mode) }
    }
    _ = k_close(parent)
    return outcome
  }

  /// Sees to it that there is something to put a single file on.
  private func makeFile(at place: Place) -> Int32 {
    let existing = k_open_in_root(root, place.target.cString, 0)
    if existing >= 0 { return k_close(existing) }
    let parent = k_open_own_directory(root, place.parent.cString)
    if parent < 0 { return parent }
    let made = k_create_at(parent, place.name.cString)
    _ = k_close(parent)
    return made < 0 ? made : k_close(made)
  }

  private func relativeParent(_ place: Place) -> UnsafePointer<UInt8> {
    place.parent.count == 1 ? cString(".") : relative(place.parent)
  }

  /// The path without its leading slashes, for lookups beneath the root.
  private func relative(_ target: PlanBlob) -> UnsafePointer<UInt8> {
    var start = target.cString
    while start.pointee == 0x2f { start += 1 }
    return start
  }
}
