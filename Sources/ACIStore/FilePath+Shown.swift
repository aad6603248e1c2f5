import AppcSchema
import SystemPackage

extension FilePath {
  /// The path with everything that is not plain text escaped: for messages, not for use as a path.
  var shown: String {
    withPlatformString { printable(UnsafeRawBufferPointer(start: $0, count: length)) }
  }
}
