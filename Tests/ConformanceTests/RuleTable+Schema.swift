extension RuleTable {
  private static let texts = "ConformanceTests/StrictModeTests.texts"
  private static let identifiers = "AppcSchemaTests/IdentifierTests.identifiers"

  static let scalars: [RuleEntry] = [
    RuleEntry("A1", texts, identifiers, corpus),
    RuleEntry("A2", identifiers, remark: "no name has an upper-case letter, so equality is that of bytes"),
    RuleEntry("A3", "AppcSchemaTests/IdentifierTests.sanitised", corpus),
    RuleEntry("A4", texts, "AppcSchemaTests/IdentifierTests.names", corpus),
    RuleEntry("A5", "ConformanceTests/StrictModeTests.kinds", corpus),
    RuleEntry(
      "A6", "ConformanceTests/StrictModeTests.versions", "AppcSchemaTests/IdentifierTests.versionOrder",
      corpus),
    RuleEntry(
      "A7", "ConformanceTests/StrictModeTests.versions", remark: "there is one major series, 0, and no later"),
    RuleEntry("A8", texts, "AppcSchemaTests/IdentifierTests.imageIDs", corpus),
    RuleEntry("A9", "AppcSchemaTests/IdentifierTests.uuids", corpus),
    RuleEntry("A10", texts, "AppcSchemaTests/IdentifierTests.dates", corpus),
    RuleEntry("A11", texts, corpus),
    RuleEntry("A12", "ConformanceTests/StrictModeTests.isolators", corpus),
    RuleEntry(
      "A13", "ConformanceTests/StrictModeTests.isolators", "AppcSchemaTests/QuantityTests.equality", corpus),
    RuleEntry("A14", "AppcSchemaTests/QuantityTests.refusals", corpus),
    RuleEntry("A15", "AppcSchemaTests/QuantityTests.values", corpus),
    RuleEntry("A16", "AppcSchemaTests/QuantityTests.canonical", corpus),
    RuleEntry(
      "A17", "ConformanceTests/StrictModeTests.keys", "AppcSchemaTests/HostileManifestTests.caseVariant",
      "AppcSchemaTests/JSONParserTests.duplicates", corpus),
    RuleEntry("A18", "ConformanceTests/StrictModeTests.keys", corpus),
  ]

  private static let imageRules = "ConformanceTests/StrictModeTests.images"

  static let images: [RuleEntry] = [
    RuleEntry(
      "D0", "AppcSchemaTests/JSONParserTests.refusals", "AppcSchemaTests/JSONParserTests.positions",
      "AppcSchemaTests/DiagnosticTests.caret"),
    RuleEntry("D1", "ConformanceTests/StrictModeTests.kinds", corpus),
    RuleEntry("D2", "ConformanceTests/StrictModeTests.versions", corpus),
    RuleEntry(
      "D3", corpus, "ACIStoreTests/RenderTests.pinned",
      remark: "that it is the discovered name comes with discovery"),
    RuleEntry("D4", imageRules, corpus),
    RuleEntry("D5", "ConformanceTests/EarlierVersionTests.images", remark: "a free text"),
    RuleEntry("D6", imageRules, "AppcEngineTests/PodAssemblyTests.platform", corpus),
    RuleEntry("D7", corpus, "ACIStoreTests/RenderTests.order"),
    RuleEntry("D8", "AppcSchemaTests/ManifestRuleTests.dependencies", "ACIStoreTests/RenderPlanTests.order"),
    RuleEntry("D9", imageRules, "ACIStoreTests/RenderPlanTests.climbing", corpus),
    RuleEntry("D10", imageRules, corpus),
    RuleEntry("D11", imageRules, corpus),
    RuleEntry("D12", "AppcSchemaTests/PlatformTests.bothWays", "AppcSchemaTests/PlatformTests.names", corpus),
    RuleEntry("D13", imageRules, texts, corpus),
    RuleEntry("D14", untested: "a recommendation to apps; the engine passes no notification socket"),
    RuleEntry("D15", untested: "a recommendation to those who name annotations and labels"),
  ]

  private static let appRules = "ConformanceTests/StrictModeTests.apps"
  private static let commandLine = "AppcSchemaTests/StringFormTests.roundTrip"

  static let apps: [RuleEntry] = [
    RuleEntry(
      "E1", appRules, "StageTests/LookupTests.candidates", "StageTests/RefusalTests.missingProgram", corpus),
    RuleEntry("E2", "AppcSchemaTests/ManifestRuleTests.accounts", corpus),
    RuleEntry("E3", appRules, "StageTests/LaunchTests.ordinaryUser", corpus),
    RuleEntry("E4", appRules, corpus),
    RuleEntry("E5", appRules, "StageTests/RefusalTests.workingDirectory", corpus),
    RuleEntry("E6", appRules, "StageTests/LaunchTests.environment", corpus),
    RuleEntry("E7", appRules, "AppcSchemaTests/ManifestRuleTests.isolators", corpus),
    RuleEntry("E8", appRules, corpus),
    RuleEntry("E9", appRules, corpus),
    RuleEntry("E9b", appRules, corpus),
    RuleEntry("E10", "StageTests/LookupTests.passwd", "StageTests/RefusalTests.unknownUser"),
    RuleEntry("E11", appRules, "AppcSchemaTests/StringFormTests.badPorts", corpus),
    RuleEntry("E12", untested: "no sockets are passed to apps yet"),
    RuleEntry("E13", untested: "the stage runs no event handlers yet"),
    RuleEntry("E14", commandLine, "AppcSchemaTests/StringFormTests.literalValues", corpus),
  ]

  private static let dependencyRules = "ConformanceTests/StrictModeTests.dependencies"

  static let dependencies: [RuleEntry] = [
    RuleEntry("F1", dependencyRules, corpus),
    RuleEntry("F2", dependencyRules, "ACIStoreTests/RenderTests.pinned", corpus),
    RuleEntry("F3", dependencyRules, corpus),
    RuleEntry(
      "F4", dependencyRules, corpus, remark: "that what is fetched has this size comes with fetching"),
    RuleEntry("F5", "ACIStoreTests/LookupTests.latest", "ACIStoreTests/LookupTests.references"),
    RuleEntry(
      "F6", "ACIStoreTests/LookupTests.references", remark: "the match of a found image comes with discovery"),
    RuleEntry("F7", "ACIStoreTests/RenderPlanTests.cycles", "ACIStoreTests/RenderPlanTests.depth"),
  ]

  private static let appIsolators = "ConformanceTests/StrictModeTests.appIsolators"

  static let isolators: [RuleEntry] = [
    RuleEntry("J1", "AppcSchemaTests/ReificationTests.allAtOnce"),
    RuleEntry("J2", "StageTests/LaunchTests.unenforcedIsolators"),
    RuleEntry("J3", appIsolators, "ConformanceTests/StrictModeTests.podIsolators", corpus),
    RuleEntry("J4", appIsolators, corpus),
    RuleEntry("J5", appIsolators, corpus),
    RuleEntry("J6", appIsolators, corpus),
    RuleEntry("J7", appIsolators, corpus),
    RuleEntry("J8", appIsolators, "StageTests/LaunchTests.isolators", corpus),
    RuleEntry("J9", appIsolators, "StageTests/LaunchTests.isolators", corpus),
    RuleEntry("J10", appIsolators, "StageTests/LaunchTests.isolators", corpus),
    RuleEntry("J11", appIsolators, corpus),
    RuleEntry("J12", appIsolators, corpus),
    RuleEntry("J13", appIsolators, corpus),
    RuleEntry("J14", appIsolators, corpus),
    RuleEntry("J15", appIsolators, "StageTests/LookupTests.limits", corpus),
    RuleEntry("J16", appIsolators, "StageTests/LaunchTests.memoryLimit", corpus),
    RuleEntry("J17", appIsolators, corpus),
    RuleEntry("J18", appIsolators, "AppcSchemaTests/ReificationTests.scopes", corpus),
    RuleEntry("J19", appIsolators, corpus),
    RuleEntry("J20", "StageTests/LookupTests.defaultCapabilities", "StageTests/LaunchTests.capabilities"),
    RuleEntry("J21", untested: "the stage applies no filter of system calls yet, and says so (J2)"),
    RuleEntry("J22", untested: "the stage applies no filter of system calls yet, which the rule allows"),
  ]

  private static let podRules = "ConformanceTests/StrictModeTests.pods"
  private static let podApps = "ConformanceTests/StrictModeTests.runtimeApps"

  static let pods: [RuleEntry] = [
    RuleEntry("L1", "ConformanceTests/StrictModeTests.incompletePods", corpus),
    RuleEntry("L2", "ConformanceTests/StrictModeTests.incompletePods", podApps, corpus),
    RuleEntry("L3", podApps, corpus),
    RuleEntry("L4", podApps, "AppcSchemaTests/ReificationTests.allAtOnce", corpus),
    RuleEntry("L5", podApps, corpus),
    RuleEntry("L6", "AppcSchemaTests/ReificationTests.images", corpus),
    RuleEntry("L7", podApps, "StageTests/LaunchTests.readOnlyRoot", corpus),
    RuleEntry("L8", podApps, corpus),
    RuleEntry("L9", corpus, remark: "the merged list is the metadata service's, to come"),
    RuleEntry("L10", "ConformanceTests/StrictModeTests.volumes", corpus),
    RuleEntry("L11", "ConformanceTests/StrictModeTests.podIsolators", corpus),
    RuleEntry("L12", podRules, corpus),
    RuleEntry("L13", podRules, "AppcSchemaTests/StringFormTests.exposedPorts", corpus),
    RuleEntry("L14", podRules, corpus),
    RuleEntry(
      "L15", "AppcSchemaTests/ReificationTests.complete", "AppcSchemaTests/ReificationTests.allAtOnce"),
  ]

  static let leniency: [RuleEntry] = [
    RuleEntry("N1", "AppcSchemaTests/LastDitchTests.image", "AppcSchemaTests/LastDitchTests.pod", corpus),
    RuleEntry("N2", "AppcSchemaTests/LastDitchTests.header", "ConformanceTests/ManifestTests.headers"),
    RuleEntry("N3", corpus, remark: "a blank manifest is what the initialisers give"),
  ]
}
