import ACIArchive
import AppcSchema
import SystemPackage

/// One run over a store that compares everything with what it must be.
struct Verification {
  let store: ImageStore
  let options: VerificationOptions
  var report = VerificationReport()
  private var totalBytes: Int64 = 0

  init(of store: ImageStore, _ options: VerificationOptions) {
    self.store = store
    self.options = options
  }

  /// Images first: a tree can be rendered anew from those that turned out to be good.
  mutating func run() throws(StoreError) {
    let images: [ImageID]
    if let wanted = options.images { images = wanted } else { images = try store.imageIDs() }
    let trees = options.trees ? try treesToCheck() : []
    try measure(images, trees)
    if options.images == nil { try checkDirectories() }
    for id in images { try look(at: .image(id)) { (it) throws(StoreError) in try it.check(id) } }
    if options.images == nil {
      try checkRecordFiles()
      try checkIndex()
    }
    for id in trees { try look(at: .tree(id)) { (it) throws(StoreError) in try it.check(id) } }
  }

  private func treesToCheck() throws(StoreError) -> [TreeID] {
    let all = try store.treeIDs()
    guard let images = options.images.map({ Set($0) }) else { return all }
    return all.filter { id in store.treeDigest(id).map { images.contains($0.image) } ?? false }
  }

  private mutating func measure(_ images: [ImageID], _ trees: [TreeID]) throws(StoreError) {
    for id in images {
      if let blob = try store.blobStatus(id) {
        totalBytes += blob.bytes
      } else if options.images != nil {
        throw StoreError.noImage(id, operation: "verify")
      }
    }
    for id in trees {
      let bytes = store.treeDigest(id)?.contentBytes ?? 0
      totalBytes = totalBytes.addingReportingOverflow(max(0, bytes)).partialValue
    }
  }
}

extension Verification {
  /// Checks one thing; what keeps it from being checked is a finding, and the next one follows.
  mutating func look(
    at subject: VerificationFinding.Subject, _ check: (inout Verification) throws(StoreError) -> Void
  ) throws(StoreError) {
    try tell(subject)
    do throws(StoreError) {
      try check(&self)
    } catch {
      if error.code == .stopped { throw error }
      note(.unreadable, subject, "\(error)")
    }
  }

  mutating func note(
    _ problem: VerificationFinding.Problem, _ subject: VerificationFinding.Subject, _ detail: String,
    _ action: VerificationFinding.Action = .none
  ) {
    report.findings.append(
      VerificationFinding(problem: problem, subject: subject, detail: detail, action: action))
  }

  /// Notes a problem that `repair` puts right, and does so if that is wanted.
  ///
  /// A repair that fails leaves the problem, and says why.
  mutating func note(
    _ problem: VerificationFinding.Problem, _ subject: VerificationFinding.Subject, _ detail: String,
    _ action: VerificationFinding.Action, by repair: () throws(StoreError) -> Void
  ) {
    guard options.repairs else { return note(problem, subject, detail) }
    do throws(StoreError) {
      try repair()
      note(problem, subject, detail, action)
    } catch {
      note(problem, subject, "\(detail) (and this cannot be put right: \(error.detail))")
    }
  }

  /// Tells how far the run has got, when `bytes` more have been read than the report says.
  func tell(_ subject: VerificationFinding.Subject, bytes: Int64 = 0) throws(StoreError) {
    guard let progress = options.progress else { return }
    let checked = report.bytes + bytes
    do {
      try progress(.init(subject: subject, checkedBytes: checked, totalBytes: max(totalBytes, checked)))
    } catch {
      throw StoreError(
        .stopped, operation: "verify", subject: store.path.shown, detail: "it was stopped", cause: error)
    }
  }

  /// The same for the reader of a blob.
  func blobProgress(_ id: ImageID) -> (@Sendable (ArchiveProgress) throws -> Void)? {
    guard let progress = options.progress else { return nil }
    let (before, total) = (report.bytes, totalBytes)
    return { blob in
      let checked = before + blob.expandedBytes
      try progress(.init(subject: .image(id), checkedBytes: checked, totalBytes: max(total, checked)))
    }
  }
}
