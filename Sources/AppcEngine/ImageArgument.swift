public import AppcSchema
import Glibc
public import SystemPackage

/// An image as somebody names it: a file, or what the store knows it by.
public enum ImageArgument: Hashable, Sendable {
  /// An image file.
  case file(FilePath)
  /// An ID, a prefix of one, or a name with labels.
  case stored(ImageReference)

  /// Decides what `text` names, by rkt's rules: an existing absolute path, something with `./` in it or ending
  /// in `.aci` is a file; an ID or a prefix is one; the rest is a name.
  ///
  /// - Throws: ``EngineError`` with `.invalidRequest` when it is none of them, or a URL.
  public init(_ text: String) throws(EngineError) {
    if text.utf8.starts(with: "/".utf8) || text.utf8.starts(with: "./".utf8)
      || text.utf8.starts(with: "../".utf8) || Self.ends(text, with: ".aci")
    {
      guard !Self.isURL(text) else { throw Self.urlError(text) }
      self = .file(FilePath(text))
      return
    }
    if Self.isURL(text) { throw Self.urlError(text) }
    do {
      self = .stored(try ImageReference(text))
    } catch {
      throw EngineError(
        .invalidRequest, "naming image", printable(text.utf8),
        detail: "it is neither a file ending in .aci, an image ID nor a name: \(error)")
    }
  }

  private static func ends(_ text: String, with suffix: String) -> Bool {
    text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  private static func isURL(_ text: String) -> Bool {
    ["http://", "https://", "docker://", "file://"].contains { text.utf8.starts(with: $0.utf8) }
  }

  private static func urlError(_ text: String) -> EngineError {
    EngineError(
      .notSupported, "fetching", printable(text.utf8),
      detail: "this version does not fetch; download the image and give the file")
  }
}
