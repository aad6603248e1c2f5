import AppcEngine
import AppcSchema
import ArgumentParser
import Glibc
import SystemPackage

/// `appc run`.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a pod of one or more images, and end with its exit status.",
    usage: "appc run [POD OPTIONS] IMAGE [APP OPTIONS] [-- ARGUMENT... [---]] [IMAGE ...]",
    discussion: help)

  @Argument(parsing: .captureForPassthrough, help: .hidden)
  var arguments: [String] = []

  func run() throws { throw ExitCode(try Self.perform(arguments)) }

  /// Does everything, and returns the pod's exit status.
  ///
  /// The command's own grammar is not ArgumentParser's, which costs a quarter of a whole launch.
  static func perform(_ arguments: [String]) throws -> Int32 {
    let signals = SignalForwarding.start()
    let parsed = try RunArguments(arguments)
    if parsed.wantsHelp { throw CleanExit.helpRequest(Self.self) }
    let insecure = try InsecureOptions(parsed.global.insecureOptions)
    let engine = try parsed.global.engine()
    let assembled = try engine.assemble(request(parsed, insecure))
    signals.holdBack()
    let pod = try engine.launch(assembled)
    signals.forward(to: pod)
    if let file = parsed.uuidFile { try save(pod.uuid, to: file) }
    return try pod.wait().status
  }

  private static func request(_ parsed: RunArguments, _ insecure: InsecureOptions) -> RunRequest {
    var request = parsed.request
    if insecure.leavesOutCapabilities { request.exceptions.insert(.capabilities) }
    if insecure.leavesOutPaths { request.exceptions.insert(.paths) }
    if parsed.inheritsEnvironment { request.inheritedEnvironment = callersEnvironment() }
    for index in request.apps.indices {
      request.apps[index].streams = AppStreams(
        input: parsed.isInteractive ? .standardInput : nil, output: .standardOutput, error: .standardError)
    }
    return request
  }

  /// The caller's variables, as far as a manifest can hold them.
  private static func callersEnvironment() -> [Environment.Variable] {
    var variables: [Environment.Variable] = []
    var entry = environ
    while let text = entry.pointee {
      if let text = String(validatingCString: text),
        let variable = try? OptionText.variable(text, "inherit-env")
      {
        variables.append(variable)
      }
      entry += 1
    }
    return variables
  }

  private static func save(_ uuid: PodUUID, to path: String) throws {
    guard let file = fopen(path, "we"), fputs("\(uuid)\n", file) >= 0, fclose(file) == 0 else {
      throw CommandError("--uuid-file-save \(printable(path.utf8)): \(String(cString: strerror(errno)))")
    }
  }

  private static let help = """
    Pod options (anywhere):
      --volume NAME,kind=host,source=PATH[,readOnly=BOOL][,recursive=BOOL]
      --volume NAME,kind=empty[,mode=MODE][,uid=N][,gid=N]
      --volume NAME:PATH            a host volume, as Rocket wrote it
      --volume bind:PATH            a host volume for the only open mount point
      --net none|host               networks; none is a loopback interface
      --hostname NAME               the pod's host name
      --inherit-env                 the caller's environment, under the images' own
      --set-env-file FILE           NAME=VALUE lines for every app
      --interactive                 standard input for the only app
      --uuid-file-save FILE         write the pod's UUID to a file
    For every app before the first image, or for one app after its image:
      --mount volume=NAME,target=PATH
      --set-env NAME=VALUE
    App options (after its image):
      --name NAME  --exec PROGRAM  --user USER  --group GROUP  --supplementary-gids N,...
      --working-dir PATH  --environment NAME=VALUE  --readonly-rootfs
      --memory LIMIT  --cpu LIMIT  --caps-retain CAP,...  --caps-remove CAP,...
    Global options: --dir, --system-config, --local-config, --user-config, --insecure-options, --debug
    """
}
