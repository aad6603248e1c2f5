import AppcSchema
import Glibc

let arguments = Set(CommandLine.arguments.dropFirst())
guard arguments.isSubset(of: ["--strict", "--upgrade"]), arguments.count < 2 else {
  say("usage: ReadManifest [--strict | --upgrade] < MANIFEST")
  exit(2)
}

do {
  if arguments.contains("--upgrade") {
    let (manifest, remarks) = try upgrade(standardInput())
    for remark in remarks { say(remark) }
    write(manifest, to: STDOUT_FILENO)
  } else {
    let mode: ReadingMode = arguments.contains("--strict") ? .strict : .tolerant
    for line in try summary(of: standardInput(), mode: mode) { say(line, to: STDOUT_FILENO) }
  }
} catch {
  for diagnostic in error.diagnostics { say(lines(for: diagnostic)) }
  say("ReadManifest: \(error)")
  exit(1)
}
