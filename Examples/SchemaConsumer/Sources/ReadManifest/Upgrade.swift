import AppcSchema

/// An image's manifest under today's names and version, everything else as it was; and what that changed.
func upgrade(_ manifest: [UInt8]) throws(SchemaError) -> (manifest: [UInt8], remarks: [String]) {
  let reading = try ImageManifest.read(manifest)
  return (reading.value.upgraded().serialized(), reading.diagnostics.map(lines))
}

/// A diagnostic, and below it the line of the document that it is about.
func lines(for diagnostic: Diagnostic) -> String {
  guard let position = diagnostic.position, let excerpt = diagnostic.excerpt else { return "\(diagnostic)" }
  return "\(position.line):\(position.column): \(diagnostic)\n\(excerpt)"
}
