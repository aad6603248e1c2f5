import Glibc
import Measuring
import SystemPackage

/// A program that is run as a whole process, and what that costs.
struct MeasuredCommand {
  private let words: [String]

  /// A program by its path, and its arguments.
  init(_ words: [String]) { self.words = words }

  /// The first place on the usual path where there is such a program.
  static func find(_ name: String) -> String? {
    let directories = ["/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"]
    return directories.map { $0 + name }.first { (path: String) in access(path, X_OK) == 0 }
  }

  /// The same with an argument more.
  func appending(_ argument: String) -> MeasuredCommand { MeasuredCommand(words + [argument]) }

  /// The same with more arguments.
  func appending(_ arguments: [String]) -> MeasuredCommand { MeasuredCommand(words + arguments) }

  /// The same with another command as its last arguments.
  func appending(_ command: MeasuredCommand) -> MeasuredCommand { appending(command.words) }

  /// Runs it to its end; standard output and error go to files of the workspace.
  ///
  /// - Throws: `Problem` when it cannot be started or ends with another status than 0.
  func run(_ workspace: Workspace) throws -> Sample {
    let output = workspace.path("stdout")
    let errors = workspace.path("stderr")
    let begin = Sample.now()
    let pid = try start(output, errors)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
    let end = Sample.now()
    guard status == 0 else {
      try Interruption.check()
      let said = (try? SmallText.read(errors)) ?? ""
      throw Problem("\(words.joined(separator: " ")) ended with wait status \(status): \(said)")
    }
    return Sample(wall: end - begin, usage: usage)
  }

  /// Runs it to its end and returns what it wrote, without the last line's end.
  func output(_ workspace: Workspace) throws -> String {
    _ = try run(workspace)
    let text = try SmallText.read(workspace.path("stdout"))
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  private func start(_ output: FilePath, _ errors: FilePath) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    return try withCStrings(words) { arguments in
      try withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C"]) { environment in
        var pid: pid_t = 0
        let error = posix_spawn(&pid, words[0], &actions, nil, arguments, environment)
        guard error == 0 else { throw Problem("\(words[0]) cannot be started: \(Errno(rawValue: error))") }
        return pid
      }
    }
  }

  private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
  ) rethrows -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return try body(pointers + [nil])
  }
}
