import AppcSchema
import FuzzSupport

/// What an input is taken for.
enum SchemaTarget: Character, FuzzTarget {
  case json = "j"
  case imageManifest = "i"
  case podManifest = "p"

  case quantities = "q"
  case volume = "v"
  case mountPoint = "m"
  case port = "t"
  case imageReference = "r"
  case command = "x"
  case nameAndValue = "k"
  case mount = "o"
  case exposedPort = "w"
  case isolators = "y"
  case versions = "s"
  case timestamp = "d"
  case uuid = "u"
  case imageID = "h"
  case names = "n"

  case app = "A"
  case labels = "L"
  case annotations = "N"
  case dependency = "D"
  case environment = "E"
  case eventHandler = "H"
  case jsonExposedPort = "X"
  case isolator = "I"
  case jsonVolume = "V"
  case jsonMountPoint = "M"
  case jsonPort = "P"
  case jsonMount = "O"
  case runtimeApp = "R"
  case runtimeImage = "G"

  func check(_ bytes: [UInt8]) {
    switch self {
    case .json: checkJSON(bytes)
    case .imageManifest: checkManifest(ImageManifest.self, bytes)
    case .podManifest: checkManifest(PodManifest.self, bytes)
    default: checkText(bytes)
    }
  }

  /// What is a text where it comes from: a command line, or a value that has been parsed.
  private func checkText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    switch self {
    case .quantities: checkQuantities(text)
    case .volume: checkVolume(text)
    case .mountPoint: checkMountPoint(text)
    case .port: checkPort(text)
    case .imageReference: checkImageReference(text)
    case .command: checkCommand(text)
    case .nameAndValue: checkNameAndValue(text)
    case .mount: checkMount(text)
    case .exposedPort: checkExposedPort(text)
    case .isolators: checkIsolatorForm(text)
    case .versions: checkVersions(text)
    case .timestamp: checkTimestamp(text)
    case .uuid: checkUUID(text)
    case .imageID: checkImageID(text)
    case .names: checkNames(text)
    default: checkObject(bytes)
    }
  }

  /// Parts of manifests, each a document of its own.
  private func checkObject(_ bytes: [UInt8]) {
    guard let json = accepted({ () throws(SchemaError) in try JSONValue.parse(bytes) }) else { return }
    switch self {
    case .app: checkSchemaValue(App.self, json)
    case .labels: checkSchemaValue(Labels.self, json)
    case .annotations: checkSchemaValue(Annotations.self, json)
    case .dependency: checkSchemaValue(Dependency.self, json)
    case .environment: checkEnvironment(json)
    case .eventHandler: checkSchemaValue(EventHandler.self, json)
    case .jsonExposedPort: checkSchemaValue(ExposedPort.self, json)
    case .isolator: checkIsolator(json)
    case .jsonVolume: checkSchemaValue(Volume.self, json)
    case .jsonMountPoint: checkSchemaValue(MountPoint.self, json)
    case .jsonPort: checkSchemaValue(Port.self, json)
    case .jsonMount: checkSchemaValue(Mount.self, json)
    case .runtimeApp: checkSchemaValue(RuntimeApp.self, json)
    case .runtimeImage: checkSchemaValue(RuntimeImage.self, json)
    default: break
    }
  }
}
