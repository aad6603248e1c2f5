/// What inputs are taken for: each case is a reader, or a few, and what must hold of them.
///
/// The raw value is an input's first byte, so that seeds and findings can be read and written by hand:
/// `q1.5Gi` is the quantity `1.5Gi`.
public protocol FuzzTarget: CaseIterable, RawRepresentable<Character> where AllCases == [Self] {
  /// Ends the process if something does not hold of this input.
  func check(_ bytes: [UInt8])
}

extension FuzzTarget {
  /// What libFuzzer calls, over and over: the first byte chooses a target, the rest is its input.
  public static func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let selector = bytes.first else { return 0 }
    target(selector).check(Array(bytes.dropFirst()))
    return 0
  }

  /// The target of this letter; any other byte means some target too, so that no input is wasted.
  private static func target(_ selector: UInt8) -> Self {
    let all = allCases
    return all.first { $0.rawValue.asciiValue == selector } ?? all[Int(selector) % all.count]
  }
}
