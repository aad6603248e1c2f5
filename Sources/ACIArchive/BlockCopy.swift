/// Writes again what a reader has read, block by block as it is, but for an entry that is left out.
///
/// The reader says what it makes of the blocks: those of an entry are kept back until its name is known.
final class BlockCopy {
  private enum State {
    case keepingBack, copying, leavingOut
  }

  private let output: TarOutput
  private var state = State.keepingBack
  private var keptBack: [UInt8] = []

  init(to output: TarOutput) {
    self.output = output
  }

  /// Takes the blocks that the reader goes past; the bytes are valid during the call only.
  func take(_ blocks: UnsafeRawBufferPointer) throws(ArchiveError) {
    switch state {
    case .keepingBack: keptBack.append(contentsOf: blocks)
    case .copying: try output.append(blocks)
    case .leavingOut: break
    }
  }

  /// What comes now are the headers of an entry; the one before is complete.
  func keepBack() {
    state = .keepingBack
  }

  /// What was kept back, and what comes until the next headers, is copied.
  func copy() throws(ArchiveError) {
    try output.append(keptBack[...])
    keptBack.removeAll(keepingCapacity: true)
    state = .copying
  }

  /// What was kept back, and what comes until the next headers, is left out.
  func leaveOut() {
    keptBack.removeAll(keepingCapacity: true)
    state = .leavingOut
  }
}
