@testable import ACIArchive
import FuzzSupport

/// What is understood of a PAX header can be written and reads as the same.
func checkRecords(_ bytes: [UInt8]) {
  let records = accepted { () throws(ArchiveError) in try PAXRecords(bytes, limits: .default) }
  let globals = accepted { () throws(ArchiveError) in try PAXRecords.global(bytes, limits: .default) }
  hold(globals == nil || records != nil, "what may be global may be local")
  guard let records else { return }
  hold(records.path?.isEmpty != true && records.linkPath?.isEmpty != true, "names are not empty")
  hold(records.size ?? 0 >= 0 && records.uid ?? 0 >= 0 && records.gid ?? 0 >= 0, "numbers have no sign")
  let again = required("what was read can be written: \(records)") { () throws(ArchiveError) in
    try PAXRecords(encoded(records), limits: .default)
  }
  hold("\(again)" == "\(records)", "what is written reads as what it was: \(again), \(records)")
  var limits = ArchiveLimits.default
  limits.sparseSegments = 64
  _ = accepted { () throws(ArchiveError) in try SparseMap(records.sparse, limits: limits) }
}

private func encoded(_ records: PAXRecords) -> [UInt8] {
  var encoder = PAXEncoder()
  if let path = records.path { encoder.add("path", path) }
  if let path = records.linkPath { encoder.add("linkpath", path) }
  if let size = records.size { encoder.add("size", "\(size)") }
  if let uid = records.uid { encoder.add("uid", "\(uid)") }
  if let gid = records.gid { encoder.add("gid", "\(gid)") }
  if let time = records.modified { encoder.add("mtime", time.paxText) }
  for attribute in records.xattrs {
    required("an attribute that was read can be written: \(attribute)") { () throws(ArchiveError) in
      try encoder.add(attribute, of: .manifest)
    }
  }
  let sparse = records.sparse
  if let major = sparse.major { encoder.add("GNU.sparse.major", "\(major)") }
  if let minor = sparse.minor { encoder.add("GNU.sparse.minor", "\(minor)") }
  if let name = sparse.name { encoder.add("GNU.sparse.name", name) }
  if let size = sparse.realSize { encoder.add("GNU.sparse.realsize", "\(size)") }
  if let map = sparse.map { encoder.add("GNU.sparse.map", map) }
  for (index, number) in sparse.runs.enumerated() {
    encoder.add(index.isMultiple(of: 2) ? "GNU.sparse.offset" : "GNU.sparse.numbytes", "\(number)")
  }
  // A header block comes first, and padding after the records.
  let blocks = encoder.blocks(before: .manifest)
  let size = blocks.withUnsafeBytes { TarNumber.parse($0.dropFirst(124).prefix(12)) } ?? 0
  return Array(blocks.dropFirst(512).prefix(Int(size)))
}

/// A map's runs lie in the file, in order and apart, in whichever way the map was told.
func checkSparseMap(_ bytes: [UInt8]) {
  var input = InputCursor(bytes)
  let size = input.number()
  var limits = ArchiveLimits.default
  limits.sparseSegments = 64
  var numbers: [Int64] = []
  var text = input
  while !input.isAtEnd { numbers.append(input.number()) }
  let map = accepted { () throws(ArchiveError) in try SparseMap(numbers: numbers, size: size, limits: limits)
  }
  if let map { checkRuns(map, size, numbers) }

  var records = PAXRecords.SparseRecords()
  records.realSize = size
  records.map = Array(numbers.map { "\($0)" }.joined(separator: ",").utf8)
  let told = accepted { () throws(ArchiveError) in try SparseMap(records, limits: limits) }
  // An empty text is no list of no numbers.
  hold((told ?? nil) == map || numbers.isEmpty, "a map is the same in numbers and in text: \(numbers)")

  var reader = SparseMapReader(limits: limits)
  let block = text.bytes(1024) + [UInt8](repeating: 0, count: max(0, 1024 - bytes.count))
  for start in stride(from: 0, to: block.count - 511, by: 512) {
    let numbers = accepted { () throws(ArchiveError) in
      try block[start..<start + 512].withUnsafeBufferPointer { block throws(ArchiveError) in
        try reader.add(UnsafeRawBufferPointer(block))
      }
    }
    guard case .some(nil) = numbers else { break }
  }
}

private func checkRuns(_ map: SparseMap, _ size: Int64, _ numbers: [Int64]) {
  var end: Int64 = 0
  var sum: Int64 = 0
  for run in map.segments {
    hold(run.offset >= end && run.length > 0, "runs are in order, apart and not empty: \(map)")
    end = run.offset + run.length
    sum += run.length
  }
  hold(end == map.end && end <= max(size, 0), "runs lie in the file: \(map) of \(size)")
  hold(sum == map.dataSize, "what is stored is the sum of the runs: \(map)")
  let stated = stride(from: 0, to: numbers.count, by: 2).filter { numbers[$0 + 1] > 0 }
  hold(
    map.segments == stated.map { .init(offset: numbers[$0], length: numbers[$0 + 1]) },
    "a map has the runs that were stated: \(map), \(numbers)")
}
