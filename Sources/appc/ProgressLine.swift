import AppcEngine

/// How far long work has got, as one line: what, percent, bytes, rate, and the time that is left.
struct ProgressLine {
  /// What is being done to what; safe to show.
  var title: String
  var progress: ArchiveProgress
  /// How long the work has been going on.
  var elapsed: Duration

  /// The line, in no more than `width` columns: what does not fit is cut from the title first.
  func text(width: Int = .max) -> String {
    let figures = figures.joined(separator: "  ")
    let room = width - figures.utf8.count - 2
    guard Self.columns(title) > room else { return "\(title)  \(figures)" }
    guard room >= 8 else { return String(figures.prefix(max(0, width))) }
    return "\(Self.cut(title, to: room - 3))...  \(figures)"
  }

  private var figures: [String] {
    [percent, bytes, rate, remaining].compactMap { $0 }
  }

  private var percent: String? {
    guard let total = progress.totalStoredBytes, total > 0 else { return nil }
    return "\(Int(min(1, Double(progress.storedBytes) / Double(total)) * 100))%"
  }

  private var bytes: String {
    let read = HumanText.size(progress.storedBytes)
    return progress.totalStoredBytes.map { "\(read) of \(HumanText.size($0))" } ?? read
  }

  private var rate: String? {
    bytesPerSecond.map { HumanText.size(Int64(min($0, 0x1p62))) + "/s" }
  }

  private var remaining: String? {
    guard let total = progress.totalStoredBytes, let bytesPerSecond, bytesPerSecond >= 1 else { return nil }
    let left = Double(max(0, total - progress.storedBytes)) / bytesPerSecond
    return left < 1e7 ? HumanText.clock(Int64(left.rounded(.up))) + " left" : nil
  }

  private var bytesPerSecond: Double? {
    let seconds = elapsed / .seconds(1)
    return seconds > 0 && progress.storedBytes > 0 ? Double(progress.storedBytes) / seconds : nil
  }

  /// The columns that a text takes on a terminal; what is not ASCII may take two.
  private static func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
  }

  private static func cut(_ text: String, to width: Int) -> String {
    var kept = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      used += scalar.isASCII ? 1 : 2
      if used > width { break }
      kept.append(scalar)
    }
    return String(kept)
  }
}
