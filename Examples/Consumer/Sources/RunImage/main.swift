import Glibc
import SystemPackage

func fail(_ line: String, status: Int32) -> Never {
  _ = try? FileDescriptor.standardError.writeAll("\(line)\n".utf8)
  exit(status)
}

guard CommandLine.arguments.count == 3 else { fail("usage: RunImage IMAGE.aci DIRECTORY", status: 2) }
do {
  exit(try run(FilePath(CommandLine.arguments[1]), in: FilePath(CommandLine.arguments[2])))
} catch {
  fail("RunImage: \(error)", status: 254)
}
