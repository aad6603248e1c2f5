extension RuleTable {
  static let archives: [RuleEntry] = [
    RuleEntry("B1", "ACIBuildTests/RefusalTests.name", "AppcEngineTests/ValidationTests.strictWrapping"),
    RuleEntry(
      "B2", "ACIArchiveTests/ArchiveRulesTests.duplicates",
      "ACIArchiveTests/ArchiveRulesTests.duplicateDirectories",
      "ACIArchiveTests/AttackCorpusTests.verdicts"),
    RuleEntry(
      "B3", "ACIArchiveTests/ArchiveRulesTests.both", "ACIArchiveTests/ArchiveRulesTests.types",
      "ACIArchiveTests/ArchiveRulesTests.others"),
    RuleEntry("B4", "ACIArchiveTests/ArchiveRulesTests.rootfsEntry"),
    RuleEntry(
      "B5", "ACIArchiveTests/ArchivePathTests.canonical", "ACIArchiveTests/ArchivePathTests.refused",
      "ACIArchiveTests/ArchiveRulesTests.dot"),
    RuleEntry(
      "B6", "ACIArchiveTests/ArchiveWriterTests.roundTrip", "ACIArchiveTests/ExtractorTests.metadata",
      "ACIArchiveTests/AttributeTests.kept", "ACIBuildTests/ImageBuilderTests.fidelity"),
    RuleEntry("B7", "ACIArchiveTests/CompressionTests.sameIdentity", "ACIArchiveTests/TarHeaderTests.magic"),
    RuleEntry("B8", "ACIArchiveTests/CompressionTests.encrypted"),
    RuleEntry("B9", untested: "images are not encrypted here, so there is no length to leak"),
    RuleEntry("B10", untested: "signatures come with fetching"),
    RuleEntry("B11", untested: "keys come with fetching"),
    RuleEntry("B12", "ACIArchiveTests/ArchiveRulesTests.both", "ACIBuildTests/ImageBuilderTests.order"),
    RuleEntry("B13", "ACIArchiveTests/AttackCorpusTests.verdicts"),
    RuleEntry(
      "B14", "ACIArchiveTests/ArchiveWriterTests.deterministic",
      "ACIBuildTests/ImageBuilderTests.reproducible"),
  ]

  static let imageIDs: [RuleEntry] = [
    RuleEntry(
      "C1", "ACIArchiveTests/CompressionTests.digest", "ACIArchiveTests/CompressionTests.sameIdentity",
      "ACIStoreTests/ImportTests.identity"),
    RuleEntry("C2", "ACIArchiveTests/CompressionTests.padding"),
    RuleEntry("C3", "ACIStoreTests/RenderTests.pinned", "ACIStoreTests/ImageFileSetTests.byID"),
  ]

  static let rendering: [RuleEntry] = [
    RuleEntry(
      "G1", "ACIStoreTests/RenderTests.order", "ACIStoreTests/RenderPlanTests.emptyList",
      "ACIStoreTests/RenderCorpusTests.same"),
    RuleEntry(
      "G2", "ACIStoreTests/RenderPlanTests.order", "ACIStoreTests/RenderPlanTests.diamond",
      "ACIStoreTests/RenderPlanTests.diamondWithLists", "ACIStoreTests/RenderTests.order"),
    RuleEntry(
      "G3", "ACIStoreTests/RenderTests.lowerLink", "ACIStoreTests/RenderPlanTests.kinds",
      "ACIStoreTests/RenderPlanTests.replacedTwice", "ACIStoreTests/RenderPlanTests.unlistedFile"),
    RuleEntry(
      "G4", "ACIStoreTests/RenderPlanTests.intersection", "ACIStoreTests/RenderPlanTests.twoWays",
      "ACIStoreTests/RenderTests.whitelist"),
    RuleEntry(
      "G5", "ACIStoreTests/RenderPlanTests.directory", "ACIStoreTests/RenderPlanTests.spellings",
      "ACIStoreTests/RenderTests.unlistedDirectory"),
    RuleEntry(
      "G6", "ACIStoreTests/RenderPlanTests.emptyDirectory", "ACIStoreTests/RenderPlanTests.spellings"),
    RuleEntry("G7", "ACIStoreTests/RenderTests.upperLink"),
    RuleEntry("G8", "ACIStoreTests/RenderToDirectoryTests.onlyFiles", "ACIStoreTests/RenderTests.single"),
    RuleEntry("G9", "StageTests/LaunchTests.cleanCopy", "StageTests/LaunchTests.readOnlyRoot"),
    RuleEntry(
      "G10", "ACIStoreTests/RenderPlanTests.whiteouts", "ACIArchiveTests/ArchiveRulesTests.devices",
      remark: "an overlay's whiteouts are refused, there are no others"),
  ]

  static let discovery: [RuleEntry] =
    (1...13).map { RuleEntry("H\($0)", untested: "discovery is not there yet") } + [
      RuleEntry("H14", "AppcSchemaTests/StringFormTests.references", corpus)
    ]

  static let execution: [RuleEntry] = [
    RuleEntry(
      "I1", "StageTests/LaunchTests.environment", remark: "AC_METADATA_URL comes with the metadata service"),
    RuleEntry("I2", "StageTests/RefusalTests.workingDirectory"),
    RuleEntry("I3", "AppcSchemaTests/IdentifierTests.uuids", "StageTests/CollectionTests.prefixes"),
    RuleEntry("I4", "StageTests/LaunchTests.namespaces"),
    RuleEntry(
      "I5", "StageTests/LaunchTests.namespaces",
      remark: "pods have the loopback interface alone, or the host's"),
    RuleEntry("I6", "AppcCommandTests/RunCommandTests.streams", remark: "logs are not kept yet"),
    RuleEntry("I7", "StageTests/LaunchTests.signals", remark: "post-stop handlers are not run yet (E13)"),
    RuleEntry("I8", "StageTests/LaunchTests.devices"),
    RuleEntry("I9", untested: "no /etc/hosts is provided, which the rule allows"),
  ]

  static let volumes: [RuleEntry] = [
    RuleEntry("K1", "StageTests/RefusalTests.openMountPoint", "AppcSchemaTests/ReificationTests.allAtOnce"),
    RuleEntry("K2", "StageTests/LookupTests.directories", "StageTests/RefusalTests.doubleMount"),
    RuleEntry("K3", "StageTests/RefusalTests.volumeSource", "StageTests/VolumeTests.nestedTarget"),
    RuleEntry("K4", "StageTests/RefusalTests.volumeSource"),
    RuleEntry("K5", "ConformanceTests/StrictModeTests.volumes", "StageTests/VolumeTests.empty", corpus),
    RuleEntry(
      "K6", "ConformanceTests/StrictModeTests.runtimeApps", "AppcSchemaTests/ReificationTests.scopes", corpus),
    RuleEntry("K7", "StageTests/VolumeTests.empty"),
    RuleEntry("K8", "StageTests/VolumeTests.readOnly"),
  ]

  static let metadata: [RuleEntry] =
    (1...8).map { RuleEntry("M\($0)", untested: "the metadata service is not there yet") }
}
