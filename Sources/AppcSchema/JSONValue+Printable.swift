extension JSONValue {
  /// The value as compact JSON that is safe to show: one line, and every control, formatting or unassigned
  /// character as `\uXXXX`, so that it reads back as the same value.
  var printable: String {
    let text = description
    if text.isPrintable { return text }
    var output = ""
    output.reserveCapacity(text.utf8.count + 16)
    // Such characters can only stand inside strings, and a backslash before one is part of its own pair.
    for scalar in text.unicodeScalars {
      if scalar.isPrintable {
        output.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 { output += Self.escape(unit) }
      }
    }
    return output
  }

  private static func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}

extension String {
  /// Whether no character could move a terminal's cursor, start a line, or reverse the text's direction.
  var isPrintable: Bool {
    utf8.allSatisfy { (ASCII.space...ASCII.tilde).contains($0) } || unicodeScalars.allSatisfy(\.isPrintable)
  }
}

extension Unicode.Scalar {
  /// Whether the character shows as itself.
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }
}
