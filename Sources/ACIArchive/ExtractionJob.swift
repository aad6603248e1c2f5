/// One entry that becomes a file, whoever makes it and whenever.
struct ExtractionJob: Sendable {
  let entry: ArchiveEntry
  /// `.streamed` for everything that has no content.
  let content: EntryContent
}
