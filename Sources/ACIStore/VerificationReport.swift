import ACIArchive
public import AppcSchema
public import SystemPackage

/// What a verification looked at and what it found.
public struct VerificationReport: Sendable {
  /// Images whose blobs were read to the end.
  public internal(set) var images = 0
  /// Trees that were compared with their listings.
  public internal(set) var trees = 0
  /// Files, directories and links of trees that were compared.
  public internal(set) var treeFiles = 0
  /// Files of trees that were compared but for their content, which their mode hides from a user other than
  /// root.
  public internal(set) var unreadableTreeFiles = 0
  /// Bytes of blobs and trees that were read.
  public internal(set) var bytes: Int64 = 0
  /// What is not as it should be, in the order in which it was found.
  public internal(set) var findings: [VerificationFinding] = []

  /// Whether everything was as it should be.
  public var isClean: Bool { findings.isEmpty }
  /// Whether something was found to be wrong, repaired or not; what could only not be checked may be good.
  public var hasFaults: Bool { findings.contains { $0.problem != .unreadable } }
}

/// One thing in a store that is not as it should be.
public struct VerificationFinding: Hashable, Sendable, CustomStringConvertible {
  /// What it is about.
  public enum Subject: Hashable, Sendable, CustomStringConvertible {
    /// An image: its blob, its record or the copy of its manifest.
    case image(ImageID)
    /// A rendered tree.
    case tree(TreeID)
    /// A file or directory, relative to the store's root.
    case path(FilePath)

    /// The ID in short, or the path.
    public var description: String {
      switch self {
      case .image(let id): "image \(id.short)"
      case .tree(let id): "tree \(id.short)"
      case .path(let path): path.shown
      }
    }
  }

  /// What is wrong.
  public let problem: Problem
  /// What it is wrong with.
  public let subject: Subject
  /// The particulars, without problem and subject.
  public let detail: String
  /// What was done about it.
  public internal(set) var action: Action

  /// One line: subject, problem, particulars, and what was done.
  public var description: String {
    "\(subject): \(problem): \(detail)" + (action == .none ? "" : ": \(action)")
  }
}

extension VerificationFinding {
  /// The kinds of what can be wrong, for programs to decide on.
  public struct Problem: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case damagedBlob = "damaged blob"
      case wrongRecord = "wrong record"
      case wrongManifest = "wrong copy of the manifest"
      case wrongIndex = "wrong index of names"
      case damagedRemote = "damaged remote record"
      case leftover = "leftover"
      case wrongMode = "wrong mode"
      case wrongOwner = "wrong owner"
      case wrongKind = "wrong kind of file"
      case missingDirectory = "missing directory"
      case damagedTree = "damaged tree"
      case noListing = "tree without a listing"
      case unreadable
    }

    private let value: Value
    private init(_ value: Value) { self.value = value }

    /// An image's blob does not have the image's ID, or breaks a rule for images.
    public static let damagedBlob = Problem(.damagedBlob)
    /// An image's record is missing, cannot be read or says something else than its blob.
    public static let wrongRecord = Problem(.wrongRecord)
    /// The copy of an image's manifest is missing or not what stands in its blob.
    public static let wrongManifest = Problem(.wrongManifest)
    /// The index of names lacks an image, or leads to the wrong one.
    public static let wrongIndex = Problem(.wrongIndex)
    /// What was kept of a URL cannot be read, or lies under the name of another; without it an image is fetched again.
    public static let damagedRemote = Problem(.damagedRemote)
    /// Something belongs to an image that is not there: a killed operation left it.
    public static let leftover = Problem(.leftover)
    /// A file or directory of the store has another mode than it was made with.
    public static let wrongMode = Problem(.wrongMode)
    /// A file or directory of the store belongs to another user.
    public static let wrongOwner = Problem(.wrongOwner)
    /// Something is a link, a directory or a special file that must not be one.
    public static let wrongKind = Problem(.wrongKind)
    /// A directory that every store has is not there.
    public static let missingDirectory = Problem(.missingDirectory)
    /// A rendered tree is not what its listing says, or its listing was changed.
    public static let damagedTree = Problem(.damagedTree)
    /// A rendered tree was made by a release that wrote no listing, so it cannot be checked.
    public static let noListing = Problem(.noListing)
    /// The kernel or a limit kept something from being checked; it may be good or bad.
    public static let unreadable = Problem(.unreadable)

    /// The problem in words.
    public var description: String { value.rawValue }
  }

  /// What was done about a problem.
  public struct Action: Hashable, Sendable, CustomStringConvertible {
    private enum Value: String {
      case none = "left as it is"
      case quarantined = "moved to quarantine"
      case rebuilt = "rebuilt"
      case removed = "removed"
      case repaired = "repaired"
    }

    private let value: Value
    private init(_ value: Value) { self.value = value }

    /// Nothing: nothing was to be changed, or nothing could be.
    public static let none = Action(.none)
    /// An image's blob was put aside; the store has the image no longer.
    public static let quarantined = Action(.quarantined)
    /// A tree was rendered anew, or a record or an index entry derived from the blob.
    public static let rebuilt = Action(.rebuilt)
    /// What was bad is gone; a tree is rendered anew when it is next asked for.
    public static let removed = Action(.removed)
    /// A mode or an owner was put right.
    public static let repaired = Action(.repaired)

    /// What was done, in words.
    public var description: String { value.rawValue }
  }
}
