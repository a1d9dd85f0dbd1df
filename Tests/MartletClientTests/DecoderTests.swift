import NIOCore
import TestSupport
import Testing

@testable import MartletClient

private func decodeAll(_ bytes: [UInt8], pieces: [Int] = [], limits: RESPLimits = RESPLimits()) throws -> [RESPValue] {
  var decoder = RESPDecoder(limits: limits)
  var values: [RESPValue] = []
  var buffer = ByteBuffer()
  var rest = bytes[...]
  for length in pieces + [bytes.count] {
    buffer.writeBytes(rest.prefix(length))
    rest = rest.dropFirst(length)
    while let value = try decoder.next(from: &buffer) { values.append(value) }
  }
  return values
}

private func decode(_ text: String) throws -> [RESPValue] { try decodeAll(Array(text.utf8)) }

@Test func everyTypeIsRead() throws {
  #expect(try decode("+OK\r\n") == [.simpleString("OK")])
  #expect(try decode("-ERR no\r\n") == [.error(ServerError("ERR no"))])
  #expect(try decode(":-9223372036854775808\r\n") == [.integer(.min)])
  #expect(try decode(":9223372036854775807\r\n") == [.integer(.max)])
  #expect(try decode("$3\r\na\r\n\r\n$0\r\n\r\n$-1\r\n") == [.bulkString("a\r\n"), .bulkString(""), .null])
  #expect(try decode("*2\r\n:1\r\n*0\r\n*-1\r\n") == [.array([.integer(1), .array([])]), .null])
  #expect(try decode("_\r\n#t\r\n#f\r\n") == [.null, .boolean(true), .boolean(false)])
  #expect(try decode(",1.5\r\n,inf\r\n,-inf\r\n,1e3\r\n") == [1.5, .infinity, -.infinity, 1000].map { .double($0) })
  #expect(try decode("(-123456789012345678901234567890\r\n") == [.bigNumber("-123456789012345678901234567890")])
  #expect(try decode("!7\r\nERR a\nb\r\n") == [.error(ServerError("ERR a\nb"))])
  #expect(try decode("=6\r\ntxt:ab\r\n") == [.verbatimString(format: "txt", "ab")])
  #expect(
    try decode("%1\r\n+a\r\n:1\r\n~1\r\n:2\r\n") == [.map([.simpleString("a"), .integer(1)]), .set([.integer(2)])])
  #expect(try decode(">2\r\n+message\r\n+x\r\n") == [.push([.simpleString("message"), .simpleString("x")])])
}

@Test func indexesOfArraysReachBeyondInt() throws {
  let large = RESPValue.bigNumber("18446744073709551614")
  #expect(try decode(":18446744073709551614\r\n:-9223372036854775808\r\n") == [large, .integer(.min)])
  #expect(try UInt64(from: large) == .max - 1)
  #expect(try UInt64(from: .integer(7)) == 7)
  #expect(throws: MartletError.self) { try UInt64(from: .integer(-1)) }
  #expect(throws: MartletError.self) { try Int(from: large) }
}

@Test func attributesBelongToTheValueThatFollows() throws {
  let attributed = RESPValue.attributed(.integer(7), attributes: [.simpleString("ttl"), .integer(3)])
  #expect(try decode("|1\r\n+ttl\r\n:3\r\n:7\r\n") == [attributed])
  #expect(try decode("*2\r\n|1\r\n+ttl\r\n:3\r\n:7\r\n:8\r\n") == [.array([attributed, .integer(8)])])
  #expect(try decode("|0\r\n:7\r\n") == [.attributed(.integer(7), attributes: [])])
  #expect(try Int(from: attributed) == 7)
}

@Test func whatIsNotRESPIsRefused() throws {
  let hostile: [(String, RESPError)] = [
    ("HTTP/1.1 200 OK\r\n", .unknownType(0x48)), ("$2147483648\r\n", .tooLong(announced: 2_147_483_648)),
    ("*2147483648\r\n", .tooLong(announced: 2_147_483_648)), ("$-2\r\n", .malformedNumber),
    ("*-2\r\n", .malformedNumber), (">-1\r\n", .malformedNumber), (">0\r\n", .malformedValue),
    ("$99999999999999999999\r\n", .malformedNumber), (":\r\n", .malformedNumber), (":1a\r\n", .malformedNumber),
    (":18446744073709551616\r\n", .malformedNumber), ("$?\r\n", .streamed), ("*?\r\n", .streamed),
    ("$1\r\nabc", .missingLineEnd), ("+a\n", .missingLineEnd), ("+a\rb\r\n", .missingLineEnd),
    ("#x\r\n", .malformedValue),
    ("_x\r\n", .malformedValue), (",x\r\n", .malformedNumber), ("(1.5\r\n", .malformedNumber),
    ("=2\r\nab\r\n", .malformedValue), ("*1\r\n>1\r\n+a\r\n", .misplacedPush),
    (String(repeating: "*1\r\n", count: 200), .tooDeep), ("+" + String(repeating: "a", count: 70_000), .missingLineEnd),
  ]
  for (text, error) in hostile {
    #expect(throws: error, "\(text.prefix(40))") { try decode(text) }
  }
}

/// Whatever a number announces, of whatever kind: it is refused, or waited for, and never believed.
@Test(arguments: ["*", "~", "%", ">", "|", "$", "!", "="])
func noNumberOfWhateverIsAnnouncedIsBelieved(_ type: String) throws {
  let isAggregate = "*~%>|".contains(type)
  for number in ["-2", "-9223372036854775808", "9223372036854775808", "99999999999999999999999", "", "-", "1.5", " 1"] {
    #expect(throws: RESPError.malformedNumber, "\(type)\(number)") { try decode("\(type)\(number)\r\n") }
  }
  for number in [2_147_483_648, Int.max, Int.max / 2 + 1] {
    #expect(throws: RESPError.tooLong(announced: number)) { try decode("\(type)\(number)\r\n") }
    if isAggregate {
      #expect(throws: RESPError.tooLong(announced: number)) { try decode("*2\r\n:1\r\n\(type)\(number)\r\n") }
    }
  }
  #expect(throws: RESPError.streamed) { try decode("\(type)?\r\n") }
  // What is within limits costs nothing before it comes; and limits may be as wide as anybody likes.
  var wide = RESPLimits()
  (wide.stringBytes, wide.elements) = (.max, .max)
  for (limits, number) in [(RESPLimits(), 100_000_000), (wide, Int.max / 2), (wide, Int.max)] {
    var decoder = RESPDecoder(limits: limits)
    var buffer = ByteBuffer(string: "\(type)\(number)\r\n")
    if number == .max, type == "%" || type == "|" {
      #expect(throws: RESPError.tooLong(announced: .max)) { try decoder.next(from: &buffer) }
      continue
    }
    #expect(try decoder.next(from: &buffer) == nil)
    #expect(!decoder.isBetweenReplies)
    buffer.writeString("+a\r\n")
    #expect(try decoder.next(from: &buffer) == nil)
  }
}

/// Nesting is bounded in every kind of aggregate, in attributes too, and in those of attributes.
@Test(arguments: ["*1\r\n", "~1\r\n", "%1\r\n", "|1\r\n", "|0\r\n", "|1\r\n+a\r\n", "*2\r\n:1\r\n|0\r\n"])
func nestingIsBoundedOfWhateverKind(_ head: String) throws {
  #expect(throws: RESPError.tooDeep) { try decode(String(repeating: head, count: 200)) }
  // Just as deep as is allowed, and read to its end.
  var limits = RESPLimits()
  limits.depth = 10_000
  let text = String(repeating: head, count: 300)
  #expect(try decodeAll(Array(text.utf8), limits: limits).isEmpty)
}

@Test func asDeepAsAllowedIsRead() throws {
  let depth = RESPLimits().depth
  let deepest = String(repeating: "*1\r\n", count: depth) + ":7\r\n"
  var value = try #require(try decode(deepest).first)
  for _ in 0..<depth { value = try #require(value.elements?.first) }
  #expect(value == .integer(7))
  #expect(throws: RESPError.tooDeep) { try decode("*1\r\n" + deepest) }
}

/// An announcement of what never comes must not cost what it announces.
@Test func announcedLengthsReserveNothing() throws {
  var decoder = RESPDecoder()
  var buffer = ByteBuffer(string: String(repeating: "*134217728\r\n", count: 100))
  #expect(try decoder.next(from: &buffer) == nil)
  #expect(!decoder.isBetweenReplies)
}

private func randomValue(_ random: inout SeededRandom, depth: Int, into bytes: inout [UInt8]) {
  let text = String(repeating: random.one(of: ["a", "xyz", "é"]), count: random.below(12))
  switch random.below(depth > 3 ? 8 : 13) {
  case 0: bytes += Array("+\(text)\r\n".utf8)
  case 1: bytes += Array("-ERR \(text)\r\n".utf8)
  case 2: bytes += Array(":\(Int.random(in: -1000...1000, using: &random))\r\n".utf8)
  case 3: bytes += Array("$\(text.utf8.count)\r\n\(text)\r\n".utf8)
  case 4: bytes += Array("_\r\n".utf8)
  case 5: bytes += Array(",\(Double(random.below(1000)) / 7)\r\n".utf8)
  case 6: bytes += Array("#t\r\n".utf8)
  case 7: bytes += Array("$-1\r\n".utf8)
  default:
    let type = random.one(of: ["*", "~", "%", "|"])
    let count = random.below(4)
    bytes += Array("\(type)\(count)\r\n".utf8)
    let values = type == "%" ? 2 * count : type == "|" ? 2 * count + 1 : count
    for _ in 0..<values { randomValue(&random, depth: depth + 1, into: &bytes) }
  }
}

@Test func piecesReadAsTheWhole() throws {
  let seed = SeededRandom.runSeed()
  var random = SeededRandom(seed: seed)
  for round in 0..<400 {
    var bytes: [UInt8] = []
    for _ in 0..<6 { randomValue(&random, depth: 0, into: &bytes) }
    let whole = try decodeAll(bytes)
    let pieces = (0..<bytes.count).map { _ in 1 + random.below(5) }
    #expect(try decodeAll(bytes, pieces: pieces) == whole, "seed \(seed), round \(round)")
    #expect(whole.count == 6, "seed \(seed), round \(round)")
  }
}

@Test func corruptBytesEndInAnErrorOrAValue() {
  let seed = SeededRandom.runSeed()
  var random = SeededRandom(seed: seed)
  for _ in 0..<SeededRandom.count("MARTLET_CLIENT_FUZZ", default: 20_000) {
    var bytes: [UInt8] = []
    for _ in 0..<3 { randomValue(&random, depth: 0, into: &bytes) }
    for _ in 0..<1 + random.below(4) {
      switch random.below(3) {
      case 0: bytes[random.below(bytes.count)] = UInt8(random.below(256))
      case 1: bytes.insert(random.one(of: Array("*$%|>~?-:9\r\n".utf8)), at: random.below(bytes.count))
      default: if bytes.count > 1 { bytes.remove(at: random.below(bytes.count)) }
      }
    }
    // Whatever it is, it is told, and the process lives.
    _ = try? decodeAll(bytes, pieces: [random.below(bytes.count)])
  }
}

@Test func commandsAreWrittenAsTheServerReadsThem() {
  func encode(_ arguments: [RESPArgument]) -> String {
    var encoder = CommandEncoder()
    encoder.begin()
    encoder.append([] as [RESPArgument])
    _ = encoder.end()
    encoder.begin()
    encoder.append(arguments)
    _ = encoder.end()
    return String(buffer: encoder.take())
  }
  #expect(encode(["GET", "k"]) == "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
  #expect(encode(["", -12, 1.5]) == "*3\r\n$0\r\n\r\n$3\r\n-12\r\n$3\r\n1.5\r\n")
  #expect(encode(Array(repeating: "ab", count: 12)) == "*12\r\n" + String(repeating: "$2\r\nab\r\n", count: 12))
  #expect(encode(Array(repeating: "ab", count: 1234)) == "*1234\r\n" + String(repeating: "$2\r\nab\r\n", count: 1234))
  #expect(encode([]) == "")
  #expect(encode([.double(.infinity)]) == "*1\r\n$3\r\ninf\r\n")
}

@Test func repliesOfBothProtocolsConvertAlike() throws {
  let flat = RESPValue.array([.bulkString("a"), .bulkString("1"), .bulkString("b"), .bulkString("2.5")])
  let map = RESPValue.map([.bulkString("a"), .double(1), .bulkString("b"), .double(2.5)])
  let nested = RESPValue.array([.array([.bulkString("a"), .double(1)]), .array([.bulkString("b"), .double(2.5)])])
  let members = [ScoredMember("a", score: 1), ScoredMember("b", score: 2.5)]
  for value in [flat, map, nested] {
    #expect(try ScoredMember.list(value) == members)
    #expect(try [RESPString: Double](from: value) == ["a": 1, "b": 2.5])
  }
  #expect(throws: MartletError.server(ServerError("ERR x"))) { try Int(from: .error(ServerError("ERR x"))) }
  #expect(throws: MartletError.unexpectedReply(expected: "Int", got: "array of 0")) { try Int(from: .array([])) }
  #expect(try Int?(from: .null) == nil)
  #expect(throws: MartletError.self) { try [Int](from: .array([.error(ServerError("ERR y"))])) }
}
