import AppcSchema

/// A way in which the library differs from the reference implementation on purpose.
///
/// Each says which way it goes, so that it cannot excuse the opposite:
/// - what the reference takes and we refuse is excused only if we take it once just what the rule speaks of has
///   been set right (`repair`);
/// - what we take and the reference refuses, only if the rule's departure is in the input (`departure`);
/// - another form or finding, only place by place (`place`).
struct DeliberateDifference: Sendable {
  enum Direction: Sendable {
    case weRefuse(repair: @Sendable (ConformanceCase) -> ConformanceCase?)
    case weAccept(departure: @Sendable (ConformanceCase) -> Bool)
    case weSay(place: @Sendable (JSONDifference, ConformanceCase) -> Bool)
  }

  let rule: String
  let reason: String
  let direction: Direction

  private init(_ rule: String, _ reason: String, _ direction: Direction) {
    self.rule = rule
    self.reason = reason
    self.direction = direction
  }

  static let all = refusals + acceptances + forms

  private static let refusals = [
    DeliberateDifference(
      "A8", "an image ID is sha512- and 128 lower-case hexadecimal digits", .weRefuse(repair: Repair.imageIDs)
    ),
    DeliberateDifference("A9", "the nil UUID names no pod", .weRefuse(repair: Repair.nilUUID)),
    DeliberateDifference("A10", "the hour of a date has two digits", .weRefuse(repair: Repair.shortHours)),
    DeliberateDifference("A13", "a number has a digit", .weRefuse(repair: Repair.missingDigits)),
    DeliberateDifference(
      "A15", "an amount has at most some 600 digits", .weRefuse(repair: Repair.hugeExponents)),
    DeliberateDifference("A17", "keys count by their exact bytes", .weRefuse(repair: Repair.spellingOfKeys)),
    DeliberateDifference("A17", "no key stands twice in an object", .weRefuse(repair: Repair.duplicateKeys)),
    DeliberateDifference(
      "A18", "null is no text and no number of a list", .weRefuse(repair: Repair.nullElements)),
    DeliberateDifference(
      "D0", "text is well-formed Unicode, as RFC 8259 wants it", .weRefuse(repair: Repair.loneSurrogates)),
    DeliberateDifference(
      "D0", "text holds no NUL, where the kernel would end it", .weRefuse(repair: Repair.nuls)),
    DeliberateDifference("D9", "a whitelist does not lead upwards", .weRefuse(repair: Repair.climbingPaths)),
    DeliberateDifference("E3", "a group is 0 to 4294967294", .weRefuse(repair: Repair.groups)),
    DeliberateDifference("E11", "a range of ports ends at 65535", .weRefuse(repair: Repair.portCounts)),
    DeliberateDifference(
      "H14", "what starts with sha512- and goes on in hexadecimal is an ID",
      .weRefuse(repair: Repair.referencesLikeIDs)),
    DeliberateDifference("K5", "an owner is 0 to 4294967294", .weRefuse(repair: Repair.owners)),
    DeliberateDifference("K5", "a mode on a command line is octal", .weRefuse(repair: Repair.modes)),
    DeliberateDifference(
      "L3", "what has no name cannot be written again, by the reference either",
      .weRefuse(repair: Repair.names)),
    DeliberateDifference("L13", "a port of the host is at most 65535", .weRefuse(repair: Repair.hostPorts)),
  ]

  private static let acceptances = [
    DeliberateDifference("A13", "K is taken for k", .weAccept(departure: Departure.capitalK)),
    DeliberateDifference(
      "A14", "an escape in a quantity's string counts", .weAccept(departure: Departure.escapes)),
    DeliberateDifference(
      "A17", "keys count by their exact bytes", .weAccept(departure: Departure.spellingOfKeys)),
    DeliberateDifference("A18", "null is the same as nothing", .weAccept(departure: Departure.nulls)),
    DeliberateDifference(
      "E7", "unknown isolators are kept", .weAccept(departure: Departure.unknownIsolators)),
    DeliberateDifference("E14", "a form may be written in JSON", .weAccept(departure: Departure.formsInJSON)),
    DeliberateDifference("V", "earlier versions are read", .weAccept(departure: \.isOfEarlierVersion)),
  ]

  private static let forms = [
    DeliberateDifference("A10", "a date is kept as it was written", .weSay(place: Place.dates)),
    DeliberateDifference("A11", "an address is kept as it was written", .weSay(place: Place.addresses)),
    DeliberateDifference(
      "A15", "amounts are rounded away from zero, and stop at the end of their range",
      .weSay(place: Place.rounding)),
    DeliberateDifference(
      "A16", "a canonical form has no plus, no E, no bare point, and the largest suffix",
      .weSay(place: Place.canonicalQuantities)),
    DeliberateDifference(
      "A16", "an amount keeps the family of suffixes it was written with", .weSay(place: Place.smallBinary)),
    DeliberateDifference("A17", "keys count by their exact bytes", .weSay(place: Place.spellingOfKeys)),
    DeliberateDifference("A17", "members that nobody knows are kept", .weSay(place: Place.unknownMembers)),
    DeliberateDifference("D12", "freebsd/i386 and darwin have names in Go", .weSay(place: Place.goPlatforms)),
    DeliberateDifference(
      "E14", "a port's protocol is tcp, its count 1 unless given", .weSay(place: Place.portForms)),
    DeliberateDifference("K5", "a mode is a number of four octal digits", .weSay(place: Place.modes)),
    DeliberateDifference(
      "L13", "an IP address is kept as it was written", .weSay(place: Place.hostAddresses)),
    DeliberateDifference(
      "N3", "a blank document has this library's version", .weSay(place: Place.blankVersions)),
    DeliberateDifference("V", "what earlier versions say is kept", .weSay(place: Place.earlierVersions)),
  ]
}
