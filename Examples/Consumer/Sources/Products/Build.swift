import ACIBuild
import SystemPackage

/// Builds an image from a directory with `manifest` and `rootfs`.
func build(_ directory: FilePath, to output: FilePath) throws -> String {
  let builder = ImageBuilder(directory: directory, options: .init(compression: .gzip(), overwrite: true))
  return try "\(builder.build(to: output).imageID)"
}
