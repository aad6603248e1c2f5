import CAppcLinux
import SystemPackage

/// Pid 1's program in a sealed memfd: nothing and nobody can change it, and it leads to no file of the host.
struct StageInitProgram: ~Copyable {
  let file: OwnedDescriptor

  /// Makes the memfd.
  ///
  /// Costs one copy of the program, at most 64 KB.
  init() throws(StageError) {
    do throws(Errno) {
      let file = try OwnedDescriptor(checking: appc_memfd("appc-init"))
      let image = Self.decoded(StageInitImage.base64, count: StageInitImage.byteCount)
      var written = 0
      while written < image.count {
        do {
          written += try image[written...].withUnsafeBytes { try file.descriptor.write($0) }
        } catch let error as Errno {
          throw error
        } catch {
          throw Errno.ioError
        }
      }
      let sealed = appc_seal(file.rawValue)
      guard sealed >= 0 else { throw Errno(rawValue: -sealed) }
      self.file = file
    } catch {
      throw StageError(.system, "preparing pid 1 in", "a sealed memfd", errno: error)
    }
  }

  static func decoded(_ text: StaticString, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count + 3) { buffer, initialized in
      let characters = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      var position = 0
      var bits: UInt32 = 0
      for (index, character) in characters.enumerated() {
        bits = bits << 6 | value(of: character)
        guard index & 3 == 3 else { continue }
        buffer[position] = UInt8(truncatingIfNeeded: bits >> 16)
        buffer[position + 1] = UInt8(truncatingIfNeeded: bits >> 8)
        buffer[position + 2] = UInt8(truncatingIfNeeded: bits)
        position += 3
      }
      initialized = min(position, count)
    }
  }

  private static func value(of character: UInt8) -> UInt32 {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) - 48 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: 0
    }
  }
}
