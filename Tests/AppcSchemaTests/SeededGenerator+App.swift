@testable import AppcSchema

extension SeededGenerator {
  mutating func app() throws -> App {
    App(
      exec: list { $0.text() },
      user: someText(),
      group: someText(),
      supplementaryGIDs: list { $0.number(0...UInt32.max - 1) },
      eventHandlers: distinct(by: \.name) { generator in
        EventHandler(
          name: generator.pick(.preStart, .postStop), exec: [generator.text()] + generator.list { $0.text() })
      },
      workingDirectory: maybe { $0.path() },
      environment: try environment(),
      mountPoints: try distinct(by: \.name) { generator in
        MountPoint(name: try generator.name(), path: generator.path(), readOnly: generator.chance(50))
      },
      ports: try distinct(by: \.name) { try $0.port() },
      isolators: try isolators(),
      userAnnotations: userTexts(),
      userLabels: userTexts())
  }

  mutating func environment() throws -> Environment {
    let variables = try distinct(by: \.name) { generator in
      let name = generator.pick("_", "A", "PATH", "a.b-") + generator.word()
      return try Environment.Variable(name: name, value: generator.text())
    }
    return try Environment(variables)
  }

  mutating func port() throws -> Port {
    let first = number(1...UInt16.max)
    return Port(
      name: try name(), protocol: pick("tcp", "udp", text()), port: first,
      count: number(1...UInt16.max - first + 1), socketActivated: chance(50))
  }
}
