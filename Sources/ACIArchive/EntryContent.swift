/// The content of a regular file on its way from the reader to whoever writes the file.
enum EntryContent: Sendable {
  /// The most that is handed on as slices, in bytes: each of them keeps a block from being filled anew.
  static let sliceLimit: Int64 = 256 << 10
  /// The same where whoever writes the file can read the content from its place, which saves a copy.
  static let directSliceLimit: Int64 = 8 << 10

  /// Where content lies in the stream of an image that is not compressed.
  struct Place: Sendable {
    let file: DirectFile
    let offset: Int64
    let count: Int64
  }

  /// Pieces in memory, in order.
  case slices([BlockSlice])
  /// Bytes of the image's file.
  case place(Place)
  /// Still in the reader: too long to be kept in memory, or with holes.
  case streamed
}
