#if DEBUG
  import ACIArchive
  import AppcSchema
  import AppcTesting
  import Glibc
  import SystemPackage

  @testable import ACIStore

  /// The operations whose system calls are made to fail.
  enum FaultedOperation: String, CaseIterable, Codable {
    case importing = "import"
    case importingWithThreads = "import with threads"
    case importingManifestLast = "import, manifest last"
    case importingAgain = "import again"
    case importingAndRendering = "import and render"
    case rendering = "render"
    case renderingDependencies = "render with dependencies"
    case renderingToDirectory = "render to a directory"
    case renderingOverDirectory = "render over a directory"
    case extracting = "extract"
    case extractingWithThreads = "extract with threads"
    case extractingUncompressed = "extract an uncompressed file"
    case removing = "remove"
    case collecting = "gc"
    case verifying = "verify"
    case repairing = "repair"
    case remembering = "remote record"
    case exporting = "export"
    case replacing = "export over a file"

    /// All of them, or the one that `APPC_FAULT_ONLY` names.
    static var chosen: [FaultedOperation] {
      guard let name = getenv("APPC_FAULT_ONLY").map({ String(cString: $0) }) else { return allCases }
      return allCases.filter { $0.rawValue == name }
    }

    /// The operation in a store beneath `directory`.
    func fixture(in directory: FilePath) throws -> FaultFixture {
      let store = try ImageStore.open(at: directory.appending("store"))
      store.removeEmptyShards()
      switch self {
      case .importing: return try .importing(store, FaultFixture.small.gzipped)
      case .importingWithThreads: return try .importing(store, FaultFixture.large.gzipped)
      case .importingManifestLast: return try .importing(store, FaultFixture.manifestLast)
      case .importingAgain: return try .importingAgain(store)
      case .importingAndRendering: return try .importingAndRendering(store)
      case .rendering: return try .rendering(store, FaultFixture.small)
      case .renderingDependencies: return try .rendering(store, FaultFixture.top, on: FaultFixture.bases)
      case .renderingToDirectory: return try .renderingToDirectory(store, directory, overwrite: false)
      case .renderingOverDirectory: return try .renderingToDirectory(store, directory, overwrite: true)
      case .extracting: return try .extracting(store, FaultFixture.small.gzipped, directory)
      case .extractingWithThreads: return try .extracting(store, FaultFixture.large.gzipped, directory)
      case .extractingUncompressed: return try .extracting(store, FaultFixture.small.bytes, directory)
      case .removing: return try .removing(store)
      case .collecting: return try .collecting(store)
      case .verifying: return try .verifying(store)
      case .repairing: return try .repairing(store)
      case .remembering: return try .remembering(store)
      case .exporting: return try .exporting(store, directory, overwrite: false)
      case .replacing: return try .exporting(store, directory, overwrite: true)
      }
    }
  }

  // MARK: Images

  extension FaultFixture {
    /// Every kind of entry that needs no privilege but root's.
    static let small: TestImage = {
      var image = TestImage("ex/small", files: ["bin/app": String(repeating: "x", count: 3000), "a": ""])
      image.entries += [
        .symbolicLink("rootfs/link", to: "a"), .hardLink("rootfs/bin/same", to: "rootfs/bin/app"),
        .init("rootfs/fifo", type: "6"), .directory("rootfs/closed", mode: 0),
        .init("rootfs/theirs", mode: 0o4755, uid: 1234, gid: 1234, content: [1, 2, 3]),
      ]
      return image
    }()

    /// Large enough that every thread runs.
    static let large = TestImage(
      "ex/large", files: ["big": String(repeating: "0123456789abcdef", count: 5 << 15), "b/c": "2"])

    /// As B12 allows.
    static let manifestLast: [UInt8] = StoredGzip.member(
      RawTar(small.entries + [.init("manifest", content: small.manifest)]).bytes)

    static let bases = [
      TestImage("ex/base", files: ["who": "base", "etc/a": "1", "etc/b": "2"]),
      {
        var image = TestImage(
          "ex/listed", whitelist: ["/linked", "/usr/x"],
          files: ["unlisted": "content", "usr/x": "x", "usr/y": "y"])
        image.entries.append(.hardLink("rootfs/linked", to: "rootfs/unlisted"))
        return image
      }(),
    ]

    static let top = TestImage(
      "ex/top", dependencies: [["imageName": "ex/base"], ["imageName": "ex/listed"]],
      files: ["who": "top", "etc/a": "top"])
  }

  // MARK: Operations

  extension FaultFixture {
    static func importing(_ store: ImageStore, _ bytes: [UInt8]) throws -> FaultFixture {
      let id = try store.importImage(bytes).record.id
      return FaultFixture(
        store: store, prepare: { if try store.contains(id) { try store.remove(id) } },
        run: { _ = try store.importImage(bytes) }, isDone: { try store.contains(id) })
    }

    /// The image is there: its record becomes that of the newest version.
    static func importingAgain(_ store: ImageStore) throws -> FaultFixture {
      let id = try store.importImage(small.bytes).record.id
      return FaultFixture(
        store: store,
        prepare: {
          if try store.contains(id) { try store.remove(id) }
          _ = try store.importImage(small.bytes)
        },
        run: { _ = try store.importImage(small.gzipped, options: .init(isLatest: true)) },
        isDone: { try store.record(of: id).isLatest })
    }

    static func rendering(
      _ store: ImageStore, _ image: TestImage, on bases: [TestImage] = []
    ) throws -> FaultFixture {
      for base in bases { _ = try store.importImage(base.bytes) }
      let id = try store.importImage(image.bytes).record.id
      let good = try fingerprint(of: try store.render(id).rootfs)
      let trees = store.path.pushing(StoreLayout.trees)
      return FaultFixture(
        store: store,
        prepare: {
          for tree in try names(trees) { try removeTree(trees.appending(tree)) }
        },
        run: { _ = try store.render(id) },
        isDone: {
          guard let tree = try names(trees).first else { return false }
          return try fingerprint(of: trees.appending(tree).appending("rootfs")) == good
        })
    }

    static func importingAndRendering(_ store: ImageStore) throws -> FaultFixture {
      let trees = store.path.pushing(StoreLayout.trees)
      let id = try store.importImage(small.bytes).record.id
      let good = try fingerprint(of: try store.render(id).rootfs)
      return FaultFixture(
        store: store,
        prepare: {
          if try store.contains(id) { try store.remove(id) }
          for tree in try names(trees) { try removeTree(trees.appending(tree)) }
        },
        run: { _ = try store.importImage(small.gzipped, options: .init(rendersTree: true)) },
        isDone: {
          guard try store.contains(id), let tree = try names(trees).first else { return false }
          return try fingerprint(of: trees.appending(tree).appending("rootfs")) == good
        })
    }

    static func renderingToDirectory(
      _ store: ImageStore, _ directory: FilePath, overwrite: Bool
    ) throws -> FaultFixture {
      for base in bases { _ = try store.importImage(base.bytes) }
      let id = try store.importImage(top.bytes).record.id
      let outputs = try makeDirectory(directory.appending("outputs"))
      let destination = outputs.appending("tree")
      try store.render(id, to: destination)
      let rootfs = destination.appending("rootfs")
      let good = try fingerprint(of: rootfs)
      return FaultFixture(
        store: store, outputs: outputs,
        prepare: {
          try removeTree(destination)
          if overwrite { _ = try makeDirectory(try makeDirectory(destination).appending("old")) }
        },
        run: { try store.render(id, to: destination, options: .init(overwrite: overwrite)) },
        isDone: { try exists(destination.appending("manifest")) && fingerprint(of: rootfs) == good })
    }

    static func extracting(
      _ store: ImageStore, _ bytes: [UInt8], _ directory: FilePath
    ) throws -> FaultFixture {
      let outputs = try makeDirectory(directory.appending("outputs"))
      let destination = outputs.appending("extracted")
      let image = directory.appending("image.aci")
      let file = try FileDescriptor.open(image, .writeOnly, options: .create, permissions: .ownerReadWrite)
      try file.closeAfter { _ = try file.writeAll(bytes) }
      _ = try Archive.extract(ByteSource(opening: image), into: destination)
      let good = try fingerprint(of: destination)
      return FaultFixture(
        store: store, outputs: outputs, prepare: { try removeTree(destination) },
        run: { _ = try Archive.extract(ByteSource(opening: image), into: destination) },
        isDone: { try exists(destination) && fingerprint(of: destination) == good })
    }

    static func removing(_ store: ImageStore) throws -> FaultFixture {
      let id = try store.importImage(small.bytes).record.id
      return FaultFixture(
        store: store, prepare: { if try !store.contains(id) { _ = try store.importImage(small.bytes) } },
        run: { try store.remove(id) }, isDone: { try !store.contains(id) })
    }

    /// An image, its tree, what a killed import left, and a record without a blob.
    static func collecting(_ store: ImageStore) throws -> FaultFixture {
      let image = TestImage("ex/a", files: ["a/b": "1"])
      let id = try store.importImage(image.bytes).record.id
      let leftover = store.path.appending("tmp/import-1")
      let trees = store.path.pushing(StoreLayout.trees)
      return FaultFixture(
        store: store,
        prepare: {
          if try !store.contains(id) { _ = try store.importImage(image.bytes) }
          _ = try store.render(id)
          _ = leftover.withPlatformString { mkdir($0, 0o700) }
          _ = leftover.appending("deep").withPlatformString { mkdir($0, 0) }
        },
        run: {
          let report = try store.collectGarbage(.init(imageGrace: .zero))
          // An image whose last use cannot be read at first is taken for one that was used meanwhile.
          try ReportedProblems.check(report.problems + report.imagesInUse.map { "\($0.short) is in use" })
        },
        isDone: { try Invariants.leftovers(in: store).isEmpty && !store.contains(id) && names(trees).isEmpty }
      )
    }

    /// A verification looks at each of 256 directories with the same calls.
    private static let manyAlike = 61

    /// Nothing is wrong: what cannot be read now is not damaged.
    static func verifying(_ store: ImageStore) throws -> FaultFixture {
      // Makes the shards again.
      _ = try store.verify()
      let id = try store.importImage(small.bytes).record.id
      let tree = try store.render(id)
      let good = try fingerprint(of: tree.rootfs)
      return FaultFixture(
        store: store, stride: manyAlike, prepare: {},
        run: { try ReportedProblems.check(store.verify().findings.map { "\($0)" }) },
        isDone: {
          try store.contains(id) && store.quarantined().isEmpty && fingerprint(of: tree.rootfs) == good
        })
    }

    /// A blob and the record of another image were changed.
    static func repairing(_ store: ImageStore) throws -> FaultFixture {
      _ = try store.verify()
      let damaged = try store.importImage(TestImage("ex/damaged").bytes).record.id
      let id = try store.importImage(TestImage("ex/a").bytes).record.id
      let record = store.path.pushing(StoreLayout.record(id))
      return FaultFixture(
        store: store, stride: manyAlike, isSound: false,
        prepare: {
          _ = try store.removeQuarantined()
          _ = try store.importImage(TestImage("ex/damaged").bytes)
          let blob = store.path.pushing(StoreLayout.blob(damaged))
          let file = try FileDescriptor.open(blob, .writeOnly)
          try file.closeAfter { _ = try file.writeAll(toAbsoluteOffset: 700, [1]) }
          _ = record.withPlatformString { truncate($0, 20) }
        },
        run: {
          let left = try store.verify().findings.filter { $0.action == .none }
          try ReportedProblems.check(left.map { "\($0)" })
        },
        isDone: {
          try !store.contains(damaged) && store.quarantined().map(\.id) == [damaged]
            && ImageRecord(contents(of: record), of: id) != nil
        })
    }

    static func remembering(_ store: ImageStore) throws -> FaultFixture {
      let id = try store.importImage(small.bytes).record.id
      let url = "https://example.com/small.aci"
      let old = try RemoteRecord(url: url, imageID: id, maxAge: 1, fetchedAt: FileTime(seconds: 1))
      let new = try RemoteRecord(url: url, imageID: id, maxAge: 2, fetchedAt: FileTime(seconds: 2))
      return FaultFixture(
        store: store, prepare: { try store.setRemote(old) }, run: { try store.setRemote(new) },
        isDone: { try store.remote(of: url) == new })
    }

    static func exporting(
      _ store: ImageStore, _ directory: FilePath, overwrite: Bool
    ) throws -> FaultFixture {
      let output = try makeDirectory(directory.appending("outputs")).appending("out.aci")
      let id = try store.importImage(small.bytes).record.id
      return FaultFixture(
        store: store, outputs: output.removingLastComponent(),
        prepare: {
          _ = output.withPlatformString { unlink($0) }
          if overwrite {
            let file = try FileDescriptor.open(
              output, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.close()
          }
        },
        run: { try store.export(id, to: output, overwrite: overwrite) },
        isDone: { try exists(output) && contents(of: output) == small.bytes })
    }
  }

  private func makeDirectory(_ path: FilePath) throws -> FilePath {
    guard path.withPlatformString({ mkdir($0, 0o700) }) == 0 else { throw Errno(rawValue: errno) }
    return path
  }

  private func removeTree(_ path: FilePath) throws {
    guard let name = path.lastComponent else { return }
    let parent = try Kernel.openParent(of: path)
    try TreeRemoval.remove(FilePath(root: nil, [name]), in: parent.raw)
  }
#endif
