import AppcSchema
import FuzzSupport

/// A part of a manifest: written and read again it is the same, and both modes agree where both accept.
@discardableResult
func checkSchemaValue<Value: SchemaValue>(_ type: Value.Type, _ json: JSONValue) -> Value? {
  let strict = accepted { () throws(SchemaError) in try Value(json: json, mode: .strict) }
  let tolerant = accepted { () throws(SchemaError) in try Value(json: json, mode: .tolerant) }
  if let strict {
    hold(tolerant != nil, "what is read strictly is read tolerantly: \(json)")
    holdRoundTrip(strict, .strict)
  }
  if let tolerant { holdRoundTrip(tolerant, .tolerant) }
  return tolerant
}

private func holdRoundTrip<Value: SchemaValue>(_ value: Value, _ mode: ReadingMode) {
  holdMessage("\(value)")
  let written = value.json
  let again = accepted { () throws(SchemaError) in
    try Value(json: JSONValue.parse(written.serialized()), mode: mode)
  }
  guard let again else { return hold(false, "what is written can be read: \(written)") }
  holdEqual(again, value, "what is written reads as what it was")
  holdEqual(again.json, written, "what is the same is written the same")
}

/// Isolators: what is taken apart and put together again means the same.
func checkIsolator(_ json: JSONValue) {
  guard let isolator = checkSchemaValue(Isolator.self, json) else { return }
  guard let content = isolator.content else { return hold(false, "an isolator that was read has content") }
  holdEqual(content.name, isolator.name, "content knows the isolator's name")
  let again = Isolator(content)
  hold(again.content == content, "content put into an isolator is its content: \(again.value)")
  hold(
    (try? Isolator(json: again.json, mode: .tolerant).content) == content,
    "an isolator made of content reads as the same: \(again.value)")
}

/// Environments: every variable is found by its name, and setting it to what it is changes nothing.
func checkEnvironment(_ json: JSONValue) {
  guard let environment = checkSchemaValue(Environment.self, json) else { return }
  var same = environment
  for variable in environment {
    hold(environment[variable.name]?.hasSameBytes(as: variable.value) == true, "a variable is found")
    hold((try? same.set(variable.name, to: variable.value)) != nil, "what was read can be set")
  }
  holdEqual(same, environment, "setting what is there changes nothing")
  for variable in environment { try? same.set(variable.name, to: nil) }
  hold(same.isEmpty, "what is removed is gone")
}
