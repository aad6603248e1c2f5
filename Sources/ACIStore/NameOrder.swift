import ACIArchive
import AppcSchema
import Glibc

/// Records in the order of their names, then of their times of import.
///
/// Names are compared where they lie side by side in memory, and positions are moved: a record is large, and to
/// move or to look into one counts references.
struct NameOrder {
  private struct Key {
    let name: Range<Int>
    let position: Int
  }

  let sorted: [ImageRecord]

  init(_ records: [ImageRecord]) {
    var names: [UInt8] = []
    var keys: [Key] = []
    keys.reserveCapacity(records.count)
    for (position, record) in records.enumerated() {
      let start = names.count
      names += record.name.text.utf8
      keys.append(Key(name: start..<names.count, position: position))
    }
    names.withUnsafeBytes { names in
      keys.sort { left, right in
        let order = NameOrder.compare(names, left.name, right.name)
        if order != 0 { return order < 0 }
        let (left, right) = (records[left.position], records[right.position])
        return (left.importedAt, left.id) < (right.importedAt, right.id)
      }
    }
    sorted = keys.map { records[$0.position] }
  }

  private static func compare(_ names: UnsafeRawBufferPointer, _ left: Range<Int>, _ right: Range<Int>) -> Int
  {
    guard let start = names.baseAddress else { return 0 }
    let order = memcmp(start + left.lowerBound, start + right.lowerBound, min(left.count, right.count))
    return order != 0 ? Int(order) : left.count - right.count
  }
}
