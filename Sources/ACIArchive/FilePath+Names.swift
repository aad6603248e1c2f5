import AppcSchema
package import SystemPackage

extension FilePath {
  /// The path with everything that is not plain text escaped: for messages, not for use as a path.
  package var shown: String {
    withPlatformString { printable(UnsafeRawBufferPointer(start: $0, count: length)) }
  }

  /// A name that nobody has used or can foresee.
  package static func randomName(_ prefix: String) -> FilePath {
    FilePath("\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 16))")
  }
}
