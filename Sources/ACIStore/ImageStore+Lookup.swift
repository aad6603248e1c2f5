import ACIArchive
public import AppcSchema
import SystemPackage

extension ImageStore {
  /// The image that a reference means.
  ///
  /// A full ID must be in the store. A prefix (two or more hexadecimal digits) must fit exactly one image. A name
  /// with labels means an image that has all of these labels with these values; when no `version` is among
  /// them, images imported as latest go first; among equals the one imported last is taken.
  ///
  /// Throws `notFound` or `ambiguous`.
  public func resolve(_ reference: ImageReference) throws(StoreError) -> ImageID {
    switch reference {
    case .id(let id):
      guard try blobStatus(id) != nil else { throw StoreError.noImage(id, operation: "find") }
      return id
    case .prefix(let prefix):
      return try resolve(prefix)
    case .name(let name, let labels):
      return try resolve(name, labels)
    }
  }

  /// Whether the store has an image.
  public func contains(_ id: ImageID) throws(StoreError) -> Bool {
    try blobStatus(id) != nil
  }

  private func resolve(_ prefix: ImageIDPrefix) throws(StoreError) -> ImageID {
    let shard = String(decoding: prefix.hex.utf8.prefix(2), as: UTF8.self)
    let matches = try imageIDs(inShard: shard, beginningWith: Array(prefix.description.utf8))
    guard let id = matches.first else {
      throw StoreError(
        .notFound, operation: "find", subject: prefix.description,
        detail: "no image in the store has an ID that begins so")
    }
    guard matches.count == 1 else {
      throw StoreError(
        .ambiguous, operation: "find", subject: prefix.description,
        detail: "\(matches.count) images have IDs that begin so: give more digits")
    }
    return id
  }

  private func resolve(_ name: ACIdentifier, _ labels: Labels) throws(StoreError) -> ImageID {
    let candidates = try images(named: name).filter { $0.labels.satisfy(labels) }
    let versionMatters = labels["version"] == nil
    let best = candidates.max { left, right in
      if versionMatters, left.isLatest != right.isLatest { return right.isLatest }
      return (left.importedAt, left.id) < (right.importedAt, right.id)
    }
    guard let best else {
      let wanted = labels.isEmpty ? name.text : "\(name),\(labels)"
      throw StoreError(
        .notFound, operation: "find", subject: wanted,
        detail: "no image in the store has this name and these labels")
    }
    return best.id
  }
}
