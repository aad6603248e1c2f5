import AppcSchema

extension CaseType {
  /// The forms of a command line (E14, H14).
  static let commandLine: [String: Reader] = [
    "MountPoint/string": { test, _ in Answer(form: try MountPoint(parsing: test.input).json.description) },
    "Port/string": { test, _ in Answer(form: try Port(parsing: test.input).json.description) },
    "Volume/string": { test, _ in
      let volume = try Volume(parsing: test.input)
      return Answer(
        form: volume.json.description, findings: ["string": .string(volume.description)])
    },
    "DiscoveryApp/string": { test, _ in
      guard case .name(let name, let labels) = try ImageReference(test.input) else {
        throw Refusal("not a name")
      }
      let members = labels.map { JSONObject.Member(key: $0.name.text, value: .string($0.value)) }
      let form: JSONValue = ["labels": .object(JSONObject(members)), "name": .string(name.text)]
      return Answer(form: form.description)
    },
    "QueryString": queryString,
  ]

  /// How the reference takes `key=value,key=value` apart, seen from outside: as the source of a volume.
  ///
  /// Its canonical form is a query in which every value is escaped; what is escaped in ours are the values
  /// that were read, so the two agree only if these are taken as they stand (E14).
  private static func queryString(_ test: ConformanceCase, _ mode: ReadingMode) throws -> Answer {
    let pairs = try test.input.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let volume = "a,kind=host,source=/"
      guard let equals = part.firstIndex(of: "=") else {
        _ = try Volume(parsing: volume + "," + part)
        return String(part)
      }
      let source = try Volume(parsing: volume + part[equals...].dropFirst()).source ?? ""
      return part[...equals] + queryEscaped(String(source.dropFirst()))
    }
    return Answer(form: pairs.joined(separator: "&"))
  }

  /// A value as it stands in the query of an address: a plus for a space.
  private static func queryEscaped(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      if byte == UInt8(ascii: " ") { return "+" }
      if byte < 0x80, character.isLetter || character.isNumber || "-_.~".contains(character) {
        return String(character)
      }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (byte < 16 ? "0" : "") + digits
    }.joined()
  }
}
