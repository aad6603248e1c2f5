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
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { values in
      values.initialize(repeating: 0)
      let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      for index in 0..<alphabet.utf8CodeUnitCount { values[Int(alphabet.utf8Start[index])] = UInt32(index) }
      let groups = text.utf8CodeUnitCount / 4
      return [UInt8](unsafeUninitializedCapacity: groups * 3) { bytes, initialized in
        var source = text.utf8Start
        var target = 0
        for _ in 0..<groups {
          let high = values[Int(source[0])] << 18 | values[Int(source[1])] << 12
          let bits = high | values[Int(source[2])] << 6 | values[Int(source[3])]
          bytes[target] = UInt8(truncatingIfNeeded: bits >> 16)
          bytes[target + 1] = UInt8(truncatingIfNeeded: bits >> 8)
          bytes[target + 2] = UInt8(truncatingIfNeeded: bits)
          source += 4
          target += 3
        }
        initialized = min(target, count)
      }
    }
  }
}
