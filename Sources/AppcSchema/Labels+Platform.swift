/// The operating systems and architectures an image may be labelled with (D11).
public enum Platform {
  /// The architectures known for each operating system, as the labels "os" and "arch" spell them.
  public static let architectures: [(os: String, names: [String])] = [
    (
      "linux",
      [
        "amd64", "i386", "aarch64", "aarch64_be", "armv6l", "armv7l", "armv7b", "ppc64", "ppc64le", "s390x",
      ]
    ),
    ("freebsd", ["amd64", "i386", "arm"]),
    ("darwin", ["x86_64", "i386"]),
  ]

  /// The label values of this machine; nil where it is of no kind that the specification knows.
  public static var current: (os: String, arch: String)? {
    #if os(Linux)
      let os = "linux"
      #if arch(x86_64)
        return (os, "amd64")
      #elseif arch(i386)
        return (os, "i386")
      #elseif arch(arm64)
        return (os, "aarch64")
      #elseif arch(arm)
        return (os, "armv7l")
      #elseif arch(powerpc64le)
        return (os, "ppc64le")
      #elseif arch(s390x)
        return (os, "s390x")
      #else
        return nil
      #endif
    #elseif os(macOS) && arch(x86_64)
      return ("darwin", "x86_64")
    #else
      return nil
    #endif
  }
}

extension Labels {
  /// What is wrong with "os" and "arch", nil if nothing.
  ///
  /// Without "os", "arch" is not looked at (D6).
  public var platformProblem: String? {
    guard let os = self["os"] else { return nil }
    guard let known = Platform.architectures.first(where: { $0.os.hasSameBytes(as: os) }) else {
      return "the os \(quoted(os)) is none of \(Platform.architectures.map(\.os).joined(separator: ", "))"
    }
    guard let arch = self["arch"], !known.names.contains(where: { $0.hasSameBytes(as: arch) }) else {
      return nil
    }
    return "the arch \(quoted(arch)) is none of those of \(os): \(known.names.joined(separator: ", "))"
  }
}
