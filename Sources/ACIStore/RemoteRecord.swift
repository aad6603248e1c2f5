public import ACIArchive
public import AppcSchema

/// What is known of a URL that an image was fetched from: enough to ask its server for changes only.
///
/// A record is a cache's, by RFC 9111: while it is fresh the image need not be asked for; after that the server is
/// asked with `conditionalHeaders`, and an answer 304 gives the record `revalidated(at:etag:lastModified:maxAge:)`.
public struct RemoteRecord: Sendable, Hashable {
  /// The address, byte for byte as it was asked for; it holds no user name and no password.
  public let url: String
  /// The image that was fetched there.
  public let imageID: ImageID
  /// Where its signature was fetched, if there was one.
  public let signatureURL: String?
  /// The server's `ETag`, as it stood in its answer.
  public private(set) var etag: String?
  /// The server's `Last-Modified`, as it stood in its answer.
  public private(set) var lastModified: String?
  /// How long the record is fresh, in seconds; nil when the server did not say, and then it never is.
  public private(set) var maxAge: Int64?
  /// When the server was last asked.
  public private(set) var fetchedAt: FileTime

  /// Makes a record of an answer of a server.
  ///
  /// An `etag` or `lastModified` that cannot stand in a request (it holds control characters, or is longer than
  /// 1024 bytes) is left out, and so is a negative `maxAge`. Throws `invalidArgument` when a URL holds a user name or
  /// password, which must not be kept, is empty, or is longer than 8192 bytes.
  public init(
    url: String, imageID: ImageID, signatureURL: String? = nil, etag: String? = nil,
    lastModified: String? = nil,
    maxAge: Int64? = nil, fetchedAt: FileTime
  ) throws(StoreError) {
    try RemoteRecord.check(url)
    if let signatureURL { try RemoteRecord.check(signatureURL) }
    self.url = url
    self.imageID = imageID
    self.signatureURL = signatureURL
    self.fetchedAt = fetchedAt
    update(etag: etag, lastModified: lastModified, maxAge: maxAge)
  }

  /// Whether the image may be used without asking the server.
  ///
  /// As long as less than `maxAge` seconds have passed since the server was asked. A clock that stands before that
  /// moment was set back, and tells nothing: the record is not fresh.
  public func isFresh(at now: FileTime) -> Bool {
    guard let maxAge, now >= fetchedAt else { return false }
    let age = now.seconds.subtractingReportingOverflow(fetchedAt.seconds)
    return !age.overflow && age.partialValue < maxAge
  }

  /// What a request must hold for the server to answer 304 when the image has not changed.
  ///
  /// `If-None-Match` if the server gave an ETag, and `If-Modified-Since` if it gave a time; both may be sent, and
  /// neither is there when it gave nothing: then the image is fetched again.
  public var conditionalHeaders: [(name: String, value: String)] {
    [("If-None-Match", etag), ("If-Modified-Since", lastModified)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }

  /// The record after the server has answered 304 at the time `now`.
  ///
  /// What the answer does not say again stays as it was (RFC 9111, 4.3.4).
  public func revalidated(
    at now: FileTime, etag: String? = nil, lastModified: String? = nil, maxAge: Int64? = nil
  ) -> RemoteRecord {
    var record = self
    record.fetchedAt = now
    record.update(
      etag: etag ?? self.etag, lastModified: lastModified ?? self.lastModified, maxAge: maxAge ?? self.maxAge)
    return record
  }

  private mutating func update(etag: String?, lastModified: String?, maxAge: Int64?) {
    self.etag = etag.flatMap(RemoteRecord.headerValue)
    self.lastModified = lastModified.flatMap(RemoteRecord.headerValue)
    self.maxAge = maxAge.flatMap { $0 < 0 ? nil : $0 }
  }
}

extension RemoteRecord {
  private static let maxURLBytes = 8192
  private static let maxHeaderBytes = 1024

  /// Nil for what would be more than one header, or none, in a request.
  private static func headerValue(_ text: String) -> String? {
    let isUsable =
      !text.isEmpty && text.utf8.count <= maxHeaderBytes && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    return isUsable ? text : nil
  }

  private static func check(_ url: String) throws(StoreError) {
    // The URL itself is not shown: what is wrong with it may be that it holds a password.
    guard (1...maxURLBytes).contains(url.utf8.count) else {
      throw refusal("a URL must have 1 to \(maxURLBytes) bytes")
    }
    guard !holdsCredentials(url) else {
      throw refusal(
        "the URL holds a user name or password, which would be kept: leave out what is before the \"@\"")
    }
  }

  /// Whether there is an `@` in the authority: before the path, query or fragment.
  ///
  /// Clients differ in where an authority begins and ends: with any number of slashes after `https:`, or backslashes
  /// for slashes. What one of them would send as a password counts.
  private static func holdsCredentials(_ url: String) -> Bool {
    let bytes = url.utf8[...]
    let isSlash = { (byte: UInt8) in byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    let scheme = bytes.prefix { !":/\\?#".utf8.contains($0) }
    let hasScheme = bytes.dropFirst(scheme.count).first == UInt8(ascii: ":")
    let rest = hasScheme ? bytes.dropFirst(scheme.count + 1) : bytes
    let name = String(decoding: scheme, as: UTF8.self).lowercased()
    guard hasScheme && ["http", "https"].contains(name) || rest.prefix(2).filter(isSlash).count == 2 else {
      return false
    }
    return rest.drop(while: isSlash).prefix { !"/?#".utf8.contains($0) }.contains(UInt8(ascii: "@"))
  }

  private static func refusal(_ detail: String) -> StoreError {
    StoreError(.invalidArgument, operation: "record", subject: "remote", detail: detail)
  }
}
