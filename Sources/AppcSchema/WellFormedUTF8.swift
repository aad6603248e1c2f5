/// The length of the well-formed UTF-8 sequence that starts at `index`, or nil if there is none.
///
/// Table 3-7 of the Unicode standard: overlong forms, surrogates and everything above U+10FFFF are
/// refused, as are sequences that the end of the bytes cuts short.
func wellFormedLength(in bytes: borrowing Span<UInt8>, at index: Int) -> Int? {
  guard index >= 0, index < bytes.count else { return nil }
  let lead = bytes[index]
  if lead < 0x80 { return 1 }
  let shape: (length: Int, second: ClosedRange<UInt8>)
  switch lead {
  case 0xC2...0xDF: shape = (2, 0x80...0xBF)
  case 0xE0: shape = (3, 0xA0...0xBF)
  case 0xE1...0xEC, 0xEE...0xEF: shape = (3, 0x80...0xBF)
  case 0xED: shape = (3, 0x80...0x9F)
  case 0xF0: shape = (4, 0x90...0xBF)
  case 0xF1...0xF3: shape = (4, 0x80...0xBF)
  case 0xF4: shape = (4, 0x80...0x8F)
  default: return nil
  }
  guard bytes.count - index >= shape.length, shape.second.contains(bytes[index + 1]) else { return nil }
  var next = index + 2
  while next < index + shape.length {
    guard bytes[next] & 0xC0 == 0x80 else { return nil }
    next += 1
  }
  return shape.length
}
