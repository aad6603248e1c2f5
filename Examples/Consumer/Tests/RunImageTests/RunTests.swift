import AppcTesting
import Glibc
import SystemPackage
import Testing

@testable import RunImage

@Suite("An importer's program", .enabled(if: geteuid() == 0, "starting pods needs root"))
struct RunTests {
  @Test("runs an image in a pod, and has its output and its exit status")
  func outputAndStatus() throws {
    try TemporaryDirectory.with(.memory) { directory in
      let image = try directory.write(
        try Self.image("echo \"$AC_APP_NAME is process $$\"; exit 7").bytes, to: "a.aci")
      let result = try Self.run(image, in: directory.appending("data"))
      #expect(result.status == 7)
      #expect(result.output == "main is process 2\n")
    }
  }

  @Test("runs one image many times, from tasks, and leaves no pod")
  func manyRuns() async throws {
    try await TemporaryDirectory.with(.memory) { directory in
      let image = try directory.write(try Self.image("exit 3").bytes, to: "a.aci")
      let data = directory.appending("data")
      try await withThrowingTaskGroup(of: Int32.self) { group in
        for _ in 0..<4 { group.addTask { try Self.run(image, in: data).status } }
        for try await status in group { #expect(status == 3) }
      }
      #expect(try directory.contents().filter { $0.hasPrefix("data/pods/run/") } == [])
    }
  }

  @Test("is told in one line which program the image lacks")
  func missingProgram() throws {
    try TemporaryDirectory.with(.memory) { directory in
      var image = try Self.image("")
      image.entries.removeLast()
      let file = try directory.write(image.bytes, to: "a.aci")
      let error = #expect(throws: (any Error).self) { try Self.run(file, in: directory.appending("data")) }
      let line = error.map { "\($0)" } ?? ""
      #expect(line.contains("/bin/busybox"))
      #expect(!line.contains("\n"))
    }
  }

  /// An image of this machine's BusyBox that runs a script.
  private static func image(_ script: String) throws -> TestImage {
    var image = TestImage(
      "example.com/hello",
      app: ["exec": ["/bin/busybox", "sh", "-c", .string(script)], "user": "0", "group": "0"])
    image.entries += [
      .directory("rootfs/bin"), RawTar.Entry("rootfs/bin/busybox", mode: 0o755, content: try busybox()),
    ]
    return image
  }

  private static func busybox() throws -> [UInt8] {
    let file = try FileDescriptor.open("/bin/busybox", .readOnly)
    return try file.closeAfter {
      var bytes = [UInt8](repeating: 0, count: Int(try file.seek(offset: 0, from: .end)))
      _ = try bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
      return bytes
    }
  }

  private static func run(_ image: FilePath, in directory: FilePath) throws -> (status: Int32, output: String)
  {
    let (read, write) = try FileDescriptor.pipe()
    return try read.closeAfter {
      let status = try write.closeAfter { try RunImage.run(image, in: directory, output: write) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = try bytes.withUnsafeMutableBytes { try read.read(into: $0) }
      return (status, String(decoding: bytes[..<count], as: UTF8.self))
    }
  }
}
