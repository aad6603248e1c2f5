import ArgumentParser

/// `appc image`.
struct ImageGroup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Work with images and the store that holds them.",
    subcommands: [
      ImageImport.self, ImageList.self, ImageCatManifest.self, ImageExport.self, ImageExtract.self,
      ImageRender.self, ImageVerify.self, ImageRemove.self, ImageCollect.self, ImageUsage.self,
    ])
}
