@testable import AppcSchema

extension SeededGenerator {
  mutating func imageManifest() throws -> ImageManifest {
    ImageManifest(
      name: try identifier(),
      labels: try labels(),
      app: chance(80) ? try app() : nil,
      dependencies: try list { generator in
        Dependency(
          imageName: try generator.identifier(), imageID: try generator.maybe { try $0.imageID() },
          labels: try generator.labels(), size: generator.maybe { $0.number(1...UInt64.max) })
      },
      pathWhitelist: list { $0.path() },
      annotations: try annotations(),
      acVersion: try version())
  }

  mutating func podManifest() throws -> PodManifest {
    PodManifest(
      apps: try distinct(by: \.name) { try $0.runtimeApp() },
      volumes: try distinct(by: \.name) { try $0.volume() },
      isolators: try isolators(),
      annotations: try annotations(),
      ports: try distinct(by: \.name) { generator in
        ExposedPort(
          name: try generator.name(), hostPort: generator.number(1...UInt16.max),
          hostIP: generator.maybe { $0.pick("0.0.0.0", "127.0.0.1", "255.255.255.255") },
          podPort: try generator.maybe { try $0.port() })
      },
      userAnnotations: userTexts(),
      userLabels: userTexts(),
      acVersion: try version())
  }

  private mutating func runtimeApp() throws -> RuntimeApp {
    RuntimeApp(
      name: try name(),
      image: RuntimeImage(
        id: try maybe { try $0.imageID() }, name: try maybe { try $0.identifier() }, labels: try labels()),
      app: try maybe { try $0.app() },
      readOnlyRootFS: chance(50),
      mounts: try list { generator in
        Mount(
          volume: try generator.name(), path: generator.path(),
          appVolume: try generator.maybe { try $0.volume() })
      },
      annotations: try annotations())
  }

  private mutating func volume() throws -> Volume {
    if chance(50) {
      return .host(
        name: try name(), source: path(), readOnly: maybe { $0.chance(50) },
        recursive: maybe { $0.chance(50) })
    }
    return .empty(
      name: try name(), readOnly: maybe { $0.chance(50) }, mode: number(0...0o7777),
      uid: number(0...UInt32.max - 1), gid: number(0...UInt32.max - 1))
  }
}
