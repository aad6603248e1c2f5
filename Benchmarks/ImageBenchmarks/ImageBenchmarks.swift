import ACIArchive
import AppcTesting
import Benchmark
import SystemPackage

/// Hashing, reading and extracting images, in megabytes (1 000 000 bytes) of uncompressed image a second, on one tmpfs.
let benchmarks: @Sendable () -> Void = {
  let speed = BenchmarkMetric.custom("MB/s", polarity: .prefersLarger, useScalingFactor: false)
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock, .cpuTotal, speed], timeUnits: .milliseconds, warmupIterations: 1,
    maxDuration: .seconds(5), maxIterations: 50)

  func timed(_ benchmark: Benchmark, bytes: Int, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    benchmark.startMeasurement()
    let time = try clock.measure(body)
    benchmark.stopMeasurement()
    let microseconds = time.components.seconds * 1_000_000 + time.components.attoseconds / 1_000_000_000_000
    benchmark.measurement(speed, bytes / max(1, Int(microseconds)))
  }

  Benchmark("SHA-512 by ImageDigest, 64 MiB", configuration: configuration) { benchmark in
    let block = [UInt8](repeating: 0x5a, count: 1 << 20)
    for _ in benchmark.scaledIterations {
      try timed(benchmark, bytes: 64 << 20) {
        var digest = try ImageDigest()
        for _ in 0..<64 { try block.withUnsafeBytes { try digest.update($0) } }
        blackHole(try digest.finish())
      }
    }
  }

  for (name, image) in [
    ("2000 files of 4 KiB", GeneratedImage.small), ("8 files of 8 MiB", GeneratedImage.large),
  ] {
    for (form, compression) in [("tar", OutputCompression.none), ("gzip", .gzip())] {
      Benchmark("Read, not hashed, \(form), \(name)", configuration: configuration) { benchmark in
        let size = image.bytes.count
        let bytes = try GeneratedImage.written(image, compression)
        for _ in benchmark.scaledIterations {
          try timed(benchmark, bytes: size) {
            var reader = try ArchiveReader(ByteSource(bytes), options: .init(hashing: false))
            try reader.drain()
          }
        }
      }
    }
    Benchmark("Extract, tar, \(name)", configuration: configuration) { benchmark in
      let bytes = image.bytes
      try TemporaryDirectory.with(.memory) { directory in
        for number in benchmark.scaledIterations {
          try timed(benchmark, bytes: bytes.count) {
            _ = try Archive.extract(ByteSource(bytes), into: directory.appending("tree-\(number)"))
          }
        }
      }
    }
  }
}

/// Images made of numbers, so that every run has the same.
enum GeneratedImage {
  static let small = image(files: 2000, bytes: 4 << 10)
  static let large = image(files: 8, bytes: 8 << 20)

  /// The image as the library writes it.
  static func written(_ image: TestImage, _ compression: OutputCompression) throws -> [UInt8] {
    var reader = try ArchiveReader(ByteSource(image.bytes))
    var writer = try ArchiveWriter(options: .init(compression: compression))
    while let entry = try reader.next() {
      try writer.add(entry, content: try reader.content(of: entry, limit: 16 << 20))
    }
    return try writer.finish().bytes
  }

  private static func image(files: Int, bytes: Int) -> TestImage {
    var image = TestImage("example.com/generated")
    let directories = (0..<(files + 99) / 100).map { "rootfs/d\($0)" }
    image.entries += directories.map { .directory($0) }
    for number in 0..<files {
      var state = UInt32(truncatingIfNeeded: number) | 1
      let content = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
        for index in 0..<bytes {
          // A linear congruential generator: content that a compressor makes half as long, and no less.
          state = state &* 1_664_525 &+ 1_013_904_223
          buffer[index] = UInt8(truncatingIfNeeded: state >> 28)
        }
        count = bytes
      }
      image.entries.append(RawTar.Entry("\(directories[number / 100])/f\(number)", content: content))
    }
    return image
  }
}
