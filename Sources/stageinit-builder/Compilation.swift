import Glibc

/// The commands that make StageInit, in order.
struct Compilation {
  /// The most that pid 1 may weigh, in bytes: it is copied into a memfd for every process that launches pods.
  static let sizeLimit = 64 << 10

  let swiftc: String
  let clang: String
  let headers: String
  let scratch: String
  let sources: [String]

  var executable: String { scratch + "/stage-init" }

  var commands: [[String]] {
    let swift = sources.filter { $0.hasSuffix(".swift") }
    let c = sources.filter { $0.hasSuffix(".c") }
    let bridging = sources.filter { $0.hasSuffix(".h") }.flatMap { ["-import-objc-header", $0] }
    return [
      ["/bin/mkdir", "-p", scratch],
      [clang, "-c"] + Self.common + ["-fno-builtin", "-Wall", "-Wextra", "-Wno-nullability-extension"]
        + ["-I", headers] + c + ["-o", scratch + "/shim.o"],
      [swiftc, "-c", "-parse-as-library", "-module-name", "StageInit", "-swift-version", "6"]
        + ["-enable-experimental-feature", "Embedded", "-wmo", "-Osize", "-warnings-as-errors"]
        // No C library, so no thread-local canary and nobody to report it to.
        + ["-Xfrontend", "-disable-stack-protector", "-Xfrontend", "-function-sections"]
        + ["-Xcc", "-I", "-Xcc", headers, "-Xcc", "-ffreestanding"] + bridging + swift
        + ["-o", scratch + "/swift.o"],
      [clang, "-nostdlib", "-static", "-fuse-ld=lld", "-Wl,--gc-sections", "-Wl,-s", "-Wl,-z,noexecstack"]
        + ["-Wl,-z,separate-code", "-Wl,--build-id=none", scratch + "/shim.o", scratch + "/swift.o"]
        + ["-o", executable],
    ]
  }

  private static let common = [
    "-Oz", "-ffreestanding", "-fno-stack-protector", "-fomit-frame-pointer", "-fno-pic",
    "-ffunction-sections", "-fdata-sections",
  ]
}

/// Runs a command to its end.
///
/// Its output goes to the build log.
func run(_ command: [String]) throws(BuilderError) {
  let arguments = command.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var child = pid_t()
  let outcome = posix_spawn(&child, command[0], nil, nil, arguments, environ)
  guard outcome == 0 else { throw BuilderError("cannot run \(command[0]): errno \(outcome)") }
  var status: Int32 = 0
  while waitpid(child, &status, 0) < 0 {
    guard errno == EINTR else { throw BuilderError("cannot wait for \(command[0]): errno \(errno)") }
  }
  guard status == 0 else { throw BuilderError("\(command.joined(separator: " ")) failed") }
}
