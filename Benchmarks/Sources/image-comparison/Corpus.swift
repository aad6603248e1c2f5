import Measuring
import SystemPackage

/// The images that make-corpus made.
struct Corpus {
  let directory: FilePath

  enum Tree: String, CaseIterable {
    case debian
    case small
    case large

    var title: String {
      switch self {
      case .debian: "Debian minbase"
      case .small: "60,000 small files"
      case .large: "one file of 1 GiB"
      }
    }
  }

  enum Form: String {
    case tar = "aci"
    case gzip = "gz.aci"
    case xz = "xz.aci"
    case zstd = "zst.aci"
  }

  /// An image file.
  func image(_ tree: Tree, _ form: Form = .tar) -> String {
    directory.appending("\(tree).\(form.rawValue)").string
  }

  /// An OCI image whose only layer is the image with gzip.
  func layout(_ tree: Tree) -> String { directory.appending("\(tree).oci").string }

  /// Images of 10 KiB.
  var tinyImages: [String] {
    (0..<Self.tinyCount).map { number in
      let digits = String(number)
      let name = String(repeating: "0", count: 3 - digits.count) + digits
      return directory.appending("tiny").appending("\(name).aci").string
    }
  }

  static let tinyCount = 100
}
