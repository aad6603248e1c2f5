import AppcSchema

/// Ends the process if a property does not hold; libFuzzer then keeps the input and says where it is.
func hold(_ holds: Bool, _ property: @autoclosure () -> String) {
  if !holds { fatalError("this does not hold: \(property())") }
}

/// What `read` gives, or what it refuses.
///
/// The error it throws is looked at: a message must be safe to print.
func accepted<Value>(_ read: () throws(SchemaError) -> Value) -> Value? {
  do {
    return try read()
  } catch {
    holdMessage(error.description)
    return nil
  }
}

/// Messages go to terminals and logs: one line, and nothing in it that moves a cursor or turns text around.
func holdMessage(_ message: String) {
  let isSafe = message.unicodeScalars.allSatisfy { scalar in
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
  hold(isSafe, "a message is one line without control characters: \(message.debugDescription)")
}

/// Equal values have equal hashes, or sets and dictionaries lose them.
func holdEqual<Value: Hashable>(_ left: Value, _ right: Value, _ property: @autoclosure () -> String) {
  hold(left == right, "\(property()): \(left) and \(right)")
  hold(left.hashValue == right.hashValue, "equal values have equal hashes: \(left)")
}
