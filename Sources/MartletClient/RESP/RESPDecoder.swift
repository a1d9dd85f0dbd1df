import NIOCore

/// What a server sent that is not RESP, or more of it than the client is willing to take.
public enum RESPError: Error, Sendable, Hashable {
  case unknownType(UInt8)
  /// A length or number that is none.
  case malformedNumber
  /// A value that its type does not have, such as a boolean other than `t` and `f`.
  case malformedValue
  /// What was announced is longer than the limit.
  case tooLong(announced: Int)
  case tooDeep
  case missingLineEnd
  /// Streamed strings and aggregates (`$?`, `*?`), which no server sends.
  case streamed
  /// A push inside another value.
  case misplacedPush
}

/// What a client takes from a server at most. A length that is only announced costs no memory.
public struct RESPLimits: Sendable, Hashable {
  /// Bytes of one string.
  public var stringBytes = 512 << 20
  /// Elements of one array, set or map.
  public var elements = 1 << 27
  /// Arrays in arrays.
  public var depth = 128
  /// Bytes of a line: of statuses, errors and numbers.
  public var lineBytes = 64 << 10

  public init() {}
}

/// Takes replies from a stream of bytes, in pieces as they come: no byte is looked at twice, but for the line at the end
/// of a piece.
///
/// Aggregates that are not complete stand on a stack of the decoder's own, so that neither depth nor announced lengths
/// can exhaust what they were not given. After an error nothing in the stream can be trusted.
struct RESPDecoder {
  private struct Aggregate {
    let type: UInt8
    var remaining: Int
    var elements: [RESPValue] = []
  }

  /// A string of which only the length has come.
  private struct Announced {
    let type: UInt8
    let length: Int
  }

  private let limits: RESPLimits
  private var open: [Aggregate] = []
  private var announced: Announced?

  init(limits: RESPLimits = RESPLimits()) { self.limits = limits }

  /// Whether the stream may end here.
  var isBetweenReplies: Bool { open.isEmpty && announced == nil }

  /// Takes the next complete reply off the buffer; nil if there is none yet.
  mutating func next(from buffer: inout ByteBuffer) throws(RESPError) -> RESPValue? {
    while true {
      guard let value = try takeScalar(from: &buffer) else { return nil }
      if case .opened = value { continue }
      guard case .value(var complete) = value else { return nil }
      while true {
        guard let last = open.indices.last else { return complete }
        open[last].elements.append(complete)
        open[last].remaining -= 1
        if open[last].remaining > 0 { break }
        guard let closed = try close() else { break }
        complete = closed
      }
    }
  }

  // MARK: Aggregates

  private mutating func openAggregate(_ type: UInt8, count: Int) throws(RESPError) -> Step {
    if count == -1 && (type == .asterisk || type == .tilde || type == .percent) { return .value(.null) }
    guard count >= 0 else { throw .malformedNumber }
    guard count <= limits.elements else { throw .tooLong(announced: count) }
    guard open.count < limits.depth else { throw .tooDeep }
    if type == .greater {
      guard open.isEmpty else { throw .misplacedPush }
      guard count > 0 else { throw .malformedValue }
    }
    let (pairs, overflow) = count.multipliedReportingOverflow(by: 2)
    let isPairs = type == .percent || type == .bar
    if isPairs && overflow { throw .tooLong(announced: count) }
    let values = isPairs ? pairs : count
    if values == 0 && type != .bar { return .value(Self.aggregate(type, [])) }
    var aggregate = Aggregate(type: type, remaining: values)
    aggregate.elements.reserveCapacity(min(values, 64))
    open.append(aggregate)
    if values == 0 { _ = try close() }
    return .opened
  }

  /// Closes the innermost aggregate. Attributes are no value yet: they wait for the one that they belong to.
  private mutating func close() throws(RESPError) -> RESPValue? {
    let closed = open.removeLast()
    switch closed.type {
    case .bar:
      open.append(Aggregate(type: .attributesRead, remaining: 1, elements: [.map(closed.elements)]))
      return nil
    case .attributesRead:
      guard case .map(let attributes) = closed.elements[0] else { throw .malformedValue }
      return .attributed(closed.elements[1], attributes: attributes)
    default: return Self.aggregate(closed.type, closed.elements)
    }
  }

  private static func aggregate(_ type: UInt8, _ elements: [RESPValue]) -> RESPValue {
    switch type {
    case .tilde: .set(elements)
    case .percent: .map(elements)
    case .greater: .push(elements)
    default: .array(elements)
    }
  }

  // MARK: Scalars

  private enum Step {
    case value(RESPValue)
    /// The head of an aggregate: its elements follow.
    case opened
  }

  private mutating func takeScalar(from buffer: inout ByteBuffer) throws(RESPError) -> Step? {
    if announced == nil {
      guard let line = try Line(in: buffer, limit: limits.lineBytes) else { return nil }
      if let step = try read(line, of: &buffer) { return step }
    }
    guard let announced, buffer.readableBytes - 2 >= announced.length else { return nil }
    self.announced = nil
    guard let body = buffer.readSlice(length: announced.length), let end = buffer.readInteger(as: UInt16.self),
      end == 0x0d0a
    else { throw .missingLineEnd }
    return .value(try Self.string(announced.type, body))
  }

  /// Takes the line off the buffer. Nil if a string follows, which is then announced.
  private mutating func read(_ line: Line, of buffer: inout ByteBuffer) throws(RESPError) -> Step? {
    let type = line.type
    switch type {
    case .dollar, .equals, .exclamation:
      let length = try line.number(in: &buffer)
      if length == -1 && type == .dollar { return .value(.null) }
      guard length >= 0 else { throw .malformedNumber }
      guard length <= limits.stringBytes else { throw .tooLong(announced: length) }
      announced = Announced(type: type, length: length)
      return nil
    case .asterisk, .tilde, .percent, .greater, .bar:
      return try openAggregate(type, count: try line.number(in: &buffer))
    case .colon: return .value(try Self.integer(line, &buffer))
    case .plus: return .value(.simpleString(line.text(in: &buffer)))
    case .minus: return .value(.error(ServerError(line.text(in: &buffer))))
    case .underscore:
      guard line.text(in: &buffer).isEmpty else { throw .malformedValue }
      return .value(.null)
    case .hash:
      let text = line.text(in: &buffer)
      guard text == "t" || text == "f" else { throw .malformedValue }
      return .value(.boolean(text == "t"))
    case .comma:
      guard let number = RESPDecoder.double(line.text(in: &buffer)) else { throw .malformedNumber }
      return .value(.double(number))
    case .parenthesis:
      let text = line.text(in: &buffer)
      let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
      guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- 48 < 10 }) else { throw .malformedNumber }
      return .value(.bigNumber(text))
    default: throw .unknownType(type)
    }
  }

  /// Indexes of arrays reach up to 2^64, beyond `Int`.
  private static func integer(_ line: Line, _ buffer: inout ByteBuffer) throws(RESPError) -> RESPValue {
    do throws(RESPError) { return .integer(try line.number(in: &buffer)) } catch {
      let text = line.text(in: &buffer)
      guard UInt64(text) != nil else { throw error }
      return .bigNumber(text)
    }
  }

  private static func string(_ type: UInt8, _ body: ByteBuffer) throws(RESPError) -> RESPValue {
    switch type {
    case .equals:
      var body = body
      guard body.readableBytes >= 4, let format = body.readString(length: 3), body.readInteger() == UInt8(ascii: ":")
      else { throw .malformedValue }
      return .verbatimString(format: format, RESPString(buffer: body))
    case .exclamation: return .error(ServerError(String(buffer: body)))
    default: return .bulkString(RESPString(buffer: body))
    }
  }

  /// `inf`, `-inf` and `nan` as the protocol spells them, and what Swift reads as a number.
  static func double(_ text: String) -> Double? {
    switch text {
    case "inf", "+inf": .infinity
    case "-inf": -.infinity
    case "nan", "-nan": .nan
    default: text.utf8.allSatisfy { $0 != 0x78 && $0 != 0x58 && $0 > 32 } ? Double(text) : nil
    }
  }
}

/// A type byte and its line, still in the buffer.
private struct Line {
  let type: UInt8
  /// Of the text between type byte and line end.
  private let length: Int

  /// Nil if the line has not come to its end.
  init?(in buffer: ByteBuffer, limit: Int) throws(RESPError) {
    // -1: not complete; -2: an end that is none.
    let (type, end) = buffer.withUnsafeReadableBytes { bytes -> (UInt8, Int) in
      guard let type = bytes.first else { return (0, -1) }
      var at = 1
      while at < bytes.count {
        if bytes[at] == 13 {
          if at + 1 == bytes.count { return (type, -1) }
          return (type, bytes[at + 1] == 10 ? at : -2)
        }
        if bytes[at] == 10 || at > limit { return (type, -2) }
        at += 1
      }
      return (type, -1)
    }
    if type != 0 && !RESPDecoder.types.contains(type) { throw .unknownType(type) }
    if end == -2 { throw .missingLineEnd }
    if end == -1 { return nil }
    self.type = type
    length = end - 1
  }

  func text(in buffer: inout ByteBuffer) -> String {
    buffer.moveReaderIndex(forwardBy: 1)
    defer { buffer.moveReaderIndex(forwardBy: 2) }
    return buffer.readString(length: length) ?? ""
  }

  func number(in buffer: inout ByteBuffer) throws(RESPError) -> Int {
    let count = length
    let number = buffer.withUnsafeReadableBytes { bytes -> Int? in
      var at = 1
      let isNegative = count > 0 && bytes[1] == UInt8(ascii: "-")
      if isNegative || count > 0 && bytes[1] == UInt8(ascii: "+") { at = 2 }
      guard at <= count, count <= 20 else { return nil }
      var number = 0
      while at <= count {
        let digit = Int(bytes[at]) - 48
        guard digit >= 0 && digit <= 9 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, overflow2) = product.subtractingReportingOverflow(digit)
        if overflow || overflow2 { return nil }
        number = sum
        at += 1
      }
      // Counted downwards, where the integers reach one further.
      if isNegative { return number }
      return number == .min ? nil : -number
    }
    guard let number else {
      let isStreamed = buffer.withUnsafeReadableBytes { count == 1 && $0[1] == UInt8(ascii: "?") }
      throw isStreamed ? .streamed : .malformedNumber
    }
    buffer.moveReaderIndex(forwardBy: count + 3)
    return number
  }
}

extension RESPDecoder {
  fileprivate static let types: Set<UInt8> = [
    .plus, .minus, .colon, .dollar, .asterisk, .underscore, .hash, .comma, .parenthesis, .exclamation, .equals,
    .percent,
    .tilde, .greater, .bar,
  ]
}

extension UInt8 {
  fileprivate static var plus: UInt8 { UInt8(ascii: "+") }
  fileprivate static var minus: UInt8 { UInt8(ascii: "-") }
  fileprivate static var colon: UInt8 { UInt8(ascii: ":") }
  fileprivate static var dollar: UInt8 { UInt8(ascii: "$") }
  fileprivate static var asterisk: UInt8 { UInt8(ascii: "*") }
  fileprivate static var underscore: UInt8 { UInt8(ascii: "_") }
  fileprivate static var hash: UInt8 { UInt8(ascii: "#") }
  fileprivate static var comma: UInt8 { UInt8(ascii: ",") }
  fileprivate static var parenthesis: UInt8 { UInt8(ascii: "(") }
  fileprivate static var exclamation: UInt8 { UInt8(ascii: "!") }
  fileprivate static var equals: UInt8 { UInt8(ascii: "=") }
  fileprivate static var percent: UInt8 { UInt8(ascii: "%") }
  fileprivate static var tilde: UInt8 { UInt8(ascii: "~") }
  fileprivate static var greater: UInt8 { UInt8(ascii: ">") }
  fileprivate static var bar: UInt8 { UInt8(ascii: "|") }
  /// Not on the wire: a value that has its attributes already.
  fileprivate static var attributesRead: UInt8 { 0 }
}
