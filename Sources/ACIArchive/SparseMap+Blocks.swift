extension SparseMap {
  /// The map with its runs widened to whole blocks of 512 bytes, for a file of `size` bytes.
  ///
  /// GNU tar takes each run to begin with a block of its own, though the format does not say so: runs of whole
  /// blocks mean the same to every reader.
  func inBlocks(size: Int64) throws(ArchiveError) -> SparseMap {
    let block = Int64(TarHeader.blockSize)
    var runs: [Segment] = []
    for run in segments {
      let start = run.offset / block * block
      // No overflow: neither goes beyond the size.
      let end = run.offset + run.length
      let rest = (block - end % block) % block
      let wideEnd = rest < size - end ? end + rest : size
      if let last = runs.last, start <= last.offset + last.length {
        runs[runs.count - 1] = Segment(offset: last.offset, length: wideEnd - last.offset)
      } else {
        runs.append(Segment(offset: start, length: wideEnd - start))
      }
    }
    return try SparseMap(runs, size: size)
  }
}
