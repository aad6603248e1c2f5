import AppcSchema

/// The changes that a command line asks for, in order.
struct ManifestEdits: Sendable {
  /// A change, and the option that asks for it.
  struct Step: Sendable {
    let option: String
    let edit: ManifestEdit
  }

  private(set) var steps: [Step] = []

  init(_ steps: [Step] = []) {
    self.steps = steps
  }

  /// Makes the changes.
  ///
  /// The result must be valid, to the letter of the specification in all that was changed: what is wrong in it and
  /// was not wrong before is an error that names the options.
  ///
  /// - Returns: the manifest, and the warnings that are new.
  func apply(to manifest: ImageManifest) throws -> (manifest: ImageManifest, warnings: [Diagnostic]) {
    try checkTargets()
    var result = manifest
    if result.app == nil { result.app = try newApp() }
    for step in steps { try EditSteps.about(step.option) { try step.edit.apply(to: &result) } }
    return (result, try warnings(in: result, before: manifest))
  }

  /// Setting one thing twice is a slip: only one of them could count.
  private func checkTargets() throws {
    var seen: Set<[UInt8]> = []
    for step in steps {
      guard let target = step.edit.target else { continue }
      guard seen.insert(Array(target.utf8)).inserted else {
        throw CommandError("\(step.option): the \(target) is given twice")
      }
    }
  }
}

// MARK: The app

extension ManifestEdits {
  /// The app to begin with in a manifest that has none; nil when none is asked for.
  private func newApp() throws -> App? {
    var given: [String: String] = [:]
    for step in steps {
      guard case .app(let edit) = step.edit else { continue }
      switch edit {
      case .exec: given["exec"] = step.option
      case .user: given["user"] = step.option
      case .group: given["group"] = step.option
      default: given["other"] = given["other"] ?? step.option
      }
    }
    guard let any = given["exec"] ?? given["user"] ?? given["group"] ?? given["other"] else { return nil }
    guard given["exec"] != nil, given["user"] != nil, given["group"] != nil else {
      throw CommandError("\(any): the image has no app; --exec, --user and --group together make one")
    }
    return App()
  }
}

// MARK: Validity

extension ManifestEdits {
  private func warnings(in result: ImageManifest, before: ImageManifest) throws -> [Diagnostic] {
    let new = Self.problems(of: result, without: Self.problems(of: before))
    if let error = new.first(where: { $0.severity == .error }) {
      let options = options(behind: error)
      let cause = options.isEmpty ? "the changed manifest is not valid" : options
      throw CommandError("\(cause): \(error.path) (\(error.rule)): \(error.message)")
    }
    // Of a manifest with hundreds of problems not all are listed: whether it can be read is asked again.
    do {
      _ = try result.validated(mode: .tolerant)
    } catch {
      throw CommandError("the changed manifest is not valid: \(error)")
    }
    return new.filter { $0.severity == .warning }
  }

  /// What the specification to its letter has against a manifest.
  private static func problems(of manifest: ImageManifest) -> [Diagnostic] {
    do throws(SchemaError) {
      return try manifest.validated(mode: .strict)
    } catch {
      return error.diagnostics
    }
  }

  /// The problems that there were not before, wherever in a list they stood.
  private static func problems(of manifest: ImageManifest, without old: [Diagnostic]) -> [Diagnostic] {
    var known: [ProblemKey: Int] = [:]
    for problem in old { known[ProblemKey(problem), default: 0] += 1 }
    return problems(of: manifest).filter { problem in
      let count = known[ProblemKey(problem), default: 0]
      known[ProblemKey(problem)] = count - 1
      return count <= 0
    }
  }

  /// The options that changed the place of a problem.
  private func options(behind problem: Diagnostic) -> String {
    let keys = problem.path.keys
    let options = steps.filter { step in
      zip(step.edit.place, keys).allSatisfy { $0.hasSameBytes(as: $1) }
    }.map(\.option)
    var distinct: [String] = []
    for option in options where !distinct.contains(option) { distinct.append(option) }
    return distinct.joined(separator: ", ")
  }
}

/// What tells problems apart when lists become longer or shorter.
private struct ProblemKey: Hashable {
  private let bytes: [[UInt8]]

  init(_ problem: Diagnostic) {
    bytes = ([problem.rule, problem.message] + problem.path.keys).map { Array($0.utf8) }
  }
}

extension JSONPath {
  /// The keys along the way, without the positions in lists.
  fileprivate var keys: [String] {
    components.compactMap { if case .key(let key) = $0 { key.text } else { nil } }
  }
}
