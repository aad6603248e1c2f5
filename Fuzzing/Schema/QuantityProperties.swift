import AppcSchema
import FuzzSupport

/// Quantities, one a line: each comes back from its canonical form, and together they can be calculated with.
func checkQuantities(_ text: String) {
  let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
  let quantities = lines.compactMap { line in
    accepted { () throws(SchemaError) in try Quantity(String(line)) }
  }
  quantities.forEach(checkQuantity)
  for left in quantities {
    for right in quantities { checkPair(left, right) }
  }
  checkOrder(quantities)
}

private func checkQuantity(_ quantity: Quantity) {
  let text = quantity.description
  guard let again = accepted({ () throws(SchemaError) in try Quantity(text) }) else {
    return hold(false, "the canonical form can be read: \(text)")
  }
  holdEqual(again, quantity, "the canonical form is the same amount")
  hold(again.description == text, "the canonical form of the canonical form is itself: \(text)")
  hold((try? Quantity(json: .string(" \(text)\t"), mode: .strict)) == quantity, "JSON has it as a string")
  holdEqual(-(-quantity), quantity, "the other sign twice is the same")
  hold((quantity - quantity).isZero && quantity - quantity == Quantity(0), "less itself it is zero")
  for scale in [-9, -3, 0, 9] {
    let rounded = quantity.roundedUp(scale: scale)
    hold(quantity.isNegative ? rounded <= quantity : rounded >= quantity, "rounding goes away from zero")
    holdEqual(rounded.roundedUp(scale: scale), rounded, "what is rounded stays")
    let value = quantity.value(scale: scale)
    hold(value == rounded.value(scale: scale), "a value is that of the rounded amount")
    if value != .max && value != .min {
      holdEqual(Quantity(value, scale: scale), rounded, "a value is the rounded amount")
    }
  }
}

private func checkPair(_ left: Quantity, _ right: Quantity) {
  let sum = left + right
  holdEqual(sum, right + left, "sums do not depend on the order")
  let text = sum.description
  // An amount of more digits than are read can only be calculated.
  hold(text.utf8.count > 590 || (try? Quantity(text)) == sum, "a sum can be written: \(text)")
  holdEqual(left + right - right, left, "what is added can be taken away")
  let relations = [left < right, left == right, left > right]
  hold(relations.count { $0 } == 1, "of two amounts one is less, or they are equal: \(left), \(right)")
  hold((left < right) == (left - right).isNegative, "the lesser less the greater is negative")
  hold(left > right || left.value <= right.value, "whole units follow the amounts: \(left), \(right)")
}

private func checkOrder(_ quantities: [Quantity]) {
  guard quantities.count == 3 else { return }
  let sorted = quantities.sorted()
  hold(sorted[0] <= sorted[2], "order is transitive: \(sorted)")
  let sum = quantities[0] + quantities[1] + quantities[2]
  holdEqual(quantities[0] + (quantities[1] + quantities[2]), sum, "sums do not depend on grouping")
}
