#if DEBUG
  import ACIArchive
  import AppcSchema
  import AppcTesting
  import Glibc
  import SystemPackage
  import Testing

  @testable import ACIStore

  extension CrashTests {
    @Suite("A system call that fails")
    struct FaultInjectionTests {
      @Test(
        "whichever it is and however it fails, leaves a sound store, no residue and an error that names the thing",
        .timeLimit(.minutes(10)), arguments: FaultedOperation.chosen)
      func everyCall(of operation: FaultedOperation) async throws {
        try await TemporaryDirectory.with(.memory) { directory in
          let path = directory.path.string
          let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent]
          ) { [path = path as String, operation = operation as FaultedOperation] in
            do {
              let fixture = try operation.fixture(in: FilePath("\(path)"))
              let points = try FaultLoop(fixture, diary: FilePath("\(path)/diary")).run()
              print(
                "\(operation.rawValue): \(points.calls) points, \(points.transfers) of them move bytes,",
                "x \(FaultLoop.ways.count) faults (\(clock() / 1000) ms of processor time)")
            } catch {
              // What is thrown from here ends the process without a word.
              Issue.record(error)
            }
          }
          if let result {
            print(String(decoding: result.standardOutputContent, as: UTF8.self), terminator: "")
          } else {
            let last = try contents(of: directory.appending("diary"))
            Issue.record("\(operation.rawValue) ended after \(String(decoding: last, as: UTF8.self))")
          }
        }
      }
    }
  }
#endif
