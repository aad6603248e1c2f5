import AppcSchema
import Foundation
import Measuring

/// A document of which one list can be as long as wanted: what is read must not cost more an element then.
public struct GrowingDocument: Sendable {
  /// What grows.
  public let name: String
  let prefix: String
  let suffix: String
  let element: @Sendable (Int) -> String
  let read: @Sendable ([UInt8]) throws -> Void

  /// Far above what the longest of these documents needs.
  static let limits = JSONLimits(bytes: 256 << 20, values: 10_000_000)

  /// The document with `count` elements, on one line.
  public func bytes(count: Int) -> [UInt8] {
    var output = Array(prefix.utf8)
    for number in 0..<count {
      if number > 0 { output.append(UInt8(ascii: ",")) }
      output += element(number).utf8
    }
    output += suffix.utf8
    return output
  }

  /// Reads such a document, and frees what was read.
  public func read(_ bytes: [UInt8]) throws { try read(bytes) }
}

extension GrowingDocument {
  /// Every list and object of the schema that can be long, and JSON by itself.
  public static let all: [GrowingDocument] = ofImages + ofApps + ofPods + json + hostile

  /// Two of the same documents read by Foundation: what the machine's caches do to somebody else.
  public static let peers = [
    GrowingDocument(
      name: "JSONDecoder: labels", prefix: labels.prefix, suffix: labels.suffix, element: labels.element
    ) { _ = try JSONDecoder().decode(PlainManifest.self, from: Data($0)) },
    GrowingDocument(
      name: "JSONSerialization: keys", prefix: "{", suffix: "}", element: json[0].element
    ) { _ = try JSONSerialization.jsonObject(with: Data($0)) },
  ]

  static let labels = image("labels", Element.pair)
  static let pathWhitelist = image("pathWhitelist") { "\"\(LargeManifest.path($0))\"" }
  static let environment = app("environment", Element.variable)

  private static let ofImages = [
    labels, image("annotations", Element.pair), image("dependencies", Element.dependency), pathWhitelist,
    GrowingDocument(
      name: "unknown members", prefix: header + ",", suffix: "}", element: Element.unknownMember,
      read: readImage),
  ]

  private static let ofApps = [
    app("exec", Element.argument), environment, app("isolators", Element.isolator),
    app("mountPoints", Element.mountPoint), app("ports", Element.port),
    app("userAnnotations", brackets: ("{", "}")) { "\"example.com/note-\($0)\":\"text \($0)\"" },
  ]

  private static let ofPods = [
    pod("apps", Element.app), pod("volumes", Element.volume),
    pod("host ports", key: "ports", Element.hostPort),
    GrowingDocument(
      name: "mounts", prefix: podHeader + #","apps":[{"name":"a","image":{},"mounts":["#, suffix: "]}]}",
      element: Element.mount, read: readPod),
  ]

  private static let json = [
    GrowingDocument(
      name: "JSON, keys", prefix: "{", suffix: "}", element: { "\"example.com/key-\($0)\":\($0)" },
      read: { _ = try JSONValue.parse($0, limits: limits) })
  ]

  /// Documents of which every element is a fault.
  private static let hostile = [
    GrowingDocument(
      name: "labels, all of one name", prefix: header + #","labels":["#, suffix: "]}",
      element: { #"{"name":"a","value":"\#($0)"}"# }, read: refuseImage),
    GrowingDocument(
      name: "labels, none valid", prefix: header + #","labels":["#, suffix: "]}",
      element: { #"{"name":"A-\#($0)","value":""}"# }, read: refuseImage),
    GrowingDocument(
      name: "JSON, last key twice", prefix: "{", suffix: #","key-0":0}"#, element: { "\"key-\($0)\":0" },
      read: { bytes in try refused { _ = try JSONValue.parse(bytes, limits: limits) } }),
    // As many as are reported, each with its place in the document.
    GrowingDocument(
      name: "pathWhitelist, faults at its end", prefix: header + #","pathWhitelist":["#,
      suffix: String(repeating: #","x""#, count: 200) + "]}", element: { _ in "\n\"/\"" }, read: refuseImage),
  ]
}

extension GrowingDocument {
  static let header = #"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/long""#
  private static let podHeader = #"{"acKind":"PodManifest","acVersion":"0.8.11""#

  static func image(_ key: String, _ element: @escaping @Sendable (Int) -> String) -> GrowingDocument {
    GrowingDocument(
      name: key, prefix: header + ",\"\(key)\":[", suffix: "]}", element: element, read: readImage)
  }

  static func app(
    _ key: String, brackets: (String, String) = ("[", "]"), _ element: @escaping @Sendable (Int) -> String
  ) -> GrowingDocument {
    let app = #","app":{"user":"0","group":"0""# + (key == "exec" ? "" : #","exec":["/bin/true"]"#)
    return GrowingDocument(
      name: key, prefix: header + app + ",\"\(key)\":\(brackets.0)", suffix: brackets.1 + "}}",
      element: element, read: readImage)
  }

  private static func pod(
    _ name: String, key: String? = nil, _ element: @escaping @Sendable (Int) -> String
  ) -> GrowingDocument {
    let apps = name == "apps" ? "" : #","apps":[]"#
    return GrowingDocument(
      name: name, prefix: podHeader + apps + ",\"\(key ?? name)\":[", suffix: "]}", element: element,
      read: readPod)
  }

  @Sendable private static func readImage(_ bytes: [UInt8]) throws {
    _ = try ImageManifest.read(bytes, mode: .strict, limits: limits)
  }

  @Sendable private static func readPod(_ bytes: [UInt8]) throws {
    _ = try PodManifest.read(bytes, mode: .strict, limits: limits)
  }

  @Sendable private static func refuseImage(_ bytes: [UInt8]) throws {
    try refused { try readImage(bytes) }
  }

  /// Makes sure that a document is refused.
  private static func refused(_ read: () throws -> Void) throws {
    do { try read() } catch is SchemaError { return }
    throw Problem("a document was read that should have been refused")
  }
}

/// What the elements look like.
private enum Element {
  @Sendable static func pair(_ number: Int) -> String {
    #"{"name":"example.com/name-\#(number)","value":"value \#(number)"}"#
  }

  @Sendable static func variable(_ number: Int) -> String {
    #"{"name":"VARIABLE_\#(number)","value":"/usr/share/example/\#(number)"}"#
  }

  @Sendable static func argument(_ number: Int) -> String { "\"--option-\(number)=value\"" }

  @Sendable static func dependency(_ number: Int) -> String {
    let digits = "\(1_000_000_000_000_000 + number)"
    let id = String(repeating: digits, count: 8)
    return #"{"imageName":"example.com/base-\#(number)","imageID":"sha512-\#(id)","#
      + #""labels":[{"name":"version","value":"1.\#(number)"}]}"#
  }

  @Sendable static func isolator(_ number: Int) -> String {
    #"{"name":"example.com/isolator-\#(number)","value":{"limit":"\#(number)Mi"}}"#
  }

  @Sendable static func mountPoint(_ number: Int) -> String {
    #"{"name":"data-\#(number)","path":"/var/lib/data-\#(number)","readOnly":true}"#
  }

  @Sendable static func port(_ number: Int) -> String {
    #"{"name":"port-\#(number)","protocol":"tcp","port":\#(number % 65535 + 1)}"#
  }

  @Sendable static func hostPort(_ number: Int) -> String {
    #"{"name":"port-\#(number)","hostPort":\#(number % 65535 + 1)}"#
  }

  @Sendable static func app(_ number: Int) -> String {
    #"{"name":"app-\#(number)","image":{"name":"example.com/app-\#(number)","#
      + #""labels":[{"name":"version","value":"\#(number)"}]}}"#
  }

  @Sendable static func volume(_ number: Int) -> String {
    #"{"name":"data-\#(number)","kind":"host","source":"/srv/data-\#(number)"}"#
  }

  @Sendable static func mount(_ number: Int) -> String {
    #"{"volume":"data-\#(number)","path":"/var/lib/data-\#(number)"}"#
  }

  @Sendable static func unknownMember(_ number: Int) -> String {
    #""example.com/member-\#(number)":{"some":"value"}"#
  }
}
