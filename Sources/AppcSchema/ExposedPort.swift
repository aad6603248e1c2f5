/// A port of the host that leads to a port of the pod (L13).
public struct ExposedPort: Hashable, Sendable {
  /// The name of the port of an app, which must be unique in the pod.
  public var name: ACName
  /// The port on the host.
  public var hostPort: UInt16
  /// The address on the host, IPv4 or IPv6; nil means all.
  @Bytewise public var hostIP: String?
  /// The port inside the pod, if not that of the image.
  public var podPort: Port?
  var origin = OriginBox.none

  /// Creates an exposed port.
  public init(name: ACName, hostPort: UInt16, hostIP: String? = nil, podPort: Port? = nil) {
    self.name = name
    self.hostPort = hostPort
    self.hostIP = hostIP
    self.podPort = podPort
  }
}

extension ExposedPort: SchemaObject {
  init?(_ node: JSONNode, _ reader: inout SchemaReader) {
    guard var fields = reader.fields(node, "L13") else { return nil }
    let name = reader.requiredName(&fields, "name", "L13")
    let hostPort = Self.hostPort(&fields, &reader)
    let address = Self.hostIP(&fields, &reader)
    let podPort = reader.optional(&fields, "podPort").flatMap { Port($0, &reader) }
    let origin = reader.origin(fields, ["name", "hostPort", "hostIP", "podPort"])
    guard let name, let hostPort else { return nil }
    self.init(name: name, hostPort: hostPort, hostIP: address, podPort: podPort)
    self.origin = origin
  }

  /// The reference implementation takes any number, and a missing one for 0; one that is no port is of no use
  /// to anybody.
  private static func hostPort(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> UInt16? {
    guard let node = reader.optional(&fields, "hostPort") else {
      reader.deviation("L13", at: fields.object, missing: "hostPort", "is missing; it is read as 0")
      return 0
    }
    let port = reader.integer(node, "L13", in: 0...UInt16.max)
    if port == 0 { reader.deviation("L13", at: node, "must be 1 to 65535, not 0") }
    return port
  }

  /// The specification wants a dotted quad; the reference implementation takes IPv6 too.
  private static func hostIP(_ fields: inout ObjectFields, _ reader: inout SchemaReader) -> String? {
    guard let node = reader.optional(&fields, "hostIP"), let address = reader.string(node, "L13"),
      !address.isEmpty
    else { return nil }
    if IPAddressGrammar.isIPv4(address) { return address }
    if IPAddressGrammar.isIPv6(address) {
      reader.deviation("L13", at: node, "\(quoted(address)) is not an IPv4 address")
    } else {
      reader.error("L13", at: node, "\(quoted(address)) is no IP address")
    }
    return address
  }

  /// The value as JSON, under today's names.
  public var json: JSONValue {
    var writer = ObjectWriter(origin)
    writer.put("name", .string(name.text))
    writer.put("hostPort", .integer(hostPort))
    writer.put("hostIP", hostIP.map(JSONValue.string), defaults: [""])
    writer.put("podPort", podPort?.json)
    return writer.finish()
  }
}

/// The texts of IP addresses.
enum IPAddressGrammar {
  /// Four numbers from 0 to 255 without leading zeros.
  static func isIPv4(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        part.utf8.count <= 3 && part.utf8.allSatisfy(ASCII.isDigit) && UInt8(part) != nil
          && (part.utf8.count == 1 || part.utf8.first != ASCII.zero)
      }
  }

  /// Eight groups of up to four hexadecimal digits; one run of zeros may be "::", the last two groups a
  /// dotted quad.
  static func isIPv6(_ text: String) -> Bool {
    guard text.utf8.count <= 45, text.utf8.contains(ASCII.colon) else { return false }
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return false }
    var groups = 0
    for (index, half) in halves.enumerated() where !half.isEmpty {
      let parts = half.split(separator: ":", omittingEmptySubsequences: false)
      for (position, part) in parts.enumerated() {
        let isLast = index == halves.count - 1 && position == parts.count - 1
        if isLast, isIPv4(part) {
          groups += 2
        } else if (1...4).contains(part.utf8.count),
          part.utf8.allSatisfy({ ASCII.hexadecimalValue($0) != nil })
        {
          groups += 1
        } else {
          return false
        }
      }
    }
    return halves.count == 2 ? groups <= 7 : groups == 8
  }
}
