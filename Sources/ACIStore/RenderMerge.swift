import ACIArchive
import AppcSchema

/// The merged tree while images are laid below it, the winning one first (G2, G3, G7).
///
/// The outcome is that of writing the images one after the other, the winning one last, where everything is replaced
/// by what comes after it.
struct RenderMerge {
  /// Stands for an image.
  typealias Layer = UInt16

  /// What is known of a path.
  private struct Mark: OptionSet {
    let rawValue: UInt8
    /// An image gives a directory here, for good.
    static let directory = Mark(rawValue: 1)
    /// An image gives something else here, for good.
    static let other = Mark(rawValue: 2)
    /// Something that an image gives lies beneath.
    static let needed = Mark(rawValue: 4)
    /// An image below had something else than a directory here, which an upper image's directory replaced (G3):
    /// what is still further below was gone before that directory came.
    static let cut = Mark(rawValue: 8)
  }

  private static let nobody = Layer.max

  private let paths: PathTree
  private var marks: [Mark]
  private var winners: [Layer]
  /// For directories that no list has, but that may be needed: the topmost image that describes them.
  private var describedBy: [PathTree.Number: Layer] = [:]

  /// Starts with an empty tree that is to have paths out of `paths`.
  init(_ paths: PathTree) {
    self.paths = paths
    marks = .init(repeating: [], count: paths.endNumber)
    winners = .init(repeating: Self.nobody, count: paths.endNumber)
  }

  /// Lays an image below what is there.
  mutating func add(_ entries: [EntryCatalogue.Entry], of layer: Layer, whitelist: PathWhitelist?) {
    let listed = whitelist?.numbers(in: paths)
    for entry in entries {
      guard let path = entry.path else { continue }
      let isDirectory = entry.kind == .directory
      if let listed, !listed.contains(path) {
        if isDirectory, describedBy[path] == nil, !isHidden(path) { describedBy[path] = layer }
      } else {
        add(path, isDirectory: isDirectory, of: layer)
      }
    }
  }

  /// Whether an image gives what is at a path.
  ///
  /// Directories that hold something but are on no list are taken from the topmost image that has them, so
  /// that they keep their owner and mode; what is then still missing is nobody's.
  func gives(_ layer: Layer, _ path: PathTree.Number) -> Bool {
    let mark = marks[Int(path)]
    if mark.contains(.needed), mark.isDisjoint(with: [.directory, .other]) {
      return describedBy[path] == layer
    }
    return winners[Int(path)] == layer
  }

  private mutating func add(_ path: PathTree.Number, isDirectory: Bool, of layer: Layer) {
    if isHidden(path) { return }
    let mark = marks[Int(path)]
    if !isDirectory, !mark.isDisjoint(with: [.directory, .needed]) {
      marks[Int(path)].insert(.cut)
    } else if mark.isDisjoint(with: [.directory, .other]) {
      claim(path, isDirectory ? .directory : .other, layer)
    }
  }

  /// Whether what an upper image has here or further up leaves nothing of what comes now (G7).
  private func isHidden(_ path: PathTree.Number) -> Bool {
    if marks[Int(path)].contains(.cut) { return true }
    var ancestor = paths.parent(of: path)
    while let place = ancestor {
      if !marks[Int(place)].isDisjoint(with: [.other, .cut]) { return true }
      ancestor = paths.parent(of: place)
    }
    return false
  }

  private mutating func claim(_ path: PathTree.Number, _ mark: Mark, _ layer: Layer) {
    marks[Int(path)].insert(mark)
    winners[Int(path)] = layer
    var ancestor = paths.parent(of: path)
    while let place = ancestor, !marks[Int(place)].contains(.needed) {
      marks[Int(place)].insert(.needed)
      ancestor = paths.parent(of: place)
    }
  }
}
