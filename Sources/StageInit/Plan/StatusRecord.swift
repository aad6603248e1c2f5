/// The text that pid 1 leaves in an app's status.json: what outlives the launcher, the pod and a reboot.
struct StatusRecord {
  /// The app's pid inside the pod.
  let pid: Int32
  /// The wait status as wait4 gives it; nil while the app runs.
  let waitStatus: Int32?

  /// One JSON object and a newline.
  func text() -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(64)
    append("{\"pid\":", to: &text)
    append(pid, to: &text)
    if let waitStatus {
      let signal = waitStatus & 0x7f
      append(signal == 0 ? ",\"exitStatus\":" : ",\"signal\":", to: &text)
      append(signal == 0 ? (waitStatus >> 8) & 0xff : signal, to: &text)
    }
    append("}\n", to: &text)
    return text
  }

  private func append(_ literal: StaticString, to text: inout [UInt8]) {
    for index in 0..<literal.utf8CodeUnitCount { text.append(literal.utf8Start[index]) }
  }

  private func append(_ number: Int32, to text: inout [UInt8]) {
    var digits: [UInt8] = []
    var rest = number.magnitude
    repeat {
      digits.append(UInt8(truncatingIfNeeded: rest % 10) + 0x30)
      rest /= 10
    } while rest > 0
    if number < 0 { text.append(0x2d) }
    while let digit = digits.popLast() { text.append(digit) }
  }
}
