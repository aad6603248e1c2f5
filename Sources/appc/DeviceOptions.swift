import AppcEngine
import AppcSchema
import ArgumentParser

/// What becomes of device nodes in an image.
struct DeviceOptions: ParsableArguments {
  @Option(
    name: .customLong("devices"),
    help: ArgumentHelp("Device nodes in an image: skip, refuse or create.", valueName: "POLICY"))
  var name = "skip"

  func policy() throws -> ExtractionOptions.DevicePolicy {
    switch name {
    case "skip": return .skip
    case "refuse": return .refuse
    case "create": return .create
    default:
      throw CommandError("--devices: there is no \"\(printable(name.utf8))\"; use skip, refuse or create")
    }
  }
}
