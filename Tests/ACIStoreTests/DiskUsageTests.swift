import ACIArchive
import AppcSchema
import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import ACIStore

@Suite("Disk usage")
struct DiskUsageTests {
  @Test("of an empty store is what its directories take")
  func empty() throws {
    try TestStore.with { store, _ in
      let usage = try store.diskUsage()
      #expect(usage.blobs.count == 0 && usage.blobs.apparentBytes == 0)
      #expect(usage.trees == .init() && usage.temporary.count == 0 && usage.quarantine.count == 0)
      #expect(usage.records.count == 1)
    }
  }

  @Test("counts blobs, trees, records, leftovers and quarantine apart, and all of it in the total")
  func parts() throws {
    try TestStore.with { store, directory in
      let empty = try store.diskUsage()
      let image = TestImage("ex/a", files: ["f": String(repeating: "x", count: 50_000)])
      let id = try store.importImage(image.bytes).record.id
      _ = try store.render(id)
      try directory.write([UInt8](repeating: 1, count: 9000), to: "store/tmp/import-1/deep/file")
      try directory.write([UInt8](repeating: 1, count: 5000), to: "store/quarantine/x")
      let usage = try store.diskUsage()
      #expect(usage.blobs.count == 1 && usage.blobs.apparentBytes == image.bytes.count)
      #expect(usage.blobs.bytes - empty.blobs.bytes == (Int64(image.bytes.count) + 4095) / 4096 * 4096)
      #expect(usage.trees == .init(count: 1, bytes: 50_000, apparentBytes: 50_000))
      #expect(usage.temporary.count == 1 && usage.temporary.apparentBytes == 9000)
      #expect(usage.quarantine.count == 1 && usage.quarantine.bytes - empty.quarantine.bytes == 8192)
      // Version, record, manifest, last use, index entry and the lock of rendering.
      #expect(usage.records.count == 6)
      let parts = [usage.blobs, usage.trees, usage.records, usage.temporary, usage.quarantine]
      #expect(usage.total.bytes == parts.reduce(0) { $0 + $1.bytes })
      #expect(usage.total.count == parts.reduce(0) { $0 + $1.count })
    }
  }

  @Test("of walked trees is their blocks, a file with two names once, and links lead nowhere")
  func walked() throws {
    try TestStore.with { store, _ in
      var image = TestImage("ex/a")
      image.entries = [
        .directory("rootfs"), .file("rootfs/a", String(repeating: "x", count: 5000)),
        .hardLink("rootfs/b", to: "rootfs/a"), .symbolicLink("rootfs/out", to: "/usr"),
      ]
      let tree = try store.render(try store.importImage(image.bytes).record.id)
      let walked = try store.diskUsage(walkingTrees: true).trees
      var expected: Int64 = 0
      for name in [
        "", "/digest.json", "/lock", "/manifest.json", "/tree.mtree", "/rootfs", "/rootfs/a", "/rootfs/out",
      ] {
        let path = tree.rootfs.removingLastComponent().string + name
        expected += (try? status(of: .init(path)).st_blocks).map { Int64($0) * 512 } ?? 0
      }
      #expect(walked.count == 1 && walked.bytes == expected)
    }
  }

  @Test("of a directory deeper than the kernel takes in a path is all of it")
  func deep() throws {
    try TestStore.with { store, _ in
      // 21 names of 200 bytes: 4200 bytes of path.
      var directory = try Kernel.openDirectory(store.root.descriptor, "tmp")
      for _ in 0..<21 {
        let name = String(repeating: "d", count: 200)
        try Kernel.makeDirectory(directory.raw, .init(name))
        directory = try Kernel.openDirectory(directory.raw, .init(name))
      }
      let file = try Kernel.createFile(directory.raw, "file")
      try Kernel.writeAll(file.raw, [UInt8](repeating: 1, count: 777))
      #expect(try store.diskUsage().temporary.apparentBytes == 777)
    }
  }
}
