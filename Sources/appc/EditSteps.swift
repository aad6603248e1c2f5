import AppcSchema

/// Turns values of options into steps.
struct EditSteps {
  private(set) var steps: [ManifestEdits.Step] = []

  mutating func add(_ option: String, _ edit: ManifestEdit) {
    steps.append(ManifestEdits.Step(option: option, edit: edit))
  }

  /// One step for each value; what `edit` throws is told as being about the option.
  mutating func add(
    _ option: String, _ values: [String], _ edit: (String) throws -> ManifestEdit
  ) throws {
    for value in values { add(option, try Self.about(option) { try edit(value) }) }
  }

  mutating func add(_ option: String, _ value: String?, _ edit: (String) throws -> ManifestEdit) throws {
    if let value { try add(option, [value], edit) }
  }

  /// One step for each element of a value that is a list.
  mutating func add<Element>(
    _ option: String, _ value: String?, listing elements: (String) throws -> [Element],
    _ edit: (Element) -> ManifestEdit
  ) throws {
    guard let value else { return }
    for element in try Self.about(option, { try elements(value) }) { add(option, edit(element)) }
  }

  /// Makes whatever is thrown an error about an option.
  static func about<Value>(_ option: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw CommandError("\(option): \(error)")
    }
  }
}
