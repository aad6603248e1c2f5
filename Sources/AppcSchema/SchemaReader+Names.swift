extension SchemaReader {
  /// A member that must be there and hold an AC identifier.
  mutating func requiredIdentifier(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String
  ) -> ACIdentifier? {
    required(&fields, key, rule).flatMap { identifier($0, rule) }
  }

  /// An AC identifier; side-by-side separators are tolerated with a warning.
  mutating func identifier(_ node: JSONNode, _ rule: String) -> ACIdentifier? {
    if let text = plainName(node, .identifier) { return ACIdentifier(checkedText: text) }
    guard let text = string(node, rule) else { return nil }
    guard let problem = IdentifierGrammar.identifier.problem(of: text, mode: .strict) else {
      return ACIdentifier(checkedText: text)
    }
    if mode == .tolerant, IdentifierGrammar.identifier.problem(of: text, mode: .tolerant) == nil {
      warn("A1", at: node, "two separators stand side by side in \(quoted(text))")
      return ACIdentifier(checkedText: text)
    }
    error("A1", at: node, "AC identifier \(quoted(text)): \(problem)")
    return nil
  }

  /// A member that must be there and hold an AC name.
  mutating func requiredName(
    _ fields: inout ObjectFields, _ key: StaticString, _ rule: String
  ) -> ACName? {
    required(&fields, key, rule).flatMap { name($0, rule) }
  }

  /// An AC name.
  ///
  /// Up to 0.5.2 all names had one grammar, with "." and "/", and up to 0.3 these could stand anywhere: such
  /// names are sanitised.
  mutating func name(_ node: JSONNode, _ rule: String) -> ACName? {
    if let text = plainName(node, .name) { return ACName(checkedText: text) }
    guard let text = string(node, rule) else { return nil }
    guard let problem = IdentifierGrammar.name.problem(of: text, mode: .strict) else {
      return ACName(checkedText: text)
    }
    if mode == .tolerant, IdentifierGrammar.name.problem(of: text, mode: .tolerant) == nil {
      warn("A4", at: node, "two separators stand side by side in \(quoted(text))")
      return ACName(checkedText: text)
    }
    if isFormerName(text), let name = try? ACName.sanitized(text) {
      upgrade(at: node, "the name \(quoted(text)) is read as \"\(name)\"")
      return name
    }
    error("A4", at: node, "AC name \(quoted(text)): \(problem)")
    return nil
  }

  /// Whether the text was a name by the grammar of the document's version.
  private func isFormerName(_ text: String) -> Bool {
    if isEarlier(than: SemanticVersion(0, 4, 0)) {
      return text.utf8.allSatisfy {
        ASCII.isLowerAlphanumeric($0) || $0 == ASCII.dot || $0 == ASCII.minus || $0 == ASCII.slash
      }
    }
    return isEarlier(than: SemanticVersion(0, 6, 0))
      && IdentifierGrammar.identifier.problem(of: text, mode: .tolerant) == nil
  }

  /// The text of a string that follows a grammar to the letter, which nearly all do.
  private func plainName(_ node: JSONNode, _ grammar: IdentifierGrammar) -> String? {
    let token = tokens[node.index]
    guard token.kind == .plainString, grammar.accepts(bytes.span.extracting(token.content)) else {
      return nil
    }
    return token.text(in: bytes.span)
  }

  /// Whether the document may be read as one of a version before `version`.
  func isEarlier(than version: SemanticVersion) -> Bool { mode == .tolerant && self.version < version }
}
