import AppcSchema

/// What `digest.json` of a tree says.
struct TreeDigest: Equatable {
  /// What tells a listing from every other.
  struct Listing: Equatable {
    /// SHA-512 of the bytes of `tree.mtree`, in hexadecimal digits.
    let sha512: String
    /// How many files it lists.
    let entries: Int
  }

  /// The image on top.
  let image: ImageID
  /// All images that the tree was rendered from, in order of their IDs.
  let images: [ImageID]
  /// Bytes of the files' contents.
  let contentBytes: Int64
  /// Nil in trees that earlier releases rendered.
  let listing: Listing?

  static let maxFileBytes = 1 << 20

  func serialized(_ id: TreeID) -> [UInt8] {
    var object = JSONObject()
    object["tree"] = .string(id.description)
    object["image"] = .string(image.description)
    object["images"] = .array(images.map { .string($0.description) })
    object["contentBytes"] = .integer(contentBytes)
    if let listing {
      object["entries"] = .integer(listing.entries)
      object["listingSHA512"] = .string(listing.sha512)
    }
    return JSONValue.object(object).serialized(.pretty)
  }

  init(image: ImageID, images: [ImageID], contentBytes: Int64, listing: Listing? = nil) {
    self.image = image
    self.images = images
    self.contentBytes = contentBytes
    self.listing = listing
  }

  /// Nil when the bytes are not what `serialized` writes.
  init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue.parse(bytes),
      let image = value["image"]?.string.flatMap({ try? ImageID($0) }),
      let images = value["images"]?.array?.compactMap({ $0.string.flatMap { try? ImageID($0) } }),
      let contentBytes = value["contentBytes"]?.number?.integer(as: Int64.self)
    else { return nil }
    let entries = value["entries"]?.number?.integer(as: Int.self)
    let sha512 = value["listingSHA512"]?.string
    guard (entries == nil) == (sha512 == nil) else { return nil }
    var listing: Listing?
    if let entries, let sha512 { listing = Listing(sha512: sha512, entries: entries) }
    self.init(image: image, images: images, contentBytes: contentBytes, listing: listing)
  }
}
