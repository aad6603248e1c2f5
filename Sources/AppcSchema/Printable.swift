/// Makes bytes from outside safe to show: what is not well-formed UTF-8 becomes `\xNN`, control,
/// formatting and line-separating characters become `\u{...}`, a backslash is doubled.
///
/// The result holds no character that could move a terminal's cursor, reverse the text's direction or
/// start a new line, so it can go into a one-line message or a log.
package func printable(_ bytes: some Sequence<UInt8>) -> String {
  let input = Array(bytes)
  var output = ""
  output.reserveCapacity(input.count)
  var index = 0
  while index < input.count {
    guard let length = wellFormedLength(in: input.span, at: index) else {
      output += "\\x" + hexadecimal(input[index])
      index += 1
      continue
    }
    for scalar in String(decoding: input[index..<index + length], as: UTF8.self).unicodeScalars {
      appendPrintable(scalar, to: &output)
    }
    index += length
  }
  return output
}

/// `printable` for a string, in quotation marks and cut after 80 bytes: what a message shows of a
/// value that may be megabytes long.
func quoted(_ text: String) -> String {
  let limit = 80
  let shown = printable(text.utf8.prefix(limit))
  return text.utf8.count > limit ? "\"\(shown)…\"" : "\"\(shown)\""
}

private func appendPrintable(_ scalar: Unicode.Scalar, to output: inout String) {
  if !scalar.isPrintable {
    output += "\\u{" + String(scalar.value, radix: 16) + "}"
  } else if scalar == "\\" {
    output += "\\\\"
  } else {
    output.unicodeScalars.append(scalar)
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return byte < 16 ? "0" + digits : digits
}
