extension RuleTable {
  private static let firstPod = "AppcSchemaTests/EarlierPodTests.first"
  private static let oldImages = "ConformanceTests/EarlierVersionTests.images"
  private static let oldPods = "ConformanceTests/EarlierVersionTests.pods"

  /// The rows of the version history, in its order.
  static let versions: [RuleEntry] = [
    // 0.1.1: kinds; SHA-256; "val"; objects of texts; dependencies; apps, volumes and isolators of pods.
    RuleEntry("V1", firstPod, oldPods), RuleEntry("V2", firstPod, oldImages),
    RuleEntry("V3", oldImages, firstPod),
    RuleEntry("V4", "AppcSchemaTests/ManifestRuleTests.objectsOfTexts", oldImages),
    RuleEntry("V5", oldImages),
    RuleEntry("V6", firstPod, oldPods), RuleEntry("V7", firstPod),
    RuleEntry("V8", oldImages, "AppcSchemaTests/EarlierPodTests.unconvertible"),
    RuleEntry(
      "V9", untested: "variables, simple discovery and .sig names: switches that no executor or fetch has yet"
    ),
    // 0.2.0: dependencies' "app"; 0.3.0: lists, mounts, isolators; signatures of the tar.
    RuleEntry("V10", oldImages, "ConformanceTests/StrictModeTests.dependencies"),
    RuleEntry("V11", oldImages, "AppcSchemaTests/EarlierPodTests.mountPoints"),
    RuleEntry("V12", untested: "signatures come with fetching"),
    // 0.4.0: isolators as objects; 0.5.0: PodManifest; 0.5.2: remove-set; 0.6.0: imageName, two kinds of
    // names.
    RuleEntry("V13", oldImages, oldPods), RuleEntry("V14", oldPods, corpus),
    RuleEntry("V15", oldImages, corpus),
    RuleEntry("V16", oldImages, oldPods),
    // 0.6.1: names of annotations; 0.7.0: mounts' paths, cores; 0.7.1: supplementaryGIDs; 0.7.2: exec.
    RuleEntry("V17", corpus),
    RuleEntry("V18", "AppcSchemaTests/EarlierPodTests.mountPoints", oldImages, corpus),
    RuleEntry("V19", "ConformanceTests/StrictModeTests.apps", corpus),
    RuleEntry("V20", "ConformanceTests/StrictModeTests.apps", corpus),
    // 0.8.0 to today: additions, which the rules of today's versions speak of.
    RuleEntry("V21", "StageTests/LookupTests.defaultCapabilities"), RuleEntry("V22", corpus),
    RuleEntry("V23", corpus),
    RuleEntry("V24", corpus), RuleEntry("V25", corpus), RuleEntry("V26", corpus),
    // What becomes of the isolators up to 0.3, and how a tolerant reader behaves.
    RuleEntry(
      "V27", oldImages, "AppcSchemaTests/EarlierPodTests.unconvertible",
      "AppcSchemaTests/EarlierPodTests.upgrade",
      "ConformanceTests/ManifestTests.unchanged", "ConformanceTests/ManifestTests.canonical"),
  ]
}
