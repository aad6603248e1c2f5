/// The process of an app as the plan describes it.
///
/// Lists are kept as cursors over the mapped plan.
struct PlanProcess {
  let uid: UInt32
  let gid: UInt32
  let capabilitiesLow: UInt32
  let capabilitiesHigh: UInt32
  let flags: UInt32
  let cgroup: UInt32
  let streams: (input: UInt32, output: UInt32, error: UInt32)
  let groups: [UInt32]
  let name: PlanBlob
  let workingDirectory: PlanBlob
  let candidates: [PlanBlob]
  let arguments: [PlanBlob]
  let environment: [PlanBlob]

  init?(_ payload: PlanCursor) {
    var cursor = payload
    guard let uid = cursor.number(), let gid = cursor.number(), let low = cursor.number(),
      let high = cursor.number(), let flags = cursor.number(), let cgroup = cursor.number(),
      let input = cursor.number(), let output = cursor.number(), let error = cursor.number(),
      let groupCount = cursor.number(), groupCount <= 65536
    else { return nil }
    var groups: [UInt32] = []
    for _ in 0..<groupCount {
      guard let group = cursor.number() else { return nil }
      groups.append(group)
    }
    guard let name = cursor.blob(), let directory = cursor.blob(),
      let candidates = Self.blobs(&cursor), let arguments = Self.blobs(&cursor),
      let environment = Self.blobs(&cursor), cursor.isAtEnd
    else { return nil }
    self.uid = uid
    self.gid = gid
    capabilitiesLow = low
    capabilitiesHigh = high
    self.flags = flags
    self.cgroup = cgroup
    streams = (input, output, error)
    self.groups = groups
    self.name = name
    workingDirectory = directory
    self.candidates = candidates
    self.arguments = arguments
    self.environment = environment
  }

  private static func blobs(_ cursor: inout PlanCursor) -> [PlanBlob]? {
    guard let count = cursor.number() else { return nil }
    var blobs: [PlanBlob] = []
    for _ in 0..<count {
      // A count that is too large ends here, at the first blob that is not there.
      guard let blob = cursor.blob() else { return nil }
      blobs.append(blob)
    }
    return blobs
  }
}
