#if DEBUG
  import ACIArchive
  import ACIStore
  import Glibc
  import SystemPackage
  import Testing

  /// One operation whose system calls are made to fail.
  struct FaultFixture {
    let store: ImageStore
    /// Where the operation puts its output, if not into the store; nothing hidden may stay there.
    var outputs: FilePath?
    /// Every so many points are tried, unless `APPC_FAULT_STRIDE` says otherwise; 1 is all.
    var stride = 1
    /// Whether the store is sound before the operation, and so at each moment.
    var isSound = true
    /// Makes everything as it is before the operation, from whatever state the store is soundly in.
    let prepare: () throws -> Void
    let run: () throws -> Void
    /// Looks whether the operation has done all that it is to do.
    let isDone: () throws -> Bool
  }

  /// What an operation could not do and says in its result, since it goes on with the rest.
  struct ReportedProblems: Error, CustomStringConvertible {
    let description: String

    /// Throws when there are any.
    static func check(_ problems: [String]) throws {
      if !problems.isEmpty { throw ReportedProblems(description: problems.joined(separator: "; ")) }
    }
  }

  /// Fails each call of an operation in turn, in each way, and looks at what that leaves.
  ///
  /// For a process of its own: descriptors and threads are counted.
  struct FaultLoop {
    /// A way for a call to fail.
    struct Way {
      let name: String
      let fault: FaultInjection.Fault
      var isLasting = false
      /// Whether the operation is to succeed all the same.
      var isHarmless = false
    }

    static let ways = [
      Way(name: "ENOSPC", fault: .failure(.noSpace)),
      Way(name: "EIO", fault: .failure(.ioError)),
      Way(name: "EMFILE", fault: .failure(.tooManyOpenFiles)),
      Way(name: "EINTR", fault: .failure(.interrupted), isHarmless: true),
      Way(name: "short", fault: .short, isHarmless: true),
      Way(name: "EIO from there on", fault: .failure(.ioError), isLasting: true),
    ]

    /// Each call interrupted once and each transfer cut: once is enough.
    private static let weather = [
      Way(name: "EINTR always", fault: .failure(.interrupted), isLasting: true, isHarmless: true),
      Way(name: "short always", fault: .short, isLasting: true, isHarmless: true),
    ]

    private let fixture: FaultFixture
    /// Written before each run: says where a process died.
    private let diary: FilePath
    private let descriptors: Int
    private let stride: Int

    init(_ fixture: FaultFixture, diary: FilePath) throws {
      stride = max(1, getenv("APPC_FAULT_STRIDE").flatMap { Int(String(cString: $0)) } ?? fixture.stride)
      self.fixture = fixture
      self.diary = diary
      // Once without faults: what is opened once for a process is open now.
      try fixture.prepare()
      try fixture.run()
      try #require(try fixture.isDone())
      descriptors = try FaultLoop.openDescriptors()
    }

    /// Answers how many points there were, and how many of them move bytes.
    func run() throws -> (calls: Int, transfers: Int) {
      let threads = try names("/proc/self/task").count
      for way in Self.ways { try run(way) }
      for way in Self.weather { _ = try run(way, at: 1) }
      // A thread of the system may come or go; one that an operation forgot would have done so at every point.
      #expect(try names("/proc/self/task").count < threads + 8)
      let counting = FaultInjection()
      try fixture.prepare()
      try counting.attached { try fixture.run() }
      return (counting.callCount, counting.transferCount)
    }

    private func run(_ way: Way) throws {
      var point = 1
      while try run(way, at: point) { point += stride }
    }

    /// False when the operation never came to the point.
    private func run(_ way: Way, at point: Int) throws -> Bool {
      try note("\(way.name) at \(point)")
      try fixture.prepare()
      let plan = FaultInjection(way.fault, at: point, isLasting: way.isLasting)
      var failure: (any Error)?
      do { try plan.attached { try fixture.run() } } catch { failure = error }
      if let failure { check(failure, way, point) }
      #expect(try Self.openDescriptors() == descriptors, "\(way.name) at \(point): a descriptor stayed open")
      try checkStore(way, point)
      // Once more, without faults.
      if try !fixture.isDone() {
        #expect(failure != nil, "\(way.name) at \(point): nothing was done, and it was not said")
        try fixture.run()
        #expect(try fixture.isDone(), "\(way.name) at \(point): nothing was done at the second time")
      }
      if way.isLasting {
        // Where nothing could be removed any more, what was replaced stays until the next one takes its place.
        if try !hiddenOutputs().isEmpty { try fixture.run() }
        try checkOutputs(way, point)
      }
      return plan.hasFired
    }

    /// Writes down where we are, and ends the process when that takes a minute.
    private func note(_ text: String) throws {
      alarm(60)
      let file = try FileDescriptor.open(
        diary, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    private static func openDescriptors() throws -> Int { try names("/proc/self/fd").count }
  }

  // MARK: What must hold

  extension FaultLoop {
    /// A failure is typed, and says in one line what was being done to what, and why it failed.
    private func check(_ error: any Error, _ way: Way, _ point: Int) {
      let place = "\(way.name) at \(point): \(error)"
      #expect(!way.isHarmless, "\(place)")
      #expect(!"\(error)".contains("\n"), "\(place)")
      if error is ReportedProblems { return }
      let said: (subject: String, errno: Errno?)? =
        switch error {
        case let error as StoreError: (error.subject, error.errno)
        case let error as ArchiveError: (error.subject, error.errno)
        default: nil
        }
      #expect(said?.subject.isEmpty == false, "\(place)")
      if case .failure(let errno) = way.fault { #expect(said?.errno == errno, "\(place)") }
      if way.fault == .failure(.noSpace), let error = error as? StoreError {
        #expect(error.code == .diskFull, "\(place)")
      }
    }

    /// The store is sound, and what was left goes with a collection.
    private func checkStore(_ way: Way, _ point: Int) throws {
      let place = "\(way.name) at \(point)"
      if !way.isLasting { try checkOutputs(way, point) }
      if try fixture.isSound || fixture.isDone() {
        #expect(try Invariants.violations(in: fixture.store) == [], "\(place)")
      }
      if try Invariants.leftovers(in: fixture.store).isEmpty { return }
      let report = try fixture.store.collectGarbage(.init(imageGrace: nil, treeGrace: nil))
      #expect(report.problems == [], "\(place)")
      #expect(try Invariants.leftovers(in: fixture.store) == [], "\(place)")
    }

    private func checkOutputs(_ way: Way, _ point: Int) throws {
      #expect(try hiddenOutputs() == [], "\(way.name) at \(point)")
    }

    private func hiddenOutputs() throws -> [String] {
      guard let outputs = fixture.outputs else { return [] }
      return try names(outputs).filter { $0.hasPrefix(".") }
    }
  }
#endif
