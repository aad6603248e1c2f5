import AppcSchema

/// What the reference refuses and we take on purpose: whether the departure is in the input, and is why the
/// reference refuses it.
enum Departure {
  /// A number with the suffix K where the reference knows only k.
  static func capitalK(_ test: ConformanceCase) -> Bool {
    func matches(_ text: String) -> Bool { text.wholeMatch(of: /[+-]?[0-9.]*[0-9][0-9.]*K/) != nil }
    guard test.isRefusedFor("suffix") else { return false }
    if test.type == "Quantity/string" { return matches(test.input) }
    return test.contains { value, path in
      ["request", "limit"].contains(path.lastKey) && value.string.map(matches) ?? false
    }
  }

  /// The reference looks at a quantity's JSON as it stands in the document, escapes and all.
  static func escapes(_ test: ConformanceCase) -> Bool {
    guard test.isRefusedFor("quantities must match") || test.isRefusedFor("unable to parse") else {
      return false
    }
    if test.type == "Quantity/json" { return test.input.contains("\\") }
    return test.input.firstMatch(of: /"(request|limit)"\s*:\s*"[^"]*\\/) != nil
  }

  /// A key in another case, whose value the reference does not take.
  static func spellingOfKeys(_ test: ConformanceCase) -> Bool {
    test.contains { value, path in
      guard let object = value.object, !SchemaKeys.maps.contains(path.lastKey ?? "") else { return false }
      return object.contains { SchemaKeys.spelling(of: $0.key) != nil }
    }
  }

  /// Null for the version of a pod or the ID of an image, which may be missing.
  static func nulls(_ test: ConformanceCase) -> Bool {
    test.contains { value, path in
      value.isNull
        && (path.lastKey == "acVersion" && test.type == "PodManifest/json" && path.count == 1
          || path.lastKey == "id" && path.dropLast().lastKey == "image")
    }
  }

  /// An isolator of no name of the specification in an app's list.
  static func unknownIsolators(_ test: ConformanceCase) -> Bool {
    guard test.isRefusedFor("invalid isolator") else { return false }
    return test.contains { value, path in
      guard path.lastKey == "isolators", let isolator = try? Isolator(json: value, mode: .strict) else {
        return false
      }
      if case .unknown? = isolator.content { return true }
      return false
    }
  }

  /// An object in the place of the form of a command line.
  static func formsInJSON(_ test: ConformanceCase) -> Bool {
    ["Volume/string", "Port/string", "MountPoint/string", "DiscoveryApp/string"].contains(test.type)
      && LenientJSON(test.input)?.value.object != nil
  }
}

extension ConformanceCase {
  /// Whether the reference refuses the input for this reason, or does not say for which.
  fileprivate func isRefusedFor(_ text: String) -> Bool { reason().isEmpty || reason().contains(text) }
}
