import SystemPackage

/// Something that does a job, ours or another's.
struct Candidate {
  /// A short name, for the table.
  let name: String
  /// What exactly is measured.
  let note: String
  /// The command, given the place that it may make files in.
  let command: (FilePath) -> MeasuredCommand
  /// What has to be there before, and is not measured.
  var prepare: (FilePath) throws -> Void = { _ in }
  /// Whether the command measures itself and prints nanoseconds, because the start of its process is not meant.
  var timesItself = false
  /// Whether it is the command appc, whose memory has a bound.
  var isAppc = false
  /// What it makes of the image, to be compared; relative to its place.
  var tree: String?

  /// The image's root file system in a tree that has the manifest too, whose time is the renderer's own.
  static let rootfs = "tree/rootfs"

  /// One measurement in a new place; `check` looks at what was made.
  func measure(
    at place: Place, _ workspace: Workspace, check: (FilePath) throws -> Void = { _ in }
  ) throws -> Sample {
    try Interruption.check()
    return try place.with(workspace) { directory in
      try prepare(directory)
      let command = command(directory)
      var sample = try command.run(workspace)
      if timesItself { sample.wall = try SelfTiming.read(workspace.path("stdout")) }
      try check(directory)
      return sample
    }
  }
}
