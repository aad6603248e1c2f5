import AppcTesting
import Testing

@Test("an image made of values is in the store once, however often it is imported")
func importsOnce() throws {
  try TestStore.with { store, _ in
    let image = TestImage("example.com/app", labels: [("version", "1.0")], files: ["etc/motd": "hello"])
    let first = try store.importImage(image.bytes)
    let second = try store.importImage(image.gzipped)
    #expect(second.wasPresent)
    #expect(second.record.id == first.record.id)
  }
}
