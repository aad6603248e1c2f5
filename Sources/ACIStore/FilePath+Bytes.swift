import SystemPackage

extension FilePath {
  /// For the bytes of a path: without NUL.
  init(bytes: some Collection<UInt8>) {
    var text = bytes.map { CInterop.PlatformChar(bitPattern: $0) }
    text.append(0)
    self.init(platformString: text)
  }
}
