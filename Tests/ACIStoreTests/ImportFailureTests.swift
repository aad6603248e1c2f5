#if DEBUG
  import ACIArchive
  import AppcSchema
  import AppcTesting
  import SystemPackage
  import Testing

  @testable import ACIStore

  @Suite("An import that fails")
  struct ImportFailureTests {
    @Test("leaves no image and nothing of one, whichever system call it fails at")
    func everyCall() throws {
      try TestStore.with { store, _ in
        let image = TestImage("ex/a", files: ["a": "1"]).bytes
        let id = try store.importImage(image).record.id
        var point = 1
        var hasFired = true
        while hasFired {
          if try store.contains(id) { try store.remove(id) }
          let plan = FaultInjection(.failure(.ioError), at: point)
          var hasFailed = false
          do { try plan.attached { _ = try store.importImage(image) } } catch { hasFailed = true }
          // Looked at before anything else, which may mend it.
          if hasFailed {
            #expect(try !store.contains(id), "\(point)")
            #expect(try Invariants.leftovers(in: store) == [], "\(point)")
          }
          hasFired = plan.hasFired
          point += 1
        }
        #expect(point > 20)
      }
    }
  }
#endif
