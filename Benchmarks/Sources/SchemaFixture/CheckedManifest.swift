import AppcSchema

/// The same as `PlainManifest` with the scalar types of `AppcSchema`, which check what they decode.
///
/// What spans several values (names that must differ, ranges of ports, platforms) is still not checked.
struct CheckedManifest: Decodable {
  struct Pair: Decodable {
    let name: ACIdentifier
    let value: String
  }

  struct Variable: Decodable {
    let name: String
    let value: String
  }

  struct Handler: Decodable {
    let name: String
    let exec: [String]
  }

  struct MountPoint: Decodable {
    let name: ACName
    let path: String
    let readOnly: Bool?
  }

  struct Port: Decodable {
    let name: ACName
    let `protocol`: String
    let port: UInt16
    let count: UInt16?
    let socketActivated: Bool?
  }

  struct Isolator: Decodable {
    struct Value: Decodable {
      let request: Quantity?
      let limit: Quantity?
      let `default`: Bool?
      let set: [String]?
    }

    let name: ACIdentifier
    let value: Value
  }

  struct App: Decodable {
    let exec: [String]?
    let user: String
    let group: String
    let supplementaryGIDs: [UInt32]?
    let eventHandlers: [Handler]?
    let workingDirectory: String?
    let environment: [Variable]?
    let mountPoints: [MountPoint]?
    let ports: [Port]?
    let isolators: [Isolator]?
    let userAnnotations: [String: String]?
    let userLabels: [String: String]?
  }

  struct Dependency: Decodable {
    let imageName: ACIdentifier
    let imageID: ImageID?
    let labels: [Pair]?
    let size: UInt64?
  }

  let acKind: String
  let acVersion: SemanticVersion
  let name: ACIdentifier
  let labels: [Pair]?
  let app: App?
  let dependencies: [Dependency]?
  let pathWhitelist: [String]?
  let annotations: [Pair]?
}
