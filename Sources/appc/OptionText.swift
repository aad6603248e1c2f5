import AppcEngine
import AppcSchema

/// Values of options, as people write them.
enum OptionText {
  enum VolumeOption: Equatable {
    case volume(Volume)
    /// Rocket's `bind:/path`.
    case bind(source: String)
  }

  /// `name,kind=host,source=/path`, or Rocket's `name:/path` and `bind:/path`.
  static func volume(_ text: String) throws -> VolumeOption {
    let bytes = text.utf8
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), !bytes[..<colon].contains(UInt8(ascii: ",")) {
      let name = String(Substring(bytes[..<colon]))
      let source = String(Substring(bytes[bytes.index(after: colon)...]))
      guard source.utf8.first == UInt8(ascii: "/") else {
        throw CommandError("--volume: the source in \"\(printable(text.utf8))\" is not absolute")
      }
      return name == "bind" ? .bind(source: source) : .volume(.host(name: try ACName(name), source: source))
    }
    return .volume(try Volume(parsing: text))
  }

  /// `volume=NAME,target=PATH`.
  static func mount(_ text: String) throws -> Mount {
    try Mount(parsing: text)
  }

  /// `NAME=VALUE`.
  static func variable(_ text: String, _ option: String) throws -> Environment.Variable {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw CommandError("--\(option): \"\(printable(text.utf8))\" is not NAME=VALUE")
    }
    return try Environment.Variable(
      name: String(text[..<equals]), value: String(Substring(text.utf8[text.utf8.index(after: equals)...])))
  }

  /// `none` or `host`.
  static func network(_ text: String) throws -> PodNetwork {
    switch text {
    case "none": return .none
    case "host": return .host
    default:
      throw CommandError("--net: this version knows none and host, not \"\(printable(text.utf8))\"")
    }
  }

  /// Numbers with commas between them.
  static func groups(_ text: String) throws -> [UInt32] {
    try text.split(separator: ",").map { word in
      guard let number = UInt32(word), number < UInt32.max else {
        throw CommandError("--supplementary-gids: \"\(printable(word.utf8))\" is no group number")
      }
      return number
    }
  }

  /// A limit such as `512M` or `500m`.
  static func resource(_ text: String, _ option: String) throws -> Isolator {
    let quantity = try Quantity(text)
    guard quantity.milliValue < Int64.max / 1000 || (option == "memory" && quantity.value < Int64.max) else {
      throw CommandError("--\(option): \(printable(text.utf8)) is more than any machine has")
    }
    guard quantity.value > 0 else { throw CommandError("--\(option): the limit must be more than 0") }
    let range = Isolator.ResourceRange(limit: quantity)
    return Isolator(option == "memory" ? .memory(range) : .cpu(range))
  }

  static func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
}
