import AppcSchema
import FuzzSupport

/// What image and pod manifests have in common for whoever uses them.
protocol FuzzedManifest: SchemaValue {
  static func read(
    _ bytes: [UInt8], mode: ReadingMode, limits: JSONLimits
  ) throws(SchemaError) -> Reading<Self>
  func serialized(_ style: JSONStyle) -> [UInt8]
  func validated(mode: ReadingMode) throws(SchemaError) -> [Diagnostic]
  func upgraded() -> Self
  var acVersion: SemanticVersion { get set }
  /// What the document's header must say.
  static var headerKind: ACKind { get }
  /// Looks at the same bytes as who reads whatever is wrong with them does.
  static func checkLastDitch(_ bytes: [UInt8], _ manifest: Self?)
  /// What holds of this kind alone.
  func checkAlone()
  /// Ways to change a manifest, some of which take what they set from another one.
  static var edits: [(inout Self, _ donor: Self) -> Void] { get }
}

/// The input is a document, or two with a NUL between: the second gives what the first is changed to.
func checkManifest<Value: FuzzedManifest>(_ type: Value.Type, _ input: [UInt8]) {
  let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
  guard let bytes = parts.first else { return }
  let tolerant = manifest(type, bytes, .tolerant)
  let strict = manifest(type, bytes, .strict)
  if let strict { checkStrict(strict, tolerant) }
  type.checkLastDitch(bytes, tolerant?.value)
  checkHeader(bytes, tolerant?.value)
  guard let tolerant else { return }
  checkAccepted(tolerant, bytes)
  checkEdit(tolerant.value, bytes)
  if let donor = parts.dropFirst().first.flatMap({ manifest(type, $0, .tolerant) })?.value {
    for edit in type.edits { checkEdit(tolerant.value, edit, donor) }
  }
}

/// Reads a manifest twice, as bytes and as the JSON value of these; both must say the same.
private func manifest<Value: FuzzedManifest>(
  _ type: Value.Type, _ bytes: [UInt8], _ mode: ReadingMode
) -> Reading<Value>? {
  let json = try? JSONValue.parse(bytes)
  do {
    let reading = try type.read(bytes, mode: mode, limits: .default)
    reading.diagnostics.forEach { holdDiagnostic($0, in: bytes) }
    hold(reading.diagnostics.allSatisfy { $0.severity < .error }, "what is accepted has no errors")
    guard let json, let value = try? Value(json: json, mode: mode) else {
      hold(false, "what is read from bytes is read from their JSON value")
      return nil
    }
    holdEqual(value, reading.value, "both ways of reading give the same")
    return reading
  } catch {
    holdMessage(error.description)
    holdPosition(error.position, in: bytes)
    error.diagnostics.forEach { holdDiagnostic($0, in: bytes) }
    guard let json else {
      hold(error.code != .invalidManifest, "what is no JSON is called so")
      return nil
    }
    holdRefused(type, json, mode, error)
    return nil
  }
}

private func holdRefused<Value: FuzzedManifest>(
  _ type: Value.Type, _ json: JSONValue, _ mode: ReadingMode, _ refusal: SchemaError
) {
  hold(refusal.diagnostics.contains { $0.severity == .error }, "a refusal has a reason: \(refusal)")
  do {
    _ = try Value(json: json, mode: mode)
    hold(false, "what is refused as bytes is refused as a JSON value: \(refusal)")
  } catch {
    hold(
      error.diagnostics.map(\.description) == refusal.diagnostics.map(\.description),
      "both ways of reading complain about the same: \(refusal) and \(error)")
  }
}

/// What follows the specification to the letter is read as the same by who is less strict, and stays valid.
private func checkStrict<Value: FuzzedManifest>(_ strict: Reading<Value>, _ tolerant: Reading<Value>?) {
  guard let tolerant else { return hold(false, "what is read strictly is read tolerantly") }
  // A tolerant reader takes a few unknown isolators for what they were called once, and keeps 200 diagnostics.
  if tolerant.diagnostics.count < 200, !tolerant.diagnostics.contains(where: { $0.rule == "V" }) {
    holdEqual(strict.value, tolerant.value, "both modes read the same")
  }
  let again = accepted { () throws(SchemaError) in
    try Value.read(strict.value.serialized(.compact), mode: .strict, limits: .default)
  }
  guard let again else { return hold(false, "what is valid is written as something valid") }
  holdEqual(again.value, strict.value, "what is valid is written as the same")
  hold((try? strict.value.validated(mode: .strict)) != nil, "what was read strictly is valid")
}

private func checkAccepted<Value: FuzzedManifest>(_ reading: Reading<Value>, _ bytes: [UInt8]) {
  let value = reading.value
  hold(value.serialized(.preserving) == bytes, "what nobody changed is written as it was read")
  for style in [JSONStyle.compact, .pretty] {
    holdReread(value, from: value.serialized(style), "what is written anew reads as the same")
  }
  hold((try? value.validated(mode: .tolerant)) != nil, "what was read is valid")
  checkUpgrade(value)
  value.checkAlone()
}

/// A document made one of today stays so, and says the same.
private func checkUpgrade<Value: FuzzedManifest>(_ value: Value) {
  let upgraded = value.upgraded()
  let written = upgraded.serialized(.preserving)
  hold(upgraded.acVersion >= .current, "what is upgraded has today's version: \(upgraded.acVersion)")
  holdReread(upgraded, from: written, "what is upgraded says the same")
  let again = accepted { () throws(SchemaError) in
    try Value.read(written, mode: .tolerant, limits: .default).value
  }
  hold(
    again?.upgraded().serialized(.preserving) == written, "there is nothing to upgrade in what is upgraded")
}

/// The header of whatever is accepted can be read alone.
private func checkHeader<Value: FuzzedManifest>(_ bytes: [UInt8], _ manifest: Value?) {
  let header = accepted { () throws(SchemaError) in try ManifestHeader.read(bytes) }
  guard let manifest else { return }
  hold(header?.kind == Value.headerKind, "a manifest's header says what it is: \(header?.kindText ?? "")")
  guard let text = header?.versionText else { return }
  let version = try? SemanticVersion(text, mode: .tolerant)
  hold(version == manifest.acVersion, "a manifest's header has its version: \(text)")
}

/// Changes the manifest in one way that the bytes choose.
private func checkEdit<Value: FuzzedManifest>(_ value: Value, _ bytes: [UInt8]) {
  let edits = Value.edits
  let choice = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
  checkEdit(value, edits[choice % edits.count], value)
}

private func checkEdit<Value: FuzzedManifest>(
  _ value: Value, _ edit: (inout Value, _ donor: Value) -> Void, _ donor: Value
) {
  var edited = value
  edit(&edited, donor)
  let written = edited.serialized(.preserving)
  holdReread(edited, from: written, "what was changed reads as what it was changed to")
}

private func holdReread<Value: FuzzedManifest>(_ value: Value, from bytes: [UInt8], _ property: String) {
  let again = accepted { () throws(SchemaError) in
    try Value.read(bytes, mode: .tolerant, limits: .default).value
  }
  guard let again else {
    return hold(false, "what is written can be read: \(String(decoding: bytes, as: UTF8.self))")
  }
  // What an earlier version wrote is written as a document of today.
  var expected = value
  expected.acVersion = again.acVersion
  hold(
    again.acVersion == value.acVersion || again.acVersion == max(value.acVersion, .current),
    "a version is kept, or becomes today's: \(value.acVersion) and \(again.acVersion)")
  holdEqual(again, expected, property)
}
