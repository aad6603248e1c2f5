@testable import ACIStore
import ACIArchive
import AppcSchema
import FuzzSupport

/// The image that the seeds are about, and another.
private let ids = [UInt8(0), 0xFF].map { byte in
  required("64 bytes are a digest") { () throws(NoID) in
    guard let id = ImageID(digest: [UInt8](repeating: byte, count: 64)) else { throw NoID() }
    return id
  }
}

private struct NoID: Error, CustomStringConvertible {
  let description = "no ID"
}

/// A record that is read is written as the same, and is never taken for that of another image.
func checkImageRecord(_ bytes: [UInt8]) {
  let records = ids.compactMap { ImageRecord(bytes, of: $0) }
  hold(records.count <= 1, "a record is about one image")
  guard let record = records.first else { return }
  hold(ids.contains(record.id), "a record is about the image that was asked for: \(record)")
  let written = record.serialized()
  hold(ImageRecord(written, of: record.id) == record, "what is written reads as what it was: \(record)")
  hold(written.count <= ImageRecord.maxFileBytes, "a record is not too large to be read")
  for id in ids where id != record.id {
    hold(ImageRecord(written, of: id) == nil, "a record is about its own image: \(record)")
  }
}

/// A record of a URL comes back, keeps nothing that cannot stand in a request, and no password.
func checkRemoteRecord(_ bytes: [UInt8]) {
  guard let record = RemoteRecord(bytes) else { return }
  checkRemote(record)
  let now = FileTime(seconds: record.fetchedAt.seconds, nanoseconds: record.fetchedAt.nanoseconds)
  hold(
    !record.isFresh(at: now) || record.maxAge ?? 0 > 0, "a record without an age is never fresh: \(record)")
  _ = record.isFresh(at: FileTime(seconds: .max))
  _ = record.isFresh(at: FileTime(seconds: .min))
  let text = String(decoding: bytes.prefix(40), as: UTF8.self)
  let again = record.revalidated(at: .epoch, etag: text, lastModified: text, maxAge: -1)
  hold(
    again.url.hasSameBytes(as: record.url) && again.imageID == record.imageID, "an answer changes no address")
  checkRemote(again)
}

private func checkRemote(_ record: RemoteRecord) {
  hold(RemoteRecord(record.serialized()) == record, "what is written reads as what it was: \(record)")
  hold(record.serialized().count <= RemoteRecord.maxFileBytes, "a record is not too large to be read")
  hold(record.maxAge ?? 0 >= 0, "no age is negative: \(record)")
  for (name, value) in record.conditionalHeaders {
    hold(
      value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(name) is one header: \(value.debugDescription)")
  }
  let isWeb = ["http://", "https://"].contains { record.url.lowercased().utf8.starts(with: $0.utf8) }
  let authority = record.url.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix {
    !"/?#".utf8.contains($0)
  }
  hold(!isWeb || !authority.contains(UInt8(ascii: "@")), "no password is kept: \(record.url)")
}

/// A digest of a tree comes back.
func checkTreeDigest(_ bytes: [UInt8]) {
  guard let digest = TreeDigest(bytes) else { return }
  guard let id = TreeID("tree-" + String(repeating: "0a", count: 32)) else {
    return hold(false, "this is a tree ID")
  }
  hold(TreeDigest(digest.serialized(id)) == digest, "what is written reads as what it was: \(digest)")
}
