/// Ends the process if a property does not hold; libFuzzer then keeps the input and says where it is.
public func hold(_ holds: Bool, _ property: @autoclosure () -> String) {
  if !holds { fatalError("this does not hold: \(property())") }
}

/// What `read` gives, or nil for what it refuses.
///
/// The error it throws is looked at: a message must be safe to print.
public func accepted<Value, Failure: Error & CustomStringConvertible>(
  _ read: () throws(Failure) -> Value
) -> Value? {
  do {
    return try read()
  } catch {
    holdMessage(error.description)
    return nil
  }
}

/// What `read` gives; that it refuses nothing is a property.
public func required<Value, Failure: Error & CustomStringConvertible>(
  _ property: @autoclosure () -> String, _ read: () throws(Failure) -> Value
) -> Value {
  do {
    return try read()
  } catch {
    fatalError("this does not hold: \(property()): \(error)")
  }
}

/// Messages go to terminals and logs: one line, and nothing in it that moves a cursor or turns text around.
public func holdMessage(_ message: String) {
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
public func holdEqual<Value: Hashable>(
  _ left: Value, _ right: Value, _ property: @autoclosure () -> String
) {
  hold(left == right, "\(property()): \(left) and \(right)")
  hold(left.hashValue == right.hashValue, "equal values have equal hashes: \(left)")
}
