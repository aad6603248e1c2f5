import AppcSchema

/// What the reference takes and we refuse on purpose, set right: each function changes only what its rule
/// speaks of, and gives nil where there is nothing of it.
enum Repair {
  private static let imageID = "sha512-" + String(repeating: "ab", count: 64)

  static func imageIDs(_ test: ConformanceCase) -> ConformanceCase? {
    // Only there are IDs of any other length what the reference calls one.
    test.rewriting { value, path in
      guard ["id", "imageID"].contains(path.lastKey), let text = value.string, (try? ImageID(text)) == nil
      else { return nil }
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "sha512", !parts[1].isEmpty else { return nil }
      return .string(imageID)
    }
  }

  static func nilUUID(_ test: ConformanceCase) -> ConformanceCase? {
    let digits = test.input.filter { $0 != "-" }
    guard test.type == "UUID/string", digits == String(repeating: "0", count: 32) else { return nil }
    return test.with(input: String(digits.dropLast()) + "1")
  }

  static func shortHours(_ test: ConformanceCase) -> ConformanceCase? {
    test.rewritingText { text in
      guard let match = text.firstMatch(of: /^(\d{4}-\d\d-\d\dT)(\d:\d\d:\d\d.*)$/) else { return nil }
      return String(match.1) + "0" + match.2
    }
  }

  static func referencesLikeIDs(_ test: ConformanceCase) -> ConformanceCase? {
    guard test.type == "DiscoveryApp/string", test.input.wholeMatch(of: /sha512-[0-9a-f]{2,128}/) != nil
    else {
      return nil
    }
    return test.with(input: "name-" + test.input)
  }

  /// The reference takes a number without digits, such as "." or "-", for zero.
  static func missingDigits(_ test: ConformanceCase) -> ConformanceCase? {
    func repaired(_ text: String) -> String? {
      guard let match = text.wholeMatch(of: /([+-]?)\.?([a-zA-Z].*)?/) else { return nil }
      return String(match.1) + "0" + (match.2.map(String.init) ?? "")
    }
    if ["Quantity/string", "Quantity.split"].contains(test.type) {
      return repaired(test.input).map(test.with(input:))
    }
    return test.rewriting { value, path in
      guard ["request", "limit"].contains(path.lastKey) else { return nil }
      return value.string.flatMap(repaired).map(JSONValue.string)
    }
  }

  static func hugeExponents(_ test: ConformanceCase) -> ConformanceCase? {
    func repaired(_ text: String) -> String? {
      guard let match = text.firstMatch(of: /^([+-]?[0-9.]*[0-9][0-9.]*)[eE]\+?[0-9]{3,}$/) else {
        return nil
      }
      return match.1 + "e3"
    }
    if test.type == "Quantity/string" { return repaired(test.input).map(test.with(input:)) }
    return test.rewritingText(repaired)
  }

  static func spellingOfKeys(_ test: ConformanceCase) -> ConformanceCase? {
    test.rewriting { value, path in
      guard let object = value.object, !SchemaKeys.maps.contains(path.lastKey ?? "") else { return nil }
      return .object(
        JSONObject(
          object.map { member in
            let spelling = SchemaKeys.spelling(of: member.key)
            return JSONObject.Member(key: spelling ?? member.key, value: member.value)
          }))
    }
  }

  static func duplicateKeys(_ test: ConformanceCase) -> ConformanceCase? { test.read(past: .duplicateKey) }

  static func loneSurrogates(_ test: ConformanceCase) -> ConformanceCase? { test.read(past: .loneSurrogate) }

  static func nullElements(_ test: ConformanceCase) -> ConformanceCase? {
    let texts: Set<String> = ["exec", "set", "pathWhitelist"]
    return test.rewriting { value, path in
      guard value.isNull, let key = path.last else { return nil }
      switch (key, path.dropLast().lastKey) {
      case (.index, let list?) where texts.contains(list): return ""
      case (.index, "supplementaryGIDs"): return 0
      case (.key, let map?) where map == "value" || SchemaKeys.maps.contains(map): return ""
      default: return nil
      }
    }
  }

  static func nuls(_ test: ConformanceCase) -> ConformanceCase? {
    if !test.isJSON { return test.replacing(/\0/) { _ in "" } }
    return test.rewriting { value, _ in
      guard let text = value.string, text.unicodeScalars.contains("\0") else { return nil }
      return .string(text.replacing("\0", with: ""))
    }
  }

  static func climbingPaths(_ test: ConformanceCase) -> ConformanceCase? {
    test.rewriting { value, path in
      guard path.dropLast().lastKey == "pathWhitelist", let text = value.string,
        text.split(separator: "/").contains("..")
      else { return nil }
      return "/"
    }
  }

  /// What -1 means to the kernel, and what it has no number for.
  private static func isNoOwner(_ value: JSONValue) -> Bool {
    guard let number: Int64 = value.number?.integer() else { return false }
    return !(0..<Int64(UInt32.max)).contains(number)
  }

  static func groups(_ test: ConformanceCase) -> ConformanceCase? {
    test.rewriting { value, path in
      guard path.dropLast().lastKey == "supplementaryGIDs", isNoOwner(value) else { return nil }
      return 0
    }
  }

  static func owners(_ test: ConformanceCase) -> ConformanceCase? {
    if test.type == "Volume/string" {
      return test.replacing(/,(uid|gid)=(\+\d+|-\d+|\d{10,})(?=,|$)/) { ",\($0.1)=0" }
    }
    return test.rewriting { value, path in
      guard ["uid", "gid"].contains(path.lastKey), isNoOwner(value) else { return nil }
      return 0
    }
  }

  static func modes(_ test: ConformanceCase) -> ConformanceCase? {
    guard test.type == "Volume/string" else { return nil }
    return test.replacing(/,mode=([^,]+)/) { match in
      let isOctal = Int(match.1, radix: 8).map { (0...0o7777).contains($0) } ?? false
      return isOctal ? String(match.0) : ",mode=0755"
    }
  }

  /// More ports than there are, whose sum the reference lets overflow.
  static func portCounts(_ test: ConformanceCase) -> ConformanceCase? {
    test.rewriting { value, path in
      guard path.lastKey == "count", let count: UInt64 = value.number?.integer(), count > 65535 else {
        return nil
      }
      return 1
    }
  }

  static func hostPorts(_ test: ConformanceCase) -> ConformanceCase? {
    test.rewriting { value, path in
      guard path.lastKey == "hostPort", let port: UInt64 = value.number?.integer(), port > 65535 else {
        return nil
      }
      return 65535
    }
  }
}

extension Repair {
  /// The lists whose elements have names, and what an element calls its own.
  private static let named = [
    "labels": "name", "annotations": "name", "mountPoints": "name", "ports": "name", "podPort": "name",
    "isolators": "name", "apps": "name", "mounts": "volume",
  ]
  /// Gives a name to what has none, where the reference says that it could not write that again.
  static func names(_ test: ConformanceCase) -> ConformanceCase? {
    let error = test.reason("encode_error")
    guard ["ACName cannot be empty", "ACIdentifier cannot be empty"].contains(where: error.contains) else {
      return nil
    }
    return test.rewriting { value, path in
      guard let key = path.lastKey.flatMap({ named[$0] }) else { return nil }
      switch value {
      case .null: return [key: "nameless"]
      case .object(var object) where object[key] == nil:
        object[key] = "nameless"
        return .object(object)
      default: return nil
      }
    }
  }
}

extension ConformanceCase {
  /// The case with changed texts of its document; nil if nothing changes.
  fileprivate func rewritingText(_ change: (String) -> String?) -> ConformanceCase? {
    rewriting { value, _ in value.string.flatMap(change).map(JSONValue.string) }
  }

  /// The case with every match in its input replaced; nil if nothing changes.
  fileprivate func replacing<Output>(
    _ pattern: Regex<Output>, with replacement: (Regex<Output>.Match) -> String
  ) -> ConformanceCase? {
    let changed = input.replacing(pattern, with: replacement)
    return changed == input ? nil : with(input: changed)
  }

  /// The document as the reference reads it, if it departs from ours in one way.
  fileprivate func read(past departure: LenientJSON.Departure) -> ConformanceCase? {
    guard isJSON, let lenient = LenientJSON(input), lenient.departures.contains(departure) else { return nil }
    return with(input: lenient.value.description)
  }
}
