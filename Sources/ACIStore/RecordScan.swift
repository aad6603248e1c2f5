import ACIArchive
import AppcSchema
import SystemPackage

/// Reads the records of many images: each directory is opened once, and memory is used again.
struct RecordScan: ~Copyable {
  private let blobs: OwnedDescriptor
  private let images: OwnedDescriptor
  private let used: OwnedDescriptor
  private var blobName = ImageFileName(inShard: true)
  private var recordName = ImageFileName(suffix: ".json")
  private var usedName = ImageFileName()
  private var bytes = [UInt8](repeating: 0, count: 4096)

  init(_ root: StoreRoot) throws(Errno) {
    let blobs = try root.openDirectory(StoreLayout.blobs)
    let images = try root.openDirectory(StoreLayout.images)
    let used = try root.openDirectory(StoreLayout.used)
    self.init(blobs, images, used)
  }

  private init(
    _ blobs: consuming OwnedDescriptor, _ images: consuming OwnedDescriptor, _ used: consuming OwnedDescriptor
  ) {
    self.blobs = blobs
    self.images = images
    self.used = used
  }

  /// What an image's record says; nil when there is no blob, no record, or none that fits the blob.
  mutating func record(of id: ImageID) -> ImageRecord? {
    let (blobs, used) = (blobs.raw, used.raw)
    guard
      let blob = try? blobName.with(id, { (name) throws(Errno) in try Kernel.status(blobs, named: name) }),
      let count = try? readRecord(of: id),
      var record = ImageRecord(bytes.span.extracting(first: count), of: id),
      record.tarBytes == blob.bytes
    else { return nil }
    if let use = try? usedName.with(id, { (name) throws(Errno) in try Kernel.status(used, named: name) }) {
      record.lastUsedAt = use.modified
    }
    return record
  }

  /// Reads the beginning of the record's file to `bytes` and answers how much that is.
  ///
  /// Read once only: a part of a record is no record, and then the file is read again, to its end.
  private mutating func readRecord(of id: ImageID) throws(Errno) -> Int {
    let images = images.raw
    let file = try recordName.with(id) { (name) throws(Errno) in try Kernel.openFile(images, named: name) }
    return try Kernel.read(file.raw, into: &bytes)
  }
}
