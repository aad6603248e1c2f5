import ACIArchive
import AppcSchema

/// What becomes of every entry of every image in one rendered tree.
///
/// Decided before anything is written: each path of the tree is written once, by the image that wins it, so no
/// image's links can lead another image's files astray (security.md 1.6), and an image that applies at several
/// places is read once.
struct RenderPlan: Sendable {
  /// What an entry of an image becomes.
  enum Outcome: Hashable, Sendable {
    /// Nothing.
    case leftOut
    /// The file, written at this path.
    case place(PathTree.Number)
    /// Another name, the first path, of a file that the same image places at the second.
    case link(PathTree.Number, to: PathTree.Number)
  }

  /// What is taken from one image.
  struct Layer: Sendable {
    let image: ImageID
    /// One for each entry, in the order of the archive: the image's ID stands for that.
    let outcomes: [Outcome]
  }

  /// The paths that outcomes speak of.
  let paths: PathTree
  /// The images that give something, the one on top last.
  let layers: [Layer]
}

extension RenderPlan {
  /// Decides over the entries of each application, the winning one first.
  ///
  /// Every image must be in the catalogue.
  init(_ applications: [RenderGraph.Application], _ catalogue: EntryCatalogue) {
    var tree = RenderMerge(catalogue.paths)
    var order: [ImageID] = []
    var layerOf: [ImageID: RenderMerge.Layer] = [:]
    for place in applications {
      let layer = layerOf[place.image] ?? RenderMerge.Layer(truncatingIfNeeded: order.count)
      if layerOf.updateValue(layer, forKey: place.image) == nil { order.append(place.image) }
      tree.add(catalogue[place.image] ?? [], of: layer, whitelist: place.whitelist)
    }
    paths = catalogue.paths
    layers = order.indices.reversed().compactMap { index in
      let layer = RenderMerge.Layer(truncatingIfNeeded: index)
      let outcomes = RenderPlan.outcomes(catalogue[order[index]] ?? []) { tree.gives(layer, $0) }
      return outcomes.map { Layer(image: order[index], outcomes: $0) }
    }
  }

  /// Gives the names that an image has won to its files; nil when it has won none.
  ///
  /// A name of a file whose first name was lost becomes the file, and further names link to that one: what is
  /// not on the whitelist still has its content where a listed hard link leads to it.
  private static func outcomes(
    _ entries: [EntryCatalogue.Entry], isWon: (PathTree.Number) -> Bool
  ) -> [Outcome]? {
    var files = LinkedFiles(entries)
    var outcomes = [Outcome](repeating: .leftOut, count: entries.count)
    var isEmpty = true
    for (index, entry) in entries.enumerated() {
      guard let path = entry.path else { continue }
      let content = files.content(of: entry, path, index)
      guard isWon(path) else { continue }
      isEmpty = false
      let place = files.place(of: content, entry, path)
      if place == path {
        outcomes[content] = .place(path)
      } else {
        outcomes[index] = .link(path, to: place)
      }
    }
    return isEmpty ? nil : outcomes
  }
}

/// The files of one image that have more than one name.
private struct LinkedFiles {
  /// The entry with the content behind each path that a hard link names, by its index.
  private var contents: [PathTree.Number: Int?] = [:]
  /// Where the content of such an entry goes.
  private var places: [Int: PathTree.Number] = [:]

  init(_ entries: [EntryCatalogue.Entry]) {
    for case .hardLink(let target) in entries.lazy.map(\.kind) { contents[target] = .some(nil) }
  }

  /// The entry that holds the content of the one at `index`; to be asked for each in the order of the archive.
  mutating func content(of entry: EntryCatalogue.Entry, _ path: PathTree.Number, _ index: Int) -> Int {
    var content = index
    if case .hardLink(let target) = entry.kind { content = (contents[target] ?? nil) ?? index }
    if contents[path] != nil { contents[path] = .some(content) }
    return content
  }

  /// Where the content of the entry at `path` goes already, or else goes from now on: to `path`.
  mutating func place(
    of content: Int, _ entry: EntryCatalogue.Entry, _ path: PathTree.Number
  ) -> PathTree.Number {
    if case .hardLink = entry.kind {} else if contents[path] == nil { return path }  // it has one name
    if let place = places[content] { return place }
    places[content] = path
    return path
  }
}

extension RenderPlan: CustomStringConvertible {
  /// One line for each path of the tree, images in the order in which they are read.
  var description: String {
    layers.map { layer in
      let lines: [String] = layer.outcomes.compactMap { outcome in
        switch outcome {
        case .leftOut: nil
        case .place(let path): "  \(paths.path(path))"
        case .link(let path, let target): "  \(paths.path(path)) -> \(paths.path(target))"
        }
      }
      return ([layer.image.short] + lines).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
