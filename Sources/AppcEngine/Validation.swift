import ACIArchive
import ACIBuild
import AppcSchema
import SystemPackage

/// The validation of one file: nothing of it is believed, and nothing written.
struct Validation {
  let options: ValidationOptions
  private(set) var report: ValidationReport

  /// Rule violations that are looked for in one image; those after them say nothing new.
  private static let errorLimit = 20

  /// Looks at the whole of a file, called `file` in the report.
  ///
  /// - Throws: when it cannot be read, which says nothing of its validity.
  init(_ artifact: consuming ArtifactFile, file: String, options: ValidationOptions) throws(EngineError) {
    self.options = options
    let type = if let type = options.type { type } else { try artifact.typeByLooking() }
    report = ValidationReport(file: file, type: type)
    switch (type, artifact.isDirectory) {
    case (.layout, false): find(.error, rule: "B3", "it is not a directory")
    case (.image, true): find(.error, rule: "B2", "it is a directory, not an archive")
    case (.manifest, true): find(.error, rule: "D0", "it is a directory, not a manifest")
    case (.layout, true): try examineLayout(artifact)
    case (.image, false): try examineImage(artifact)
    case (.manifest, false): try examineManifest(artifact)
    }
  }

  // MARK: Types

  private mutating func examineManifest(_ artifact: borrowing ArtifactFile) throws(EngineError) {
    guard let bytes = try artifact.manifestBytes(limit: options.limits.manifestBytes) else {
      return find(.error, "it is larger than \(options.limits.manifestBytes) bytes")
    }
    take(ManifestExamination(bytes, mode: options.mode, limits: options.manifestLimits))
  }

  private mutating func examineLayout(_ artifact: borrowing ArtifactFile) throws(EngineError) {
    guard let directory = artifact.path else { return }
    let bytes: [UInt8]?
    var imageID: ImageID?
    do throws(BuildError) {
      let checked = try ImageBuilder(directory: directory, options: .init(limits: options.limits)).check()
      report.findings += checked.diagnostics.map {
        ValidationFinding($0.severity, path: $0.subject, message: $0.message)
      }
      (bytes, imageID) = (checked.manifestBytes, checked.imageID)
    } catch {
      if error.isFailure { throw EngineError(.build, error) }
      report.findings.append(ValidationFinding(error, in: directory))
      // What the manifest says is wrong is worth knowing too, if there is one to be read.
      bytes = (try? artifact.manifestBytes(limit: options.limits.manifestBytes)) ?? nil
    }
    if let bytes { takeImageManifest(bytes) }
    if report.isValid { report.imageID = imageID }
  }

  private mutating func examineImage(_ artifact: consuming ArtifactFile) throws(EngineError) {
    let (path, name) = (artifact.path, artifact.name)
    do throws(ArchiveError) {
      // Findings do not repeat the name of the file.
      let readerOptions = ArchiveReader.Options(limits: options.limits, manifestMode: options.mode)
      var reader = try ArchiveReader(artifact.imageSource(named: ""), options: readerOptions)
      try readToEnd(&reader)
      if let bytes = reader.manifestBytes { takeImageManifest(bytes) }
      if options.mode == .strict { checkWrapping(path, reader.compression) }
      if report.isValid { report.imageID = try reader.finish().imageID }
    } catch {
      if error.isFailure {
        var error = error
        error.subject = error.subject.isEmpty ? name : "\(name), \(error.subject)"
        throw EngineError(.image, error)
      }
      report.findings.append(ValidationFinding(error))
    }
  }

  /// Reads on past entries that break a rule, to tell of all of them at once.
  ///
  /// What is wrong with the manifest's content is told by its own examination.
  private mutating func readToEnd(_ reader: inout ArchiveReader) throws(ArchiveError) {
    var count = 0
    while true {
      do throws(ArchiveError) {
        guard try reader.next() != nil else { return }
      } catch {
        if error.isFailure { throw error }
        if error.code != .invalidManifest { report.findings.append(ValidationFinding(error)) }
        count += 1
        guard reader.canContinue, count < Self.errorLimit else { return }
      }
    }
  }

  /// What the specification says of an image's name and compression, and every reader is lenient about.
  private mutating func checkWrapping(_ path: FilePath?, _ compression: Compression) {
    if let path, path.extension != "aci" { find(.error, rule: "B1", "the name of an image must end in .aci") }
    if compression == .zstd {
      find(.error, rule: "B7", "the specification knows gzip, bzip2 and xz, not zstd")
    }
  }

  // MARK: Findings

  private mutating func takeImageManifest(_ bytes: [UInt8]) {
    take(
      ManifestExamination(
        bytes, expecting: .imageManifest, mode: options.mode, limits: options.manifestLimits))
  }

  private mutating func take(_ examination: ManifestExamination) {
    report.findings += examination.findings
    report.kind = examination.kind
    report.imageManifest = examination.image
    report.podManifest = examination.pod
  }

  private mutating func find(_ severity: Diagnostic.Severity, rule: String? = nil, _ message: String) {
    report.findings.append(ValidationFinding(severity, rule: rule, message: message))
  }
}
