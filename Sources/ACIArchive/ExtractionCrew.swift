/// Makes files from batches of entries, on threads of its own once there is enough to do.
///
/// Making a file takes the kernel far longer than reading its header takes us, and files of different directories do
/// not wait for each other. One owner submits; it calls `stop()` in the end.
final class ExtractionCrew: @unchecked Sendable {
  // Unchecked: `batches`, `busy`, `failure`, `report` and `isClosed` change under the monitor's lock only; `threads`,
  // `jobCount` and `own` belong to the owner.

  /// Entries that are made here before threads are worth their start.
  private static let threshold = 48
  /// Batches that wait at most: an image of a million empty files is read faster than they are made.
  private static let queueLength = 32

  /// The directory that is extracted to; a descriptor of our own, for threads may still use it when the caller's is
  /// closed.
  let root: OwnedDescriptor
  private let options: ExtractionOptions
  private let observer: Extractor.Observer?
  private let wantedThreads: Int
  private let monitor = Monitor()
  private var threads: [WorkerThread] = []
  private var jobCount = 0
  private var own: FileMaker
  private var batches: [[ExtractionJob]] = []
  private var busy = 0
  private var failure: ArchiveError?
  private var report = ExtractionReport()
  private var isClosed = false

  init(
    root: consuming OwnedDescriptor, options: ExtractionOptions, observer: Extractor.Observer?, threads: Int
  ) {
    own = FileMaker(root: root.raw, options: options, observer: observer)
    self.root = root
    self.options = options
    self.observer = observer
    wantedThreads = threads > 1 ? threads : 0
  }

  /// Makes a batch now or soon.
  ///
  /// - Throws: what an earlier batch failed at; then nothing more is made.
  func submit(_ batch: [ExtractionJob]) throws(ArchiveError) {
    if threads.isEmpty, wantedThreads > 0, jobCount >= ExtractionCrew.threshold { start() }
    jobCount += batch.count
    guard !threads.isEmpty else { return try makeHere(batch) }
    let failure = monitor.withLock {
      monitor.wait { batches.count < ExtractionCrew.queueLength || self.failure != nil }
      if self.failure == nil { batches.append(batch) }
      monitor.signalAll()
      return self.failure
    }
    if let failure { throw failure }
  }

  /// Waits until everything that was submitted is made, and tells what that was.
  ///
  /// - Throws: what a batch failed at.
  func drain() throws(ArchiveError) -> ExtractionReport {
    let (report, failure) = monitor.withLock {
      monitor.wait { (batches.isEmpty && busy == 0) || self.failure != nil }
      return (self.report, self.failure)
    }
    if let failure { throw failure }
    return report
  }

  /// Ends the threads; what they have not begun is given up.
  func stop() {
    monitor.withLock {
      isClosed = true
      batches = []
      monitor.signalAll()
    }
    for thread in threads { thread.join() }
    threads = []
  }

  private func start() {
    for _ in 0..<wantedThreads {
      // Fewer threads, or none, do the same work.
      guard let thread = WorkerThread.start({ self.run() }) else { break }
      threads.append(thread)
    }
  }

  private func makeHere(_ batch: [ExtractionJob]) throws(ArchiveError) {
    try own.make(batch)
    report.add(own.takeReport())
  }

  private func run() {
    var maker = FileMaker(root: root.raw, options: options, observer: observer) { [unowned self] in
      monitor.withLock { isClosed || failure != nil }
    }
    while let batch = take() {
      do throws(ArchiveError) {
        try maker.make(batch)
      } catch {
        fail(error)
      }
      let made = maker.takeReport()
      monitor.withLock {
        report.add(made)
        busy -= 1
        monitor.signalAll()
      }
    }
  }

  /// What waits is given up at once: the reader may be waiting for the blocks that it keeps.
  private func fail(_ error: ArchiveError) {
    monitor.withLock {
      failure = failure ?? error
      batches = []
      monitor.signalAll()
    }
  }

  private func take() -> [ExtractionJob]? {
    monitor.withLock {
      monitor.wait { !batches.isEmpty || isClosed }
      guard !isClosed, failure == nil else { return nil }
      busy += 1
      defer { monitor.signalAll() }
      return batches.removeFirst()
    }
  }
}
