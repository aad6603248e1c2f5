// The annotations that the specification knows (D13).
//
// A malformed value is reported when a manifest is read; here it counts as none.
extension Annotations {
  /// When the image or pod was made (A10); nil if that is not said, or not as a date.
  public var created: Timestamp? {
    get { self["created" as ACIdentifier].flatMap { try? Timestamp($0) } }
    set { self["created" as ACIdentifier] = newValue?.description }
  }

  /// Who made it, any text; nil if that is not said.
  public var authors: String? {
    get { self["authors" as ACIdentifier] }
    set { self["authors" as ACIdentifier] = newValue }
  }

  /// Where it is described, an absolute URL of scheme http or https (A11); nil if that is not said, or not so.
  public var homepage: String? { webAddress("homepage") }

  /// Where its documentation is, an absolute URL of scheme http or https (A11); nil if that is not said, or
  /// not so.
  public var documentation: String? { webAddress("documentation") }

  /// Whether the app tells systemd when it is ready (D14); nil if that is neither "true" nor "false", which
  /// means no.
  public var supportsSystemdNotify: Bool? {
    get {
      switch self[Self.systemdNotifyName] {
      case let value? where value.hasSameBytes(as: "true"): true
      case let value? where value.hasSameBytes(as: "false"): false
      default: nil
      }
    }
    set { self[Self.systemdNotifyName] = newValue.map { $0 ? "true" : "false" } }
  }

  /// Sets or (with nil) removes the homepage; throws `invalidValue` if the text is no http or https URL (A11).
  public mutating func setHomepage(_ address: String?) throws(SchemaError) {
    try setWebAddress("homepage", address)
  }

  /// Sets or (with nil) removes the address of the documentation; throws `invalidValue` if the text is no http
  /// or https URL (A11).
  public mutating func setDocumentation(_ address: String?) throws(SchemaError) {
    try setWebAddress("documentation", address)
  }

  private static let systemdNotifyName: ACIdentifier = "appc.io/executor/supports-systemd-notify"

  private func webAddress(_ name: ACIdentifier) -> String? {
    self[name].flatMap { WebAddress.verdict(on: $0) != .invalid ? $0 : nil }
  }

  private mutating func setWebAddress(_ name: ACIdentifier, _ address: String?) throws(SchemaError) {
    if let address, WebAddress.verdict(on: address) != .valid {
      throw SchemaError.value(address, of: name.text, "it must be an absolute URL of scheme http or https")
    }
    self[name] = address
  }
}
