import AppcEngine
import AppcSchema
import ArgumentParser
import SystemPackage

/// `appc patch-manifest`.
struct PatchManifest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch-manifest",
    abstract: "Change the manifest of an image, a layout or a file.",
    usage: "appc patch-manifest [OPTIONS] IN [OUT]",
    discussion: """
      IN is an image, a directory with manifest and rootfs, or an image manifest. OUT is a new image, whose name \
      ends in .aci, or for a directory or a manifest a new manifest, - being standard output. All else of the \
      image is copied as it is; the new image's ID is printed.
      Nothing appears but a complete and valid OUT. What is not named keeps every byte, members that appc does \
      not know included.
      --manifest counts first, then what removes, then the rest. What has a name takes the place of what has it \
      already. Options about the app need one; --exec, --user and --group together make one.
      COMMAND is split at blanks and quoted as in a shell, but nothing is expanded; or it is a JSON list of texts. \
      Where a value starts with a name, the JSON object of the manifest may stand in its place.
      Isolators:
        resource/cpu,request=500m,limit=1
        resource/memory,request=256M,limit=1G
        resource/block-bandwidth,limit=10M
        resource/block-iops,limit=500
        resource/network-bandwidth,limit=1G
        os/linux/no-new-privileges,true
        os/linux/oom-score-adj,-500
        os/linux/cpu-shares,512
        os/linux/capabilities-retain-set,CAP_KILL,CAP_CHOWN
        os/linux/capabilities-remove-set,CAP_MKNOD
        os/linux/seccomp-retain-set,errno=EPERM,@appc.io/all
        os/linux/seccomp-remove-set,mount,umount2
        os/linux/selinux-context,user=u,role=r,type=t,level=s0
        os/linux/apparmor-profile,profile=NAME
        os/unix/sysctl,kernel.msgmax=65536
        NAME=JSON, any other
      Exit status: 0, 254 if nothing was written.
      """)

  @Flag(
    name: .long,
    help: "Edit IN in place; it keeps its owner and permissions. Further hard links stay with the old one.")
  var replace = false

  @Flag(name: .long, help: "Replace OUT if it exists.")
  var overwrite = false

  @OptionGroup
  var compression: CompressionOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Begin with the manifest in FILE, an image or a directory too; - is standard input.", valueName: "FILE")
  )
  var manifest: String?

  @OptionGroup(title: "The image")
  var image: ImageEditOptions

  @OptionGroup(title: "The app")
  var app: AppEditOptions

  @OptionGroup(title: "The app's isolators")
  var isolators: IsolatorEditOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  @Argument(help: ArgumentHelp("What to change.", valueName: "IN"))
  var input: String

  @Argument(help: ArgumentHelp("Where the result goes.", valueName: "OUT"))
  var output: String?

  func run() throws {
    let target = try target()
    guard ([manifest].compactMap(\.self) + image.pathWhitelistFile).count(where: { $0 == "-" }) < 2 else {
      throw CommandError("standard input can be read once: give - to one option alone")
    }
    let chosenCompression = try compression.chosen()
    let edits = ManifestEdits(try image.steps() + app.steps() + isolators.steps())
    let file = try EditableManifest(opening: FilePath(input))
    try check(file.type, target, chosenCompression)
    let (result, warnings) = try edits.apply(to: try base(file.bytes))
    let bytes = result.serialized()
    for warning in warnings { Console.error("appc: \(warning)") }
    guard case .file(let destination) = target else { return Console.write(bytes) }
    if let image = try file.write(bytes, to: destination, compression: chosenCompression) {
      Console.write("\(image.imageID)\n")
    }
  }
}

extension PatchManifest {
  private enum Target {
    case standardOutput
    case file(EditableManifest.Destination)
  }

  private func target() throws -> Target {
    switch (replace, output) {
    case (true, nil):
      if overwrite { throw CommandError("--overwrite is about OUT, which --replace goes without") }
      return .file(.inPlace)
    case (true, .some): throw CommandError("--replace edits IN itself; leave OUT out")
    case (false, nil): throw CommandError("give OUT, or --replace to edit \(printable(input.utf8)) itself")
    case (false, "-"): return .standardOutput
    case (false, let path?): return .file(.file(FilePath(path), overwrite: overwrite))
    }
  }

  private func check(_ type: ArtifactType, _ target: Target, _ compression: OutputCompression?) throws {
    if case .standardOutput = target, type == .image {
      throw CommandError("an image goes to a file whose name ends in .aci, not to standard output")
    }
    guard type == .image || compression == nil else {
      throw CommandError("only images are compressed, and \(printable(input.utf8)) is none")
    }
  }

  /// The manifest that is edited: that of `--manifest`, or the one at hand.
  private func base(_ bytes: [UInt8]) throws -> ImageManifest {
    if let manifest {
      return try EditSteps.about("--manifest") {
        let given =
          manifest == "-"
          ? try Engine.rawManifest(of: .standardInput, name: manifest)
          : try Engine.rawManifest(of: FilePath(manifest))
        return try ImageManifest.read(given.bytes).value
      }
    }
    do throws(SchemaError) {
      return try ImageManifest.read(bytes).value
    } catch {
      throw CommandError(
        "\(printable(input.utf8)): its manifest is not valid: \(error); --manifest puts another in its place")
    }
  }
}
