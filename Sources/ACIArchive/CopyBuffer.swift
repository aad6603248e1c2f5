/// Memory that content passes through.
final class CopyBuffer: @unchecked Sendable {
  // Unchecked: reachable through one file maker alone, which cannot be copied.
  let memory: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    memory = .allocate(byteCount: byteCount, alignment: 4096)
  }

  deinit {
    memory.deallocate()
  }
}
