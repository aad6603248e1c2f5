/// Gives a text the equality of its bytes.
///
/// Swift compares strings by canonical equivalence: "K" equals U+212A (the Kelvin sign), and a composed
/// "é" a decomposed one. Paths, label values and JSON keys that differ in bytes are different things to the
/// kernel and to every other reader, so stored properties of text carry this wrapper and the synthesised
/// `==` and `hash(into:)` of the types that hold them compare bytes.
@propertyWrapper
public struct Bytewise<Value: BytewiseText>: Hashable, Sendable {
  /// The text itself.
  public var wrappedValue: Value

  /// Wraps a text.
  public init(wrappedValue: Value) {
    self.wrappedValue = wrappedValue
  }

  /// Whether both texts hold the same bytes.
  public static func == (left: Bytewise, right: Bytewise) -> Bool {
    left.wrappedValue.hasSameBytes(as: right.wrappedValue)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    wrappedValue.hashBytes(into: &hasher)
  }
}

/// Something made of text that can be compared by its bytes.
public protocol BytewiseText: Sendable {
  /// Whether both hold the same bytes.
  func hasSameBytes(as other: Self) -> Bool
  /// Feeds the bytes, and enough structure to tell neighbours apart, to the hasher.
  func hashBytes(into hasher: inout Hasher)
}

extension String: BytewiseText {
  /// Whether both strings hold the same UTF-8.
  public func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return withBytes(of: self) { mine in withBytes(of: other) { mine.elementsEqual($0) } }
  }

  /// Feeds the UTF-8, closed by a byte that UTF-8 never holds, to the hasher.
  public func hashBytes(into hasher: inout Hasher) {
    withBytes(of: self) { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}

extension Optional: BytewiseText where Wrapped: BytewiseText {
  /// Whether both are absent, or both present with the same bytes.
  public func hasSameBytes(as other: Wrapped?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine.hasSameBytes(as: theirs)
    default: false
    }
  }

  /// Feeds the presence and the bytes to the hasher.
  public func hashBytes(into hasher: inout Hasher) {
    hasher.combine(self != nil)
    self?.hashBytes(into: &hasher)
  }
}

extension Array: BytewiseText where Element: BytewiseText {
  /// Whether both hold elements of the same bytes in the same order.
  public func hasSameBytes(as other: [Element]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.hasSameBytes(as: $1) }
  }

  /// Feeds the count and each element's bytes to the hasher.
  public func hashBytes(into hasher: inout Hasher) {
    hasher.combine(count)
    for element in self { element.hashBytes(into: &hasher) }
  }
}

/// The UTF-8 of a string as a buffer; no copy is made of a native string.
func withBytes<Result>(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
  if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
  return Array(text.utf8).withUnsafeBufferPointer(body)
}

/// Whether `left` comes before `right` byte by byte, which for UTF-8 is the order of code points.
func precedesInBytes(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}

/// A text as a key of sets and dictionaries that go by bytes.
struct ByteKey: Hashable, Sendable {
  @Bytewise var text: String

  init(_ text: String) {
    self.text = text
  }
}
