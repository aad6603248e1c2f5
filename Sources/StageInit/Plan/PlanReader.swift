/// One step: what to do, and the operands that follow.
struct PlanStep {
  let opcode: UInt32
  let operands: PlanCursor
}

/// A list of steps, walked once from the front.
struct PlanSection {
  private var cursor: PlanCursor
  private var left: UInt32

  /// Takes a section off `outer`, checking that each of its steps lies within the plan.
  init?(from outer: inout PlanCursor) {
    guard let count = outer.number() else { return nil }
    cursor = outer
    left = count
    for _ in 0..<count {
      guard outer.number() != nil, let length = outer.number(), outer.slice(length) != nil else { return nil }
    }
  }

  mutating func next() -> PlanStep? {
    guard left > 0, let opcode = cursor.number(), let length = cursor.number(),
      let operands = cursor.slice(length)
    else { return nil }
    left -= 1
    return PlanStep(opcode: opcode, operands: operands)
  }
}

/// An app of the plan: its file system's steps and its process.
struct PlanApp {
  let steps: PlanSection
  let process: PlanProcess
}

/// A whole plan whose structure has been checked; operands are checked as each step reads them.
struct PlanReader {
  let descriptorCount: UInt32
  let keptDescriptors: UInt32
  let appsDirectory: UInt32
  let podSteps: PlanSection
  let apps: [PlanApp]

  init?(_ bytes: UnsafeRawBufferPointer, magic: UInt32, version: UInt32) {
    var cursor = PlanCursor(bytes)
    guard cursor.number() == magic, cursor.number() == version,
      let total = cursor.number(), Int(exactly: total) == bytes.count,
      let descriptorCount = cursor.number(), descriptorCount <= 4096,
      let kept = cursor.number(), kept <= descriptorCount,
      let appsDirectory = cursor.number(),
      let podSteps = PlanSection(from: &cursor),
      let appCount = cursor.number(), appCount <= 4096
    else { return nil }
    var apps: [PlanApp] = []
    for _ in 0..<appCount {
      guard let steps = PlanSection(from: &cursor), let length = cursor.number(),
        let payload = cursor.slice(length), let process = PlanProcess(payload)
      else { return nil }
      apps.append(PlanApp(steps: steps, process: process))
    }
    guard cursor.isAtEnd else { return nil }
    self.descriptorCount = descriptorCount
    self.keptDescriptors = kept
    self.appsDirectory = appsDirectory
    self.podSteps = podSteps
    self.apps = apps
  }
}
