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
}
