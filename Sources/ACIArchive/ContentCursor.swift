/// Where the reader stands in the content of the current entry.
struct ContentCursor {
  /// Stored bytes that are still in the stream.
  private(set) var stored: Int64 = 0
  /// Zeros after them, up to the next block.
  private(set) var padding = 0
  /// Where the next stored byte lies in the file.
  private(set) var offset: Int64 = 0
  /// How many of the next bytes belong together there.
  private(set) var run: Int64 = 0
  private var segments: ArraySlice<SparseMap.Segment> = []
  /// Whether the content has holes.
  private(set) var isSparse = false

  /// No content.
  init() {}

  /// Content of `stored` bytes.
  init(stored: Int64) {
    self.stored = stored
    run = stored
    padding = ContentCursor.padding(after: stored)
  }

  /// Spreads what is stored over the runs of a sparse file.
  mutating func spread(over map: SparseMap) {
    isSparse = true
    segments = map.segments[...]
    run = 0
    startRun()
  }

  /// Goes on past `count` stored bytes, no more than `run`.
  mutating func advance(by count: Int) {
    stored -= Int64(count)
    offset += Int64(count)
    run -= Int64(count)
    if run == 0 { startRun() }
  }

  private mutating func startRun() {
    while run == 0, let segment = segments.popFirst() {
      offset = segment.offset
      run = segment.length
    }
  }

  /// How many zeros fill up the last block.
  static func padding(after count: Int64) -> Int {
    Int((512 - count % 512) % 512)
  }
}
