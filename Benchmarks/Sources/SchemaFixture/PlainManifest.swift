/// An image manifest as somebody with `JSONDecoder` would declare it: strings, and nothing checked.
///
/// Not one generic type together with `CheckedManifest`: generic code would be slower, and the comparison is to be
/// kind to `JSONDecoder`.
struct PlainManifest: Decodable {
  struct Pair: Decodable {
    let name: String
    let value: String
  }

  struct Handler: Decodable {
    let name: String
    let exec: [String]
  }

  struct MountPoint: Decodable {
    let name: String
    let path: String
    let readOnly: Bool?
  }

  struct Port: Decodable {
    let name: String
    let `protocol`: String
    let port: UInt16
    let count: UInt16?
    let socketActivated: Bool?
  }

  struct Isolator: Decodable {
    struct Value: Decodable {
      let request: String?
      let limit: String?
      let `default`: Bool?
      let set: [String]?
    }

    let name: String
    let value: Value
  }

  struct App: Decodable {
    let exec: [String]?
    let user: String
    let group: String
    let supplementaryGIDs: [UInt32]?
    let eventHandlers: [Handler]?
    let workingDirectory: String?
    let environment: [Pair]?
    let mountPoints: [MountPoint]?
    let ports: [Port]?
    let isolators: [Isolator]?
    let userAnnotations: [String: String]?
    let userLabels: [String: String]?
  }

  struct Dependency: Decodable {
    let imageName: String
    let imageID: String?
    let labels: [Pair]?
    let size: UInt64?
  }

  let acKind: String
  let acVersion: String
  let name: String
  let labels: [Pair]?
  let app: App?
  let dependencies: [Dependency]?
  let pathWhitelist: [String]?
  let annotations: [Pair]?
}
