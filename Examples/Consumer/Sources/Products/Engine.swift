import AppcEngine
import SystemPackage

/// Runs an image file from a task: imported, rendered and run as `appc run` does it.
func status(ofRunning image: FilePath, in directory: FilePath) async throws -> Int32 {
  try await Engine(directory: directory).perform { engine in
    var app = RunRequest.App(image: .file(image))
    app.streams = AppStreams(output: .standardOutput, error: .standardError)
    return try engine.run(RunRequest(apps: [app])).wait().status
  }
}
