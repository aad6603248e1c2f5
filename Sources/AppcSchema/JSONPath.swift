/// The way from a document's root to one of its values.
public struct JSONPath: Hashable, Sendable, CustomStringConvertible {
  /// One step of the way.
  public enum Component: Hashable, Sendable {
    /// Into the member of an object with this key.
    case key(ByteText)
    /// Into the element of an array at this index.
    case index(Int)
  }

  /// A key, compared by its bytes.
  public struct ByteText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The key.
    @Bytewise public var text: String

    /// Wraps a key.
    public init(_ text: String) { self.text = text }

    /// Wraps a key that stands in source code.
    public init(stringLiteral value: String) { text = value }
  }

  /// The steps, from the root on.
  public var components: [Component]

  /// The root.
  public static let root = JSONPath(components: [])

  /// Creates a path from its steps.
  public init(components: [Component]) {
    self.components = components
  }

  /// `$.app.ports[0].name`; keys that are not plain words are quoted and escaped.
  public var description: String {
    var text = "$"
    for component in components {
      switch component {
      case .index(let index): text += "[\(index)]"
      case .key(let key): text += Self.isPlain(key.text) ? ".\(key.text)" : "[\(quoted(key.text))]"
      }
    }
    return text
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy {
        ASCII.isLowerLetter($0) || ASCII.isUpperLetter($0) || ASCII.isDigit($0) || $0 == ASCII.underscore
      }
  }
}
