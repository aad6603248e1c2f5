/// An operating system and an architecture as Go's tool chain names them: `GOOS`, `GOARCH` and `GOARM` (D12).
///
/// Go's names are those of many other tools, of container registries among them; the labels "os" and "arch"
/// have names of their own.
public struct GoPlatform: Hashable, Sendable {
  /// The operating system, `GOOS`: "linux".
  @Bytewise public var os: String
  /// The architecture, `GOARCH`: "arm64".
  @Bytewise public var arch: String
  /// The version of the ARM architecture, `GOARM`: "6"; empty for other architectures, and where it says
  /// nothing.
  @Bytewise public var arm: String

  /// Names a platform; whether anybody knows it is found out by translating it.
  public init(os: String, arch: String, arm: String = "") {
    self.os = os
    self.arch = arch
    self.arm = arm
  }
}

extension GoPlatform: CustomStringConvertible {
  /// `linux/amd64`, `linux/arm/v7`.
  public var description: String {
    printable("\(os)/\(arch)".utf8) + (arm.isEmpty ? "" : "/v" + printable(arm.utf8))
  }
}

extension Platform {
  /// One platform in both languages, the GOARM that is written first of those that are read.
  private struct Translation {
    let os: String
    let arch: String
    let goArch: String
    let arms: [String]

    init(_ os: String, _ arch: String, _ goArch: String, arms: [String] = [""]) {
      self.os = os
      self.arch = arch
      self.goArch = goArch
      self.arms = arms
    }
  }

  /// The big-endian ARM architectures aarch64_be and armv7b are none of Go's.
  ///
  /// The reference implementation has the rows of freebsd/i386 and of darwin the wrong way round, so it cannot
  /// translate them to Go's names; here both directions go by one table.
  private static let translations = [
    Translation("linux", "amd64", "amd64"),
    Translation("linux", "i386", "386"),
    Translation("linux", "aarch64", "arm64"),
    // Without a GOARM Go builds for the older one.
    Translation("linux", "armv6l", "arm", arms: ["6", ""]),
    Translation("linux", "armv7l", "arm", arms: ["7"]),
    Translation("linux", "ppc64", "ppc64"),
    Translation("linux", "ppc64le", "ppc64le"),
    Translation("linux", "s390x", "s390x"),
    Translation("freebsd", "amd64", "amd64"),
    Translation("freebsd", "i386", "386"),
    Translation("freebsd", "arm", "arm", arms: ["", "5", "6", "7"]),
    Translation("darwin", "x86_64", "amd64"),
    Translation("darwin", "i386", "386"),
  ]

  /// The label values "os" and "arch" of a platform that Go names, nil if there are none (D12).
  public static func appc(_ platform: GoPlatform) -> (os: String, arch: String)? {
    let found = translations.first { row in
      row.os.hasSameBytes(as: platform.os) && row.goArch.hasSameBytes(as: platform.arch)
        && row.arms.contains(where: platform.arm.hasSameBytes(as:))
    }
    return found.map { ($0.os, $0.arch) }
  }

  /// Go's names of the platform with these label values, nil if Go has none (D12).
  public static func go(os: String, arch: String) -> GoPlatform? {
    let found = translations.first { $0.os.hasSameBytes(as: os) && $0.arch.hasSameBytes(as: arch) }
    return found.map { GoPlatform(os: $0.os, arch: $0.goArch, arm: $0.arms[0]) }
  }
}

extension Labels {
  /// Go's names of the platform that the labels "os" and "arch" say; nil if one is missing, or Go has none
  /// (D12).
  public var goPlatform: GoPlatform? {
    guard let os = self["os"], let arch = self["arch"] else { return nil }
    return Platform.go(os: os, arch: arch)
  }
}
