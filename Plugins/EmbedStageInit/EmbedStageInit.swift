import Foundation
import PackagePlugin

/// Compiles `Sources/StageInit` and writes its bytes into a Swift source of `Stage`.
///
/// The one declared output is that source: any other would become a resource of the target, whose accessor
/// imports Foundation. How the bytes are made does not depend on the configuration of the build.
@main
struct EmbedStageInit: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let sources = context.package.directoryURL.appending(path: "Sources/StageInit")
    let headers = context.package.directoryURL.appending(path: "Sources/CAppcLinux/include")
    let output = context.pluginWorkDirectoryURL.appending(path: "StageInitImage.swift")
    let scratch = context.pluginWorkDirectoryURL.appending(path: "objects")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    let inputs = (files?.compactMap { $0 as? URL } ?? [])
      .filter { ["swift", "c", "h"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
    return [
      .buildCommand(
        displayName: "Embedding StageInit, pid 1 of pods",
        executable: try context.tool(named: "stageinit-builder").url,
        arguments: [
          try context.tool(named: "swiftc").url.path, try context.tool(named: "clang").url.path,
          headers.path, scratch.path, output.path,
        ] + inputs.map(\.path),
        inputFiles: inputs + [headers.appending(path: "appc_plan.h")],
        outputFiles: [output])
    ]
  }
}
