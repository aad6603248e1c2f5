import ACIArchive
import AppcSchema
import SystemPackage

extension RemoteRecord {
  /// Two URLs and two headers, each byte of them escaped, are smaller.
  static let maxFileBytes = 256 << 10

  /// Where the record of a URL is; the URL may hold anything, so its digest is the name.
  static func file(of url: String) throws(StoreError) -> FilePath {
    do {
      return StoreLayout.remotes.appending(try ContentDigest.hex(of: Array(url.utf8)) + ".json")
    } catch {
      throw StoreError(error, operation: "look up", subject: "remote record")
    }
  }

  /// The bytes of the record's file.
  func serialized() -> [UInt8] {
    var object = JSONObject()
    object["url"] = .string(url)
    object["imageID"] = .string(imageID.description)
    if let signatureURL { object["signatureURL"] = .string(signatureURL) }
    if let etag { object["etag"] = .string(etag) }
    if let lastModified { object["lastModified"] = .string(lastModified) }
    if let maxAge { object["maxAge"] = .integer(maxAge) }
    object["fetchedAtSeconds"] = .integer(fetchedAt.seconds)
    object["fetchedAtNanoseconds"] = .integer(fetchedAt.nanoseconds)
    return JSONValue.object(object).serialized(.pretty)
  }

  /// Reads a record's file; nil when it is not one.
  init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue.parse(bytes),
      let url = value["url"]?.string,
      let imageID = value["imageID"]?.string.flatMap({ try? ImageID($0) }),
      let seconds = value["fetchedAtSeconds"]?.number?.integer(as: Int64.self),
      let nanoseconds = value["fetchedAtNanoseconds"]?.number?.integer(as: Int32.self),
      let record = try? RemoteRecord(
        url: url, imageID: imageID, signatureURL: value["signatureURL"]?.string, etag: value["etag"]?.string,
        lastModified: value["lastModified"]?.string, maxAge: value["maxAge"]?.number?.integer(as: Int64.self),
        fetchedAt: FileTime(seconds: seconds, nanoseconds: nanoseconds))
    else { return nil }
    self = record
  }
}
