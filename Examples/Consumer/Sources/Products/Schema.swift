import AppcSchema

/// Raises an image's version, and leaves every other byte of its manifest as it was.
func raisingVersion(of manifest: [UInt8], to version: String) throws -> [UInt8] {
  var image = try ImageManifest.read(manifest, mode: .strict).value
  try image.labels.set("version", to: version)
  return image.serialized()
}
