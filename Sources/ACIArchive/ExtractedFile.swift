/// What an extractor made of an entry, as it now is.
package struct ExtractedFile: Sendable {
  /// Where it lies beneath the directory that was extracted to.
  package var path: ArchivePath
  /// What it is; a hard link is another name of `linkTarget`, and its other values are those of the entry.
  package var kind: EntryKind
  /// Permission bits with setuid, setgid and sticky.
  package var mode: UInt16
  /// The owner's number.
  package var uid: UInt32
  /// The group's number.
  package var gid: UInt32
  /// The apparent size in bytes, of regular files.
  package var size: Int64
  /// When the content was last changed.
  package var modified: FileTime
  /// A symbolic link's text, or the path that a hard link names.
  package var linkTarget: [UInt8]
  /// SHA-256 of a regular file's content, holes included, where the extractor was asked to observe.
  package var contentDigest: [UInt8]?
}
