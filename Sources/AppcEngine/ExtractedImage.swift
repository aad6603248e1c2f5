public import ACIArchive
public import AppcSchema

/// What an extraction gave.
public struct ExtractedImage: Sendable {
  /// The ID of what was read, if it was asked for.
  public let imageID: ImageID?
  /// What was made, and what was left out.
  public let report: ExtractionReport
}
