import CAppcISAL

/// gzip by ISA-L's inflate.
///
/// Headers and trailers are read here, so that each is checked to the last byte: ISA-L and others are lax
/// about reserved bits, the header's checksum and what follows the last member.
final class GzipDecompressor: Decompressor {
  private enum Stage {
    case header
    case body
    case end
  }

  private let input: CompressedInput
  private let state: UnsafeMutablePointer<inflate_state>
  private var stage = Stage.header
  private var members = 0
  private var memberLength: UInt32 = 0

  init(_ input: CompressedInput) throws(ArchiveError) {
    self.input = input
    state = .allocate(capacity: 1)
    isal_inflate_init(state)
  }

  deinit {
    state.deallocate()
  }

  var consumed: Int64 { input.consumed }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
    while true {
      switch stage {
      case .end: return 0
      case .header: try startMember()
      case .body:
        let count = try inflate(into: buffer)
        if count > 0 { return count }
      }
    }
  }

  /// Begins the next member, or ends the stream when the input is used up.
  private func startMember() throws(ArchiveError) {
    try input.fill(atLeast: 2)
    if members > 0, input.window.isEmpty {
      stage = .end
      return
    }
    guard members == 0 || input.window.starts(with: [0x1F, 0x8B]) else {
      throw .reading(.damaged, "bytes follow the end of the gzip stream; cut them off or get the image again")
    }
    try GzipHeader.skip(in: input)
    members += 1
    memberLength = 0
    isal_inflate_init(state)
    state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR)
    stage = .body
  }

  /// Inflates once, and finishes the member when its last block is out.
  private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
    try input.fill()
    let window = input.window
    // ISA-L does not write to its input; the parameter merely lacks a const.
    state.pointee.next_in = UnsafeMutablePointer(
      mutating: window.baseAddress?.assumingMemoryBound(to: UInt8.self))
    state.pointee.avail_in = UInt32(window.count)
    state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(clamping: buffer.count)
    let status = isal_inflate(state)
    let produced = Int(UInt32(clamping: buffer.count) - state.pointee.avail_out)
    let used = window.count - Int(state.pointee.avail_in)
    input.consume(used)
    memberLength &+= UInt32(truncatingIfNeeded: produced)
    guard status >= 0 else {
      throw .reading(.damaged, "the gzip data is invalid (inflate error \(status)); get the image again")
    }
    if state.pointee.block_state == ISAL_BLOCK_FINISH {
      try finishMember()
    } else if produced == 0, used == 0 {
      // Without input inflate cannot go on; with input it always does, or there would be no end to this.
      throw .reading(
        window.isEmpty ? .truncated : .damaged, "the gzip data ends in the middle; get the image again")
    }
    return produced
  }

  /// Checks the trailer: CRC-32 and length of the member's content.
  private func finishMember() throws(ArchiveError) {
    // ISA-L reads ahead up to eight bytes; those it did not need wait, after the bits of the last byte it
    // used, in its bit buffer.
    var spare = state.pointee.read_in >> UInt64(state.pointee.read_in_length % 8)
    var spareCount = state.pointee.read_in_length / 8
    var trailer: [UInt8] = []
    while trailer.count < 8 {
      if spareCount > 0 {
        trailer.append(UInt8(truncatingIfNeeded: spare))
        spare >>= 8
        spareCount -= 1
      } else if let byte = try input.takeByte() {
        trailer.append(byte)
      } else {
        throw .reading(.truncated, "the gzip trailer is missing; get the image again")
      }
    }
    let checksum = littleEndian(trailer[0..<4])
    let length = littleEndian(trailer[4..<8])
    guard checksum == state.pointee.crc else {
      throw .reading(.damaged, "the gzip checksum is wrong; get the image again")
    }
    guard length == memberLength else {
      throw .reading(.damaged, "the gzip length is wrong; get the image again")
    }
    stage = .header
  }
}

private func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
}
