import Glibc
import Measuring

/// What the parts found: targets, bars of the chart, and the most memory that the command took.
struct Report {
  var verdicts = Verdicts()
  var chart = RatioChart()
  private var peakMemory: (bytes: Int64, job: String) = (0, "")

  /// 64 MB, as the project promises of any image.
  private static let memoryLimit: Int64 = 64_000_000

  /// Prints a job's figures and keeps what the command's memory was.
  mutating func add(_ result: JobResult) {
    let rounds = result.job.rounds == 1 ? "1 round" : "\(result.job.rounds) rounds"
    print("\n### \(result.job.title), \(rounds)\n\n\(result.table())")
    for difference in result.differences { print("\n\(difference)") }
    // A run takes minutes, and what it prints may go to a pipe.
    fflush(nil)
    if result.peakMemoryOfAppc > peakMemory.bytes { peakMemory = (result.peakMemoryOfAppc, result.job.title) }
  }

  /// The first candidate must be so many hundredths times as fast as another.
  mutating func require(_ hundredths: Int64, timesAsFastAs peer: String, in result: JobResult) {
    guard let ours = result.summaries.first?.wall.median, let theirs = result.median(peer) else { return }
    verdicts.add(
      "\(result.job.title): as fast as \(peer)", Figure.ratio(theirs, ours) + " times",
      "at least " + Figure.ratio(hundredths, 100), theirs * 100 >= ours * hundredths)
  }

  /// The first candidate may take so many hundredths of what the slowest of others takes.
  mutating func require(atMost hundredths: Int64, of others: [String], in result: JobResult) {
    guard let ours = result.summaries.first?.wall.median,
      let slowest = others.compactMap({ result.median($0) }).max()
    else { return }
    let name = others.count == 1 ? others[0] : "the larger of " + others.joined(separator: " and ")
    verdicts.add(
      "\(result.job.title): time of \(name)", Figure.ratio(ours, slowest) + " times",
      "at most " + Figure.ratio(hundredths, 100), ours * 100 <= slowest * hundredths)
  }

  /// Shows peers in the chart.
  mutating func draw(_ title: String, _ peers: [String], of result: JobResult) {
    guard let ours = result.summaries.first?.wall.median else { return }
    chart.add(title, peers.compactMap { peer in result.median(peer).map { (peer, $0 * 100 / max(1, ours)) } })
  }

  /// The bound of the command's memory, when all parts are done.
  mutating func judgeMemory() {
    guard peakMemory.bytes > 0 else { return }
    verdicts.add(
      "peak memory of appc, most of all in: \(peakMemory.job)", Figure.megabytes(peakMemory.bytes) + " MB",
      "below 64 MB", peakMemory.bytes < Self.memoryLimit)
  }
}
