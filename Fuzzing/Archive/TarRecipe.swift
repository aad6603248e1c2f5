/// Archives whose checksums are right and whose names are those that matter, made of an input.
///
/// Knows tar, but shares no code with what it is to test. A byte of the input decides one thing each, so that each
/// mutation changes one thing; whatever it decides, an archive comes out.
struct TarRecipe {
  private static let members = 64

  private var input: InputCursor
  private var archive: [UInt8] = []

  /// The archive of an input.
  static func archive(from bytes: [UInt8]) -> [UInt8] {
    var recipe = TarRecipe(input: InputCursor(bytes))
    return recipe.make()
  }

  /// The first byte says what there is besides members: what an image must have, and its end.
  private mutating func make() -> [UInt8] {
    let frame = input.byte()
    if frame & 1 == 0 {
      var manifest = TarBlock(name: Array("manifest".utf8))
      manifest.size = Int64(TarRecipe.manifest.count)
      append(manifest, TarRecipe.manifest)
    }
    if frame & 2 == 0 { append(TarBlock(name: Array("rootfs/".utf8), type: "5"), []) }
    for _ in 0..<TarRecipe.members where !input.isAtEnd { addMember() }
    archive += [UInt8](repeating: 0, count: [1024, 512, 0, 10_240][Int(frame >> 2 & 3)])
    if frame & 0x10 != 0 { archive += input.bytes(32) }
    return archive
  }

  static let manifest = Array(#"{"acKind":"ImageManifest","acVersion":"0.8.11","name":"example.com/a"}"#.utf8)

  private mutating func append(_ block: TarBlock, _ content: [UInt8]) {
    archive += block.bytes + content
    archive += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }
}

extension TarRecipe {
  /// What may be odd about a member.
  private struct Oddities: OptionSet {
    let rawValue: UInt8
    static let numbers = Oddities(rawValue: 1)
    static let records = Oddities(rawValue: 2)
    static let gnu = Oddities(rawValue: 4)
    static let longNames = Oddities(rawValue: 8)
    static let otherSize = Oddities(rawValue: 16)
    static let otherBytes = Oddities(rawValue: 32)
    static let sparse = Oddities(rawValue: 64)
    static let globals = Oddities(rawValue: 128)
  }

  private mutating func addMember() {
    let type = input.pick(TarRecipe.types)
    let oddities = Oddities(rawValue: input.byte())
    if oddities.contains(.globals) { addRecords("g", [makeRecord()]) }
    if oddities.contains(.longNames) {
      addLongName("L")
      if input.bool() { addLongName("K") }
    }
    var block = TarBlock(name: makeName(), type: type)
    if "12".contains(type) { block.link = makeName() }
    var content = "07xgLK".contains(type) ? makeContent(of: type) : []
    var records = oddities.contains(.records) ? (0..<Int(input.byte() & 7)).map { _ in makeRecord() } : []
    block.size = Int64(content.count)
    if oddities.contains(.numbers) { setNumbers(of: &block) }
    if oddities.contains(.gnu) || type == "S" { block.magic = Array("ustar  \0".utf8) }
    if oddities.contains(.sparse) || type == "S" { spread(&block, &content, &records) }
    if oddities.contains(.otherSize) { block.size = input.number() }
    if oddities.contains(.otherBytes) { block.overlay = (Int(input.byte()) * 2, input.bytes(4)) }
    if !records.isEmpty { addRecords("x", records) }
    append(block, content)
  }

  private static let types: [Character] = [
    "0", "5", "2", "1", "0", "5", "0", "6", "3", "4", "S", "x", "g", "L", "K", "7", "\0", "V",
  ]

  private mutating func addRecords(_ type: Character, _ records: [[UInt8]]) {
    let content = records.reduce([], +)
    append(TarBlock(name: Array("PaxHeaders/x".utf8), type: type, size: Int64(content.count)), content)
  }

  private mutating func addLongName(_ type: Character) {
    let name = makeName() + [UInt8](repeating: 0, count: Int(input.byte() & 1))
    append(TarBlock(name: Array("././@LongLink".utf8), type: type, size: Int64(name.count)), name)
  }

  private mutating func setNumbers(of block: inout TarBlock) {
    block.mode = input.number()
    block.uid = input.number()
    block.gid = input.number()
    block.modified = input.number()
    block.device = (input.number(), input.number())
    block.isBase256 = input.bool()
  }
}

extension TarRecipe {
  /// Names that mean something, to the reader or to the kernel.
  private static let names: [[UInt8]] = [
    "rootfs/a", "rootfs/b", "rootfs/d", "rootfs/d/", "rootfs/d/a", "rootfs/d/e", "rootfs/d/e/f", "rootfs/l",
    "rootfs/l/x", "rootfs/", "rootfs", "manifest", "./manifest", "./rootfs", "./rootfs/a", "././rootfs/a",
    "./", ".",
    "", "/", "/rootfs/a", "rootfs//a", "rootfs/./a", "rootfs/../a", "rootfs/..", "..", "../a",
    "rootfs-evil/a",
    "manifest/a", "rootfs/e\u{301}", "rootfs/\u{e9}", "rootfs/\u{338}", "rootfs/a\nb", "rootfs/\u{202e}",
    "/etc/passwd",
    "../../etc/passwd", "a", "rootfs/.wh.a", "rootfs/a\0b",
  ].map { Array($0.utf8) }

  private mutating func makeName() -> [UInt8] {
    let choice = Int(input.byte())
    switch choice {
    case ..<TarRecipe.names.count: return TarRecipe.names[choice]
    case ..<0xE0: return Array("rootfs/".utf8) + input.bytes(choice & 7)
    case ..<0xF8: return input.bytes(choice & 31)
    // Longer than the field, than a component, than a path, and deeper than a path may be.
    default:
      let component = [UInt8](repeating: UInt8(ascii: "n"), count: [90, 155, 255, 256][choice & 3])
      let count = choice & 4 == 0 ? 1 : Int(input.byte())
      return Array("rootfs".utf8) + (0..<count).flatMap { _ in [UInt8(ascii: "/")] + component }
    }
  }

  private mutating func makeContent(of type: Character) -> [UInt8] {
    switch type {
    case "x", "g": return makeRecord()
    case "L", "K": return makeName()
    default:
      let count = input.byte()
      return count < 0xF0 ? input.bytes(Int(count)) : [UInt8](repeating: count, count: Int(count & 15) * 600)
    }
  }

  private static let keys = [
    "path", "linkpath", "size", "uid", "gid", "mtime", "SCHILY.xattr.user.a",
    "SCHILY.xattr.security.capability",
    "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name", "GNU.sparse.realsize", "GNU.sparse.map",
    "GNU.sparse.offset", "GNU.sparse.numbytes", "GNU.sparse.numblocks", "GNU.sparse.size", "comment", "atime",
    "SCHILY.xattr.",
  ].map { Array($0.utf8) }

  private mutating func makeRecord() -> [UInt8] {
    let choice = Int(input.byte())
    let key = choice < 0xF0 ? TarRecipe.keys[choice % TarRecipe.keys.count] : input.bytes(choice & 15)
    let value: [UInt8]
    switch input.byte() & 7 {
    case 0, 1: value = makeName()
    case 2: value = input.bytes(Int(input.byte()))
    case 3: value = Array("\(input.number()).\(input.byte())".utf8)
    default: value = Array("\(input.number())".utf8)
    }
    return TarRecipe.record(key, value)
  }

  /// "length key=value\n", where the length counts its own digits.
  private static func record(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
    let rest = key.count + value.count + 3
    let length = (1...9).map { rest + $0 }.first { "\($0)".utf8.count == $0 - rest } ?? rest
    return Array("\(length) ".utf8) + key + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
  }
}

extension TarRecipe {
  /// Makes a sparse file of a member: of the stored bytes runs with holes before them, told in one of the four ways.
  private mutating func spread(_ block: inout TarBlock, _ content: inout [UInt8], _ records: inout [[UInt8]])
  {
    var runs: [(offset: Int64, length: Int64)] = []
    var end: Int64 = 0
    var stored = Int64(content.count)
    for _ in 0..<Int(input.byte() & 31) {
      let length = min(stored, Int64(input.byte()))
      let offset = end &+ input.number()
      runs.append((offset, length))
      end = offset &+ length
      stored -= length
    }
    if stored > 0 { runs.append((end, stored)) }
    let size = end &+ stored &+ input.number()
    let numbers = runs.flatMap { [$0.offset, $0.length] }
    func add(_ key: String, _ value: some CustomStringConvertible) {
      records.append(TarRecipe.record(Array("GNU.sparse.\(key)".utf8), Array("\(value)".utf8)))
    }
    if block.type == "S" {
      block.sparse = (numbers, size)
      content = TarBlock.continuation(of: numbers) + content
      return
    }
    switch input.byte() % 3 {
    case 0:
      add("size", size)
      for run in runs {
        add("offset", run.offset)
        add("numbytes", run.length)
      }
    case 1:
      add("size", size)
      add("map", numbers.map(String.init).joined(separator: ","))
    default:
      add("major", 1)
      add("minor", 0)
      add("realsize", size)
      records.append(TarRecipe.record(Array("GNU.sparse.name".utf8), block.name))
      var map = Array(([Int64(runs.count)] + numbers).map { "\($0)\n" }.joined().utf8)
      map += [UInt8](repeating: 0, count: (512 - map.count % 512) % 512)
      content = map + content
    }
    block.size = Int64(content.count)
  }
}
