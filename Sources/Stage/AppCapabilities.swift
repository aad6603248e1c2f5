import AppcSchema

/// The capabilities that an app keeps (J8, J9, J20).
struct AppCapabilities {
  let bounding: CapabilitySet

  init(_ app: App, exceptions: Set<ConfinementException>) throws(StageError) {
    if exceptions.contains(.capabilities) {
      bounding = .everything
      return
    }
    var retained: [String]?
    var removed: [String]?
    for isolator in app.isolators {
      switch isolator.content {
      case .capabilitiesRetainSet(let names): retained = (retained ?? []) + names
      case .capabilitiesRemoveSet(let names): removed = (removed ?? []) + names
      default: continue
      }
    }
    switch (retained, removed) {
    case (nil, nil): bounding = .appcDefault
    case (let retained?, nil):
      bounding = try CapabilitySet(names: retained).intersection(.everything)
    case (nil, let removed?):
      bounding = CapabilitySet.appcDefault.subtracting(try CapabilitySet(names: removed))
    case (_?, _?):
      throw StageError(
        .capability, "limiting capabilities:",
        "both os/linux/capabilities-retain-set and -remove-set are given",
        detail: "use one of them")
    }
  }
}
