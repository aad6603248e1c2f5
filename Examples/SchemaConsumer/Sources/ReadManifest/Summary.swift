import AppcSchema

/// An image's name and labels, and a line for each thing to be said about its manifest.
func summary(of manifest: [UInt8], mode: ReadingMode = .tolerant) throws(SchemaError) -> [String] {
  let reading = try ImageManifest.read(manifest, mode: mode)
  return ["\(reading.value.name) \(reading.value.labels)"] + reading.diagnostics.map { "\($0)" }
}
