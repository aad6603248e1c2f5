import AppcSchema
import Foundation

/// Where we say something else than the reference on purpose: whether a difference is just that.
enum Place {
  /// The same second, written as it was read.
  static func dates(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard test.type == "Date/json", let ours = difference.ours, let theirs = difference.theirs else {
      return false
    }
    let moments = [ours, theirs].map { try? Timestamp(json: $0, mode: .tolerant).seconds }
    return ours == test.document && moments[0] == moments[1]
  }

  /// The same address but for the case of its scheme, escapes, and slashes before nothing.
  static func addresses(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    func normalized(_ text: String) -> String? {
      let plain = text.removingPercentEncoding ?? text
      guard let colon = plain.firstIndex(of: ":") else { return nil }
      let rest = plain[colon...]
      return plain[..<colon].lowercased() + (rest == "://" ? ":" : rest)
    }
    guard test.type == "URL/json", let ours = difference.ours, let theirs = difference.theirs?.string else {
      return false
    }
    return ours == test.document && ours.string.flatMap(normalized) == normalized(theirs)
  }

  /// The same amount, ours in the only form that reading and writing it again gives.
  static func canonicalQuantities(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard test.type.hasPrefix("Quantity"), difference.path == .root, let ours = difference.ours?.string,
      let theirs = difference.theirs?.string, let mine = try? Quantity(ours),
      let other = try? Quantity(theirs)
    else { return false }
    return mine == other && mine.format == other.format && mine.description == ours
      && other.description == ours
  }

  /// The reference takes binary amounts below one for decimal ones.
  static func smallBinary(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard test.type == "Quantity/string", difference.path.lastKey == "format",
      let quantity = try? Quantity(test.input)
    else { return false }
    return difference.ours == "BinarySI" && difference.theirs == "DecimalSI"
      && quantity < Quantity(1) && Quantity(-1) < quantity
  }

  /// The reference's whole units and thousandths are wrong beyond the range of 64 bits, and for negative
  /// amounts; ours are what a calculator gives.
  static func rounding(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    let scales = ["value_roundup": 0, "value": 0, "milli_roundup": 3, "milli": 3]
    guard let scale = difference.path.lastKey.flatMap({ scales[$0] }),
      let ours: Int64 = difference.ours?.number?.integer(), let text = test.expectations["decimal"]?.string
    else { return false }
    // What no calculator holds is beyond the range, by its length.
    if text.prefix(while: { $0 != "." }).count > 30 { return ours == (text.hasPrefix("-") ? .min : .max) }
    guard let exact = Decimal(string: text) else { return false }
    var scaled = exact * pow(10, scale)
    var rounded = Decimal()
    NSDecimalRound(&rounded, &scaled, 0, scaled < 0 ? .down : .up)
    let isBeyond = rounded > Decimal(Int64.max) || rounded < Decimal(Int64.min)
    let limited = min(max(rounded, Decimal(Int64.min)), Decimal(Int64.max))
    return (isBeyond || scaled < 0) && Decimal(ours) == limited
  }

  /// What a key in another case says is no value of ours.
  static func spellingOfKeys(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard let document = test.document, let key = difference.path.lastKey else { return false }
    let parent = JSONPath(components: difference.path.components.dropLast())
    let written = parent.value(in: document)?.object?.map(\.key) ?? []
    let spelling = SchemaKeys.spelling(of: key) ?? key
    return written.contains { SchemaKeys.spelling(of: $0) == spelling }
  }

  /// A member of no version's schema, as it was read.
  static func unknownMembers(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard difference.theirs == nil, let key = difference.path.lastKey, let document = test.document else {
      return false
    }
    return !SchemaKeys.current.contains(key) && SchemaKeys.spelling(of: key) == nil
      && difference.path.value(in: document) != nil
  }

  /// D12: rows that stand the wrong way round in the reference.
  static func goPlatforms(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard test.type == "Labels/json", ["goOS", "goArch", "err"].contains(difference.path.lastKey),
      difference.ours == nil || difference.theirs == nil, let json = test.document,
      let labels = try? Labels(json: json)
    else { return false }
    return labels["os"] == "darwin" || (labels["os"] == "freebsd" && labels["arch"] == "i386")
  }

  /// What the form of a port leaves out.
  static func portForms(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard test.type == "Port/string" else { return false }
    switch difference.path.lastKey {
    case "protocol": return !test.input.contains(",protocol=") && difference.ours == "tcp"
    case "count": return test.input.firstMatch(of: /,count=[1-9]/) == nil && difference.theirs == 0
    default: return false
    }
  }

  /// The same mode with four digits, or the default in the place of what is none.
  static func modes(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    if test.type == "Volume/string", difference.path.lastKey == "string" {
      let volumes = [difference.ours, difference.theirs].map { try? Volume(parsing: $0?.string ?? "") }
      return volumes[0] != nil && volumes[0] == volumes[1]
    }
    guard difference.path.lastKey == "mode" else { return false }
    let theirs = difference.theirs?.string ?? ""
    let mode = Int(theirs, radix: 8).flatMap { (0...0o7777).contains($0) ? $0 : nil }
    let ours = difference.ours?.string ?? "0755"
    return ours.utf8.count == 4 && Int(ours, radix: 8) == mode ?? 0o755
  }

  /// The address that the reference writes in another way.
  static func hostAddresses(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard difference.path.lastKey == "hostIP", let document = test.document,
      let ours = difference.ours?.string, let theirs = difference.theirs?.string
    else { return false }
    return difference.path.value(in: document) == difference.ours && IPv6(ours) == IPv6(theirs)
  }

  /// N3: the reference's own version is that of a checkout.
  static func blankVersions(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    test.type.hasSuffix("+blank") && difference.path.description == "$.acVersion"
      && difference.ours == SemanticVersion.current.json && difference.theirs == "0.8.11+git"
  }

  /// What an earlier version said in another way, or the version of a document in which that was read.
  static func earlierVersions(_ difference: JSONDifference, _ test: ConformanceCase) -> Bool {
    guard difference.path.description == "$.acVersion" else {
      return EarlierForms.explain(difference, in: test)
    }
    return difference.ours == SemanticVersion.current.json && test.isOfEarlierVersion
      && test.version.map { $0 < .current } ?? false
  }
}

/// The bytes of an IP address, IPv4 as IPv6 has it.
struct IPv6: Equatable {
  let bytes: [UInt8]

  init?(_ text: String) {
    var address = in6_addr()
    let mapped = text.contains(":") ? text : "::ffff:" + text
    guard inet_pton(AF_INET6, mapped, &address) == 1 else { return nil }
    bytes = withUnsafeBytes(of: address) { Array($0) }
  }
}
