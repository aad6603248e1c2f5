import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc image render`.
struct ImageRender: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Render an image on the images it depends on, to a directory.",
    usage:
      "appc image render [OPTIONS] IMAGE DIR\nappc image render [OPTIONS] --with FILE... -- IMAGE.aci DIR",
    discussion: """
      IMAGE is a file, an image ID or the start of one, or NAME[:VERSION][,LABEL=VALUE]...; what it depends on is \
      looked for in the store, and a file that depends on something is imported. With --with no store is needed: \
      IMAGE and all that it depends on are files. DIR appears complete or not at all.

      Example: appc image render --with base.aci libs.aci -- web.aci /srv/web
      """)

  // The files of --with are arguments like the others, so that there may be none of them: an option that takes values
  // wants at least one.
  @Flag(name: .customLong("with"), help: "Take the FILEs before -- as what IMAGE.aci may depend on.")
  var takesFiles = false

  @OptionGroup
  var tree: TreeOptions

  @OptionGroup
  var devices: DeviceOptions

  @OptionGroup
  var limits: LimitOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(
    help: ArgumentHelp("The files of --with, the image, and the directory to make.", valueName: "FILE"))
  var words: [String]

  func run() throws {
    guard words.count >= 2, words.count == 2 || takesFiles else {
      throw CommandError("give an IMAGE and a DIR; files that it depends on go between --with and --")
    }
    let image = words[words.count - 2]
    let directory = FilePath(words[words.count - 1])
    let options = RenderOptions(
      rootfsOnly: tree.rootfsOnly, overwrite: tree.overwrite, ownership: try tree.ownership(),
      devices: try devices.policy(), limits: try limits.chosen())
    try LongWork.perform("rendering \(printable(image.utf8))") { progress in
      var options = options
      options.progress = progress
      try render(image, to: directory, options)
    }
  }

  private func render(_ image: String, to directory: FilePath, _ options: RenderOptions) throws {
    if takesFiles {
      let files = ImageFileSet(top: FilePath(image), dependencies: words.dropLast(2).map { FilePath($0) })
      return try Engine.render(files, to: directory, options: options)
    }
    let argument = try ImageArgument(image)
    if case .file(let path) = argument, try Self.isAlone(path, options.limits) {
      return try Engine.render(ImageFileSet(top: path, dependencies: []), to: directory, options: options)
    }
    try global.engine().render(argument, to: directory, options: options)
  }

  /// Whether an image file depends on nothing, and so needs no store.
  private static func isAlone(_ file: FilePath, _ limits: ArchiveLimits) throws -> Bool {
    try Engine.manifest(ofFile: file, limits: limits).manifest.dependencies.isEmpty
  }
}
