public import ACIArchive
public import AppcSchema
public import Logging
public import SystemPackage

/// Makes an image from a directory that holds `manifest` and `rootfs` (B3).
///
/// The same tree gives the same image, and so the same image ID, however often and in whatever order its files
/// were made: entries are sorted by bytes, the manifest comes first with fixed owner (0:0), mode (0644) and time
/// (1970), owners are numbers, and nothing else of the machine or the moment goes in.
///
/// The tree is walked by descriptor. Devices, pipes and sockets are never opened, and links never followed.
public struct ImageBuilder: Sendable {
  /// How an image is built.
  public struct Options: Sendable {
    /// How the output is compressed.
    ///
    /// The image ID does not depend on it.
    public var compression: OutputCompression
    /// Whether an output that exists is replaced.
    public var overwrite: Bool
    /// Whether everything belongs to 0:0 in the image, whoever owns it here.
    public var ownerRoot: Bool
    /// Seconds since 1970; files changed later count as changed then (SOURCE_DATE_EPOCH).
    ///
    /// Nil leaves times alone.
    public var sourceDateEpoch: Int64?
    /// Nothing is built that a reader with these limits refuses.
    public var limits: ArchiveLimits

    /// Makes options; each left out has its usual value.
    public init(
      compression: OutputCompression = .gzip(), overwrite: Bool = false, ownerRoot: Bool = false,
      sourceDateEpoch: Int64? = nil, limits: ArchiveLimits = .default
    ) {
      self.compression = compression
      self.overwrite = overwrite
      self.ownerRoot = ownerRoot
      self.sourceDateEpoch = sourceDateEpoch
      self.limits = limits
    }
  }

  /// The directory that holds `manifest` and `rootfs`.
  public var directory: FilePath
  /// How to build.
  public var options: Options
  let logger: Logger

  /// Prepares to build from `directory`; nothing is read yet.
  public init(
    directory: FilePath, options: Options = Options(),
    logger: Logger = Logger(label: "appc.build") { _ in SwiftLogNoOpLogHandler() }
  ) {
    self.directory = directory
    self.options = options
    self.logger = logger
  }
}

/// What was built.
public struct BuiltImage: Sendable {
  /// The identity of the image.
  public let imageID: ImageID
  /// Where it is.
  public let path: FilePath
  /// The size of the output in bytes.
  public let bytes: Int64
  /// The size of the uncompressed image in bytes.
  public let tarBytes: Int64
  /// Entries, the manifest included.
  public let entries: Int
  /// What was left out or noticed, in the order of the walk.
  public let diagnostics: [BuildDiagnostic]
}

/// Something that did not keep an image from being built, but that its maker may want to know.
public struct BuildDiagnostic: Sendable, Hashable, CustomStringConvertible {
  /// How bad it is: a note or a warning.
  public let severity: Diagnostic.Severity
  /// What it is about: `manifest`, or a path in the image.
  ///
  /// Safe to show.
  public let subject: String
  /// What is wrong, in one line.
  public let message: String

  /// One line: severity, subject, message.
  public var description: String { "\(severity.rawValue): \(subject): \(message)" }
}

extension BuildDiagnostic {
  /// What was noticed in a manifest.
  init(manifest diagnostic: Diagnostic) {
    self.init(
      severity: diagnostic.severity, subject: "manifest",
      message: "\(diagnostic.path) (\(diagnostic.rule)): \(diagnostic.message)")
  }
}
