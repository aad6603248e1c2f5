extension LastDitchImageManifest: CustomStringConvertible {
  /// What was read, as compact JSON on one line, safe to show.
  public var description: String { json.printable }
}

extension LastDitchPodManifest: CustomStringConvertible {
  /// What was read, as compact JSON on one line, safe to show.
  public var description: String { json.printable }
}

extension LastDitchPodManifest.App: CustomStringConvertible {
  /// The app's name and its image's ID and name, safe to show: `web (sha512-... example.com/web)`.
  public var description: String { printable("\(name) (\(imageID) \(imageName))".utf8) }
}

extension LastDitchLabel: CustomStringConvertible {
  /// `name=value`, safe to show.
  public var description: String { printable("\(name)=\(value)".utf8) }
}

extension ManifestHeader: CustomStringConvertible {
  /// Kind and version as they are written, safe to show: `ImageManifest 0.8.11`.
  public var description: String {
    printable((versionText.map { "\(kindText) \($0)" } ?? kindText).utf8)
  }
}
