import Glibc
import SystemPackage

/// What every part measures with.
struct Fixture {
  /// The command appc.
  let appc: String
  let corpus: Corpus
  let workspace: Workspace
  /// A directory on the machine's disk.
  let disk: FilePath
  private let allRounds: Int

  init(appc: String, corpus: Corpus, workspace: Workspace, disk: FilePath, rounds: Int) {
    self.appc = appc
    self.corpus = corpus
    self.workspace = workspace
    self.disk = disk
    allRounds = rounds
  }

  /// How often to measure with a tree.
  ///
  /// Fewer times with the large one, where a round takes half a minute.
  func rounds(_ tree: Corpus.Tree = .debian) -> Int {
    tree == .large ? min(allRounds, max(2, allRounds / 3)) : allRounds
  }

  /// The command appc, on a store if one is given.
  func appc(store: FilePath? = nil, _ arguments: String...) -> MeasuredCommand {
    MeasuredCommand([appc] + (store.map { ["--dir", $0.string] } ?? []) + arguments)
  }

  /// One of the subcommands of this program.
  func own(_ arguments: String...) -> MeasuredCommand { MeasuredCommand(["/proc/self/exe"] + arguments) }

  /// A program of somebody else's; nil with a message when it is not installed.
  func peer(_ program: String, _ arguments: String...) -> MeasuredCommand? {
    guard let path = MeasuredCommand.find(program) else {
      print("\(program) is left out: it is not installed")
      return nil
    }
    return MeasuredCommand([path] + arguments)
  }

  /// A shell's pipeline, whose `$1` and so on are the arguments.
  func shell(_ text: String, _ arguments: String...) -> MeasuredCommand {
    MeasuredCommand(["/bin/sh", "-c", text, "sh"] + arguments)
  }
}
