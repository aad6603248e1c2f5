import Testing

@testable import AppcSchema

@Suite("Quantities")
struct QuantityTests {
  @Test("A13: the same amount in different forms is equal")
  func equality() throws {
    let forms = try ["128974848", "125952Ki", "123Mi", "128974848000m", "128974.848k", "1.28974848e8"].map {
      try Quantity($0)
    }
    for form in forms { #expect(form == forms[0]) }
    #expect(Set(forms).count == 1)
    #expect(try Quantity("1K") == Quantity(1000))
  }

  @Test(
    "A16: the canonical form has the largest suffix that leaves a whole number",
    arguments: [
      ("1024Mi", "1Gi"), ("1000M", "1G"), ("1.5", "1500m"), ("1.5Gi", "1536Mi"), ("0", "0"), ("-0", "0"),
      ("0Ki", "0"),
      ("1023Ki", "1023Ki"), ("0.5Ki", "512"), ("1e3", "1e3"), ("1000e3", "1e6"), ("1e4", "10e3"),
      ("1e30", "1e30"),
      ("1000000E", "1000000E"), ("1n", "1n"), ("0.1n", "1n"), ("-0.1n", "-1n"), ("1100m", "1100m"),
      ("1.1Ki", "1126400m"),
      ("9Ei", "9223372036854775807"), ("-9Ei", "-9223372036854775807"), ("1e-100000000000000000000", "1e-9"),
    ])
  func canonical(text: String, form: String) throws {
    #expect(try Quantity(text).description == form)
    #expect(try Quantity(form).description == form)
  }

  @Test("A15: whole units and thousandths are rounded away from zero and stop at the ends of their range")
  func values() throws {
    #expect(try Quantity("0.3").value == 1)
    #expect(try Quantity("-0.3").value == -1)
    #expect(try Quantity("300m").milliValue == 300)
    #expect(try Quantity("1u").milliValue == 1)
    #expect(try Quantity("2Gi").value == 2_147_483_648)
    #expect(try Quantity("1e30").value == .max)
    #expect(try Quantity("-1e30").value == .min)
    #expect(try Quantity("-9223372036854775808").value == .min)
    #expect(try Quantity("9223372036854775807").milliValue == .max)
    #expect(try Quantity("1500").value(scale: 3) == 2)
  }

  @Test(
    "A13, A14: what is no quantity is refused, and so is one of absurd size",
    arguments: [
      "", " ", "1 ", " 1", "k", ".", "-", "+", "--1", "1kk", "1KB", "1ki", "1mi", "1i", "1e", "1e+", "1e1.5",
      "0x10", "1_000",
      "inf", "nan", "1,5", "１", "1\u{0}", "1e1000", "1e99999999999999999999", "1.2.3", "lots",
    ])
  func refusals(text: String) {
    #expect(throws: SchemaError.self) { try Quantity(text) }
  }

  @Test("sums and differences are exact, whatever the signs")
  func arithmetic() throws {
    for left in ["0", "1", "-1", "1.5Gi", "-0.000000001", "1e20", "-1e20", "999999999n", "1n"] {
      for right in ["0", "1", "-1", "3", "1e20", "-1e20", "1n", "-999999999n"] {
        let (first, second) = (try Quantity(left), try Quantity(right))
        #expect(first + second == second + first)
        #expect(first + second - second == first)
        #expect((first < second) == ((first - second).isNegative))
      }
    }
    #expect(Quantity(5).roundedUp(scale: 1) == Quantity(10))
    #expect(Quantity(1, scale: -3) == (try Quantity("1m")))
  }

  @Test(
    "A15: an amount rounds away from zero to a multiple of a power of ten",
    arguments: [
      (-9, "9.01"), (-3, "9.01"), (-2, "9.01"), (-1, "9.1"), (0, "10"), (1, "10"), (2, "100"), (18, "1E"),
      (.min, "9.01"), (.max, "1E"),
    ])
  func roundedUp(scale: Int, result: String) throws {
    #expect(try Quantity("9.01").roundedUp(scale: scale) == Quantity(result))
    #expect(try Quantity("-9.01").roundedUp(scale: scale) == -(try Quantity(result)))
    #expect(Quantity.zero.roundedUp(scale: scale).isZero)
  }

  @Test(
    "A15: units of any power of ten are counted, rounded away from zero, and stop at the ends of the range")
  func scaledValues() throws {
    for (from, to, value) in [
      (-9, -9, 1), (-9, -6, 1), (-9, 0, 1), (-6, -9, 1000), (-3, -9, 1_000_000), (0, -9, 1_000_000_000),
      (0, -3, 1000), (0, 3, 1), (3, 0, 1000), (18, 0, 1_000_000_000_000_000_000), (18, 18, 1), (0, 40, 1),
      (0, .max, 1), (0, -19, .max), (0, .min, .max),
    ] as [(Int, Int, Int64)] {
      #expect(Quantity(1, scale: from).value(scale: to) == value, "\(from) to \(to)")
      #expect(
        Quantity(-1, scale: from).value(scale: to) == (value == .max ? .min : -value), "\(from) to \(to)")
    }
    #expect(Quantity.zero.value(scale: .min) == 0)
  }

  @Test("A16: a number of units, of thousandths or of billionths has the canonical form of its format")
  func made() {
    #expect(Quantity(1_234_000).description == "1234k")
    #expect(Quantity(1024, format: .binarySI).description == "1Ki")
    #expect(Quantity(1_000_000, format: .decimalExponent).description == "1e6")
    #expect(Quantity(1_000_000, scale: -3, format: .decimalExponent).description == "1e3")
    #expect(Quantity(1024, scale: -3, format: .binarySI).description == "1024m")
    #expect(Quantity(1000, scale: -9).description == "1u")
    #expect(Quantity(.min, scale: 18).description == "-9223372036854775808E")
    #expect(Quantity(1, scale: -12) == Quantity(1, scale: -9))
    #expect(Quantity(5, scale: .min) == Quantity(1, scale: -9))
    #expect(Quantity(5, scale: .max) == Quantity(5, scale: 18))
  }

  @Test("sums start from nothing and keep the first format")
  func sums() throws {
    let limits = try ["512Mi", "1.5Gi", "2Gi"].map { try Quantity($0) }
    #expect(limits.reduce(.zero, +).description == "4Gi")
    // By key path: code that a compiler once got wrong for amounts with 16-byte alignment.
    #expect(limits.map(\.value) == [512 << 20, 3 << 29, 2 << 30])
  }

  @Test("an amount is the same number in a machine word and beyond it")
  func representations() throws {
    let edge = DecimalMagnitude.word(DecimalMagnitude.Word(.max))
    let beyond = edge + DecimalMagnitude(1)
    #expect(beyond.text == "340282366920938463463374607431768211456")
    #expect(beyond > edge)
    #expect(beyond.distance(to: DecimalMagnitude(1)) == edge)
    #expect(beyond.distance(to: beyond) == .zero)
    #expect(beyond == DecimalMagnitude(digits: beyond.text.utf8))
    #expect(edge == DecimalMagnitude(digits: edge.text.utf8))
    #expect(edge.multiplied(by: 1000).divided(by: 1000).quotient == edge)
    #expect(Set([edge.shifted(by: 3).shifted(by: -3), edge]).count == 1)
    #expect(beyond.shifted(by: -40) == DecimalMagnitude(1))
    #expect(beyond.uint64 == nil)
  }

  @Test("arithmetic agrees with that of integers, whatever the sizes", arguments: Round.all)
  func arithmeticOfIntegers(round: Round) throws {
    var generator = round.generator
    for _ in 0..<50 {
      let (left, right) = (Self.integer(&generator), Self.integer(&generator))
      // Both once in words and once shifted far beyond them, where sums must come out the same.
      for zeros in [0, 40] {
        let tail = String(repeating: "0", count: zeros)
        let first = try Quantity("\(left)\(tail)n")
        let second = try Quantity("\(right)\(tail)n")
        #expect(first + second == (try Quantity("\(left + right)\(tail)n")), "\(left) \(right)")
        #expect(first - second == (try Quantity("\(left - right)\(tail)n")), "\(left) \(right)")
        #expect((first < second) == (left < right), "\(left) \(right)")
        #expect((first == second) == (left == right), "\(left) \(right)")
      }
    }
  }

  private static func integer(_ generator: inout SeededGenerator) -> Int128 {
    Int128(generator.number(Int64.min...Int64.max)) * Int128(generator.pick(1, 1000, 1 << 40) as Int64)
  }

  @Test("A16: what is printed reads back as the same amount in the same format", arguments: Round.all)
  func roundTrips(round: Round) throws {
    var generator = round.generator
    for _ in 0..<200 {
      let digits = (0..<generator.number(1...45)).map { _ in String(generator.number(0...9)) }.joined()
      let suffix = generator.pick(
        "", "n", "u", "m", "k", "K", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "E-7",
        "e40")
      let text = generator.pick("", "-", "+") + generator.pick("", "0", "12.", ".", "000.") + digits + suffix
      let quantity = try Quantity(text)
      let again = try Quantity(quantity.description)
      #expect(again == quantity, "\(text)")
      #expect(again.description == quantity.description, "\(text)")
      #expect(again.hashValue == quantity.hashValue, "\(text)")
      #expect(quantity.roundedUp(scale: 0).value == quantity.value, "\(text)")
    }
  }
}
