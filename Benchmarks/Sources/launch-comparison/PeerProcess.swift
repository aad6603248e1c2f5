import Glibc
import Measuring
import SystemPackage

/// Starts a program as a whole process, as somebody without Swift would, and waits for it.
struct PeerProcess {
  let program: String
  let arguments: [String]
  /// Where its standard error goes; its other streams are the null device.
  let errors: FilePath

  /// The first place on the usual path where there is such a program.
  static func find(_ name: String) -> String? {
    let directories = ["/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"]
    return directories.map { $0 + name }.first { (path: String) in access(path, X_OK) == 0 }
  }

  /// Runs it to its end and returns what that took.
  ///
  /// - Throws: `Problem` when it cannot be started or ends with another status than 0.
  func run() throws -> Sample {
    var status: Int32 = 0
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_addopen(&actions, 2, errors.string, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let sample = try withCStrings([program] + arguments) { arguments in
      try withCStrings(["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]) { environment in
        try Sample.measure {
          var pid: pid_t = 0
          let error = posix_spawn(&pid, program, &actions, nil, arguments, environment)
          guard error == 0 else { throw Problem("\(program) cannot be started: \(Errno(rawValue: error))") }
          while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }
      }
    }
    guard status == 0 else {
      let said = (try? SmallText.read(errors)) ?? ""
      throw Problem("\(program) ended with wait status \(status): \(said)")
    }
    return sample
  }

  private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
  ) rethrows -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return try body(pointers + [nil])
  }
}
