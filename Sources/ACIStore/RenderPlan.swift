import ACIArchive
import AppcSchema

/// What becomes of every entry of every image in one rendered tree.
///
/// Decided before anything is written: each path of the tree is written once, by the image that wins it, so no
/// image's links can lead another image's files astray (security.md 1.6), and an image that applies at several
/// places is read once.
struct RenderPlan: Sendable, Equatable {
  /// What an entry of an image becomes.
  enum Outcome: Hashable, Sendable {
    /// The file, written at this path.
    case place(ArchivePath)
    /// Another name of a file that the same image places at this path.
    case link(to: ArchivePath)
  }

  /// What is taken from one image.
  struct Layer: Sendable, Equatable {
    let image: ImageID
    /// By the entry's own path; entries that are not here are left out.
    let outcomes: [ArchivePath: Outcome]
  }

  /// The images that give something, the one on top last.
  let layers: [Layer]
}

/// As much of an archive's entry as planning needs.
struct PlannedEntry: Sendable {
  let path: ArchivePath
  let isDirectory: Bool
  /// The entry that this one is another name of.
  let hardLink: ArchivePath?
}

extension RenderPlan {
  /// Decides over the entries of each application, the winning one first.
  init(
    _ applications: [RenderGraph.Application], entries: (ImageID) throws(StoreError) -> [PlannedEntry]
  ) throws(StoreError) {
    var tree = RenderMerge()
    var order: [ImageID] = []
    var entriesOf: [ImageID: [PlannedEntry]] = [:]
    for place in applications {
      let list: [PlannedEntry]
      if let known = entriesOf[place.image] {
        list = known
      } else {
        list = try entries(place.image)
        entriesOf[place.image] = list
        order.append(place.image)
      }
      tree.add(list, of: place.image, whitelist: place.whitelist)
    }
    let won = tree.finish()
    layers = order.reversed().compactMap { image in
      let outcomes = RenderPlan.outcomes(entriesOf[image] ?? [], won: won[image] ?? [])
      return outcomes.isEmpty ? nil : Layer(image: image, outcomes: outcomes)
    }
  }

  /// Gives the names that an image has won to its files.
  ///
  /// A name of a file whose first name was lost becomes the file, and further names link to that one: what is
  /// not on the whitelist still has its content where a listed hard link leads to it.
  private static func outcomes(
    _ entries: [PlannedEntry], won: Set<ArchivePath>
  ) -> [ArchivePath: Outcome] {
    var outcomes: [ArchivePath: Outcome] = [:]
    /// The entry that holds the content behind a name.
    var origin: [ArchivePath: ArchivePath] = [:]
    /// Where the content of an entry goes.
    var placed: [ArchivePath: ArchivePath] = [:]
    for entry in entries {
      let content = entry.hardLink.map { origin[$0] ?? $0 } ?? entry.path
      if entry.hardLink != nil { origin[entry.path] = content }
      guard won.contains(entry.path) else { continue }
      if let place = placed[content] {
        outcomes[entry.path] = .link(to: place)
      } else {
        placed[content] = entry.path
        outcomes[content] = .place(entry.path)
      }
    }
    return outcomes
  }
}

extension RenderPlan: CustomStringConvertible {
  /// One line for each entry that becomes something, images in the order in which they are read.
  var description: String {
    layers.map { layer in
      let lines = layer.outcomes.sorted { $0.key < $1.key }.map { path, outcome in
        switch outcome {
        case .place(let place): place == path ? "  \(path)" : "  \(path) as \(place)"
        case .link(let target): "  \(path) -> \(target)"
        }
      }
      return ([layer.image.short] + lines).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
