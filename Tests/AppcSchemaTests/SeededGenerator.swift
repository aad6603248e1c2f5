/// The values of a round: the same from the same seed, on every machine.
///
/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to choose test data.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

extension SeededGenerator {
  /// True in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func number<Number: FixedWidthInteger>(_ range: ClosedRange<Number>) -> Number {
    // The ends of a range are where the mistakes are.
    switch Int.random(in: 0..<10, using: &self) {
    case 0: range.lowerBound
    case 1: range.upperBound
    default: Number.random(in: range, using: &self)
    }
  }

  mutating func pick<Element>(_ first: Element, _ others: Element...) -> Element {
    let index = Int.random(in: 0...others.count, using: &self)
    return index == 0 ? first : others[index - 1]
  }

  /// Something in half of the cases.
  mutating func maybe<Value>(_ make: (inout SeededGenerator) throws -> Value) rethrows -> Value? {
    chance(50) ? try make(&self) : nil
  }

  /// Up to `limit` values, often none.
  mutating func list<Element>(
    upTo limit: Int = 4, _ make: (inout SeededGenerator) throws -> Element
  ) rethrows -> [Element] {
    let count = chance(30) ? 0 : Int.random(in: 1...limit, using: &self)
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try make(&self)) }
    return elements
  }

  /// A list of which no two elements have the same key.
  mutating func distinct<Element, Key: Hashable>(
    upTo limit: Int = 4, by key: (Element) -> Key, _ make: (inout SeededGenerator) throws -> Element
  ) rethrows -> [Element] {
    var seen = Set<Key>()
    return try list(upTo: limit, make).filter { seen.insert(key($0)).inserted }
  }
}
