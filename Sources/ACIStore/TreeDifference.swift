import ACIArchive
import AppcSchema

/// One way in which a tree is not what its listing says.
struct TreeDifference: Equatable, CustomStringConvertible {
  enum Kind: Equatable {
    case missing
    case unlisted
    case anotherKind
    case mode(found: UInt32, listed: UInt32)
    case owner
    case size(found: Int64, listed: Int64)
    case time
    case linkText
    case notLinked
    case content
    /// The listing itself was changed, or cut short, or written by somebody else.
    case listing
  }

  /// Beneath the root file system; empty for the root itself and for the listing.
  let path: [UInt8]
  let kind: Kind

  var description: String {
    kind == .listing ? "its listing was changed" : "\(path.isEmpty ? "/" : printable(path)) \(words)"
  }

  private var words: String {
    switch kind {
    case .missing: "is missing"
    case .unlisted: "was added"
    case .anotherKind: "is another kind of file"
    case .mode(let found, let listed): "has mode 0\(octal(found)), not 0\(octal(listed))"
    case .owner: "has another owner or group"
    case .size(let found, let listed): "has \(found) bytes, not \(listed)"
    case .time: "has another time"
    case .linkText: "leads elsewhere"
    case .notLinked: "is no longer the same file as another name of it"
    case .content: "has other content"
    case .listing: ""
    }
  }

  private func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }
}
