import ACIArchive
import AppcSchema
import SystemPackage

/// What an image's blob turned out to be when all of it was read.
struct BlobExamination {
  enum Condition {
    /// It is the image, and still within the rules.
    case good(ArchiveSummary)
    /// It is something else; the text says why.
    case damaged(String)
    /// The kernel, or a limit, kept it from being read to its end.
    case unreadable(String)
  }

  /// The file that was read.
  let file: Kernel.Status
  let condition: Condition

  /// Reads the blob of an image under a shared lock; nil when it is not in the store.
  ///
  /// Throws `stopped` when `progress` did, and what keeps the blob from being opened.
  init?(
    of id: ImageID, in store: ImageStore, limits: ArchiveLimits = .default,
    progress: (@Sendable (ArchiveProgress) throws -> Void)? = nil
  ) throws(StoreError) {
    guard let named = try store.blobStatus(id) else { return nil }
    guard named.isRegular else {
      file = named
      condition = .damaged("it is no regular file")
      return
    }
    do throws(StoreError) {
      let blob = try store.openBlob(id, for: "verify")
      file = try attempting("verify", id.short) { () throws(Errno) in
        try Kernel.status(blob.descriptor.rawValue)
      }
      let source = ByteSource(blob.descriptor, name: id.short)
      let options = ArchiveReader.Options(limits: limits, progress: progress)
      condition = try BlobExamination.read(source, options, id, bytes: file.bytes)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  private static func read(
    _ source: consuming ByteSource, _ options: ArchiveReader.Options, _ id: ImageID, bytes: Int64
  ) throws(StoreError) -> Condition {
    do {
      var reader = try ArchiveReader(source, options: options)
      let summary = try reader.finish()
      guard summary.imageID == id else { return .damaged("its bytes are those of \(summary.imageID.short)") }
      // Compressed, it would have the same ID, and not be what is exported.
      guard summary.compression == .none, summary.tarBytes == bytes else {
        return .damaged("it was compressed")
      }
      return .good(summary)
    } catch {
      let wrapped = StoreError(error, operation: "verify", subject: id.short)
      switch error.code {
      case .stopped:
        throw StoreError(
          .stopped, operation: "verify", subject: id.short, detail: "it was stopped", cause: error.cause)
      case .io, .limitExceeded, .missingLibrary: return .unreadable(wrapped.detail)
      default: return .damaged(wrapped.detail)
      }
    }
  }
}
