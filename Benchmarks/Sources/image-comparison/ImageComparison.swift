import ArgumentParser

/// Measures hashing, import, extraction and the store, beside others' programs in the same run.
@main
struct ImageComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image-comparison",
    abstract: "Compare hashing, import and extraction of images with others' programs, in one run.",
    // The others do one thing each, in a process of its own, so that it can be measured as the peers are.
    subcommands: [
      Run.self, HashFile.self, WalkImage.self, ImportInProcess.self, BareWrites.self, FillStore.self,
      LookUpImages.self, ListImages.self,
    ], defaultSubcommand: Run.self)

  /// What is measured, in order.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case hash
    case `import`
    case extract
    case unpack
    case store
  }
}
