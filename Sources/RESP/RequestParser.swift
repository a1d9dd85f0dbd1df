import CMartlet
import Memory

/// Splits a connection's input into commands: arrays of bulk strings, or inline commands.
///
/// It is a plain state machine over (input, cursor). What it has understood of an incomplete
/// command it never looks at again: a client that sends a byte a second costs the work of that
/// byte, however long its command is.
public struct RequestParser {
  public enum Outcome {
    /// A whole command: its arguments were appended to the store.
    case command
    /// Nothing to execute: an empty line or an empty array.
    case nothing
    case incomplete
    /// The input cannot be RESP. The connection is told and closed.
    case failure(Failure)
  }

  public enum Failure {
    case bigInline, unbalancedQuotes, bigMultibulkHead, multibulkLength, unauthenticatedMultibulk
    case bigBulkHead, bulkLength, unauthenticatedBulk, expectedDollar(UInt8)

    /// The text of the error reply, without its code. Redis's words.
    public var message: String {
      switch self {
      case .bigInline: "Protocol error: too big inline request"
      case .unbalancedQuotes: "Protocol error: unbalanced quotes in request"
      case .bigMultibulkHead: "Protocol error: too big mbulk count string"
      case .multibulkLength: "Protocol error: invalid multibulk length"
      case .unauthenticatedMultibulk: "Protocol error: unauthenticated multibulk length"
      case .bigBulkHead: "Protocol error: too big bulk count string"
      case .bulkLength: "Protocol error: invalid bulk length"
      case .unauthenticatedBulk: "Protocol error: unauthenticated bulk length"
      case .expectedDollar(let byte):
        "Protocol error: expected '$', got '\(String(decoding: [byte == 13 || byte == 10 ? 32 : byte], as: UTF8.self))'"
      }
    }
  }

  public struct Limits {
    public var maximumBulkBytes: Int
    public var isAuthenticated: Bool

    public init(maximumBulkBytes: Int, isAuthenticated: Bool) {
      self.maximumBulkBytes = maximumBulkBytes
      self.isAuthenticated = isAuthenticated
    }
  }

  /// The longest inline command, and the longest head line of anything.
  public static let maximumLine = 64 << 10

  /// The next byte to look at.
  public var cursor = 0
  /// Arguments of the current array that are still to come; 0 between commands.
  public private(set) var argumentsLeft = 0
  /// Length of the argument whose bytes are awaited, or -1.
  public private(set) var bulkLength = -1

  /// Whether the last command lies in the input as RESP without any liberty taken, so that it can be handed on as it
  /// is. Line ends may be any two bytes, by Redis's rules: whoever reads lines would be lost then.
  public private(set) var isVerbatim = false

  public init() {}

  public var isBetweenCommands: Bool { argumentsLeft == 0 }

  /// How many bytes the argument being received still lacks, its CR LF included.
  public func missingBytes(inputCount: Int) -> Int {
    bulkLength < 0 ? 0 : max(0, cursor + bulkLength + 2 - inputCount)
  }

  /// The argument whose bytes are awaited has come another way than through the input.
  public mutating func bulkArrived() {
    precondition(bulkLength >= 0 && argumentsLeft > 0)
    bulkLength = -1
    argumentsLeft -= 1
  }

  /// The input's first `count` bytes are gone.
  public mutating func drop(_ count: Int) {
    precondition(count <= cursor)
    cursor -= count
  }

  /// Reads on from `cursor`. With `.command` the cursor stands after it; with `.incomplete` the
  /// arguments understood so far are in the store, and the next call must find them still there.
  public mutating func parse(
    _ input: UnsafeMutablePointer<UInt8>, count: Int, limits: Limits, into store: inout ArgumentStore
  ) -> Outcome {
    if argumentsLeft == 0 {
      guard cursor < count else { return .incomplete }
      isVerbatim = true
      guard input[cursor] == UInt8(ascii: "*") else {
        isVerbatim = false
        return parseInline(input, count: count, into: &store)
      }
      switch parseHead(input, count: count) {
      case .incomplete:
        return count - cursor > Self.maximumLine ? .failure(.bigMultibulkHead) : .incomplete
      case .invalid: return .failure(.multibulkLength)
      case .number(let elements):
        if elements > Int32.max { return .failure(.multibulkLength) }
        if elements > 10 && !limits.isAuthenticated { return .failure(.unauthenticatedMultibulk) }
        if elements <= 0 { return .nothing }
        argumentsLeft = elements
      }
    }
    while argumentsLeft > 0 {
      if bulkLength < 0 {
        guard cursor < count else { return .incomplete }
        // The head's end is awaited before its type is judged, as Redis does.
        switch parseHead(input, count: count) {
        case .incomplete:
          return count - cursor > Self.maximumLine ? .failure(.bigBulkHead) : .incomplete
        case .invalid:
          let type = input[cursor]
          return .failure(type == UInt8(ascii: "$") ? .bulkLength : .expectedDollar(type))
        case .number(let length):
          if headType != UInt8(ascii: "$") { return .failure(.expectedDollar(headType)) }
          if length < 0 || length > limits.maximumBulkBytes { return .failure(.bulkLength) }
          if length > 16384 && !limits.isAuthenticated { return .failure(.unauthenticatedBulk) }
          bulkLength = length
        }
      }
      guard count &- cursor >= bulkLength &+ 2 else { return .incomplete }
      store.append(Bytes(UnsafeRawPointer(input + cursor), count: bulkLength))
      cursor &+= bulkLength &+ 2
      if !Self.isLineEnd(input + (cursor &- 2)) { isVerbatim = false }
      bulkLength = -1
      argumentsLeft &-= 1
    }
    return .command
  }

  // MARK: Heads

  private enum Head {
    case incomplete, invalid
    case number(Int)
  }

  /// The type byte of the head that `parseHead` read last.
  private var headType: UInt8 = 0

  /// `<type><number>\r\n` at the cursor. Moves past it unless it is incomplete or invalid.
  @inline(__always)
  private mutating func parseHead(_ input: UnsafeMutablePointer<UInt8>, count: Int) -> Head {
    // The common case first: one or two digits.
    if count &- cursor >= 4 {
      let digit = input[cursor &+ 1] &- 48
      if digit < 10 {
        if Self.isLineEnd(input + (cursor &+ 2)) {
          headType = input[cursor]
          cursor &+= 4
          return .number(Int(digit))
        }
        let second = input[cursor &+ 2] &- 48
        if count &- cursor >= 5 && second < 10 && digit != 0 && Self.isLineEnd(input + (cursor &+ 3)) {
          headType = input[cursor]
          cursor &+= 5
          return .number(Int(digit) &* 10 &+ Int(second))
        }
      }
    }
    return parseLongHead(input, count: count)
  }

  @inline(never)
  private mutating func parseLongHead(_ input: UnsafeMutablePointer<UInt8>, count: Int) -> Head {
    guard let end = memchr(input + cursor, 13, count - cursor) else { return .incomplete }
    let endOffset = end.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(input)
    guard endOffset + 2 <= count else { return .incomplete }
    guard let number = parseStrictInteger(input + cursor + 1, count: endOffset - cursor - 1) else { return .invalid }
    if !Self.isLineEnd(input + endOffset) { isVerbatim = false }
    headType = input[cursor]
    cursor = endOffset + 2
    return .number(number)
  }

  @inline(__always)
  private static func isLineEnd(_ bytes: UnsafeMutablePointer<UInt8>) -> Bool {
    UnsafeRawPointer(bytes).loadUnaligned(as: UInt16.self) == 0x0a0d
  }

  // MARK: Inline commands

  private mutating func parseInline(
    _ input: UnsafeMutablePointer<UInt8>, count: Int, into store: inout ArgumentStore
  ) -> Outcome {
    let searched = min(count - cursor, Self.maximumLine + 1)
    guard let newline = memchr(input + cursor, 10, searched) else {
      return count - cursor > Self.maximumLine ? .failure(.bigInline) : .incomplete
    }
    let end = newline.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(input)
    let first = store.count
    var lineEnd = end
    if lineEnd > cursor && input[lineEnd - 1] == 13 { lineEnd -= 1 }
    let understood = splitQuoted(input + cursor, count: lineEnd - cursor, into: &store)
    cursor = end + 1
    guard understood else { return .failure(.unbalancedQuotes) }
    return store.count == first ? .nothing : .command
  }
}

/// Splits a line into arguments as a shell would, with Redis's rules: double quotes with \n, \r, \t, \b, \a, \xHH,
/// single quotes with \'; a closing quote must be followed by a blank. The unquoted text is never
/// longer than the quoted, so it is written over it.
///
/// - Returns: false if quotes are unbalanced; arguments appended before that stay in the store.
public func splitQuoted(_ line: UnsafeMutablePointer<UInt8>, count: Int, into store: inout ArgumentStore) -> Bool {
  func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) || byte == 0 }
  var read = 0
  while true {
    while read < count && isBlank(line[read]) { read += 1 }
    if read == count { return true }
    let start = read
    var write = start
    var quote: UInt8 = 0
    argument: while true {
      guard read < count else {
        if quote != 0 { return false }
        break
      }
      let byte = line[read]
      if quote == UInt8(ascii: "\"") {
        if byte == UInt8(ascii: "\\"), read + 3 < count, line[read + 1] == UInt8(ascii: "x"),
          let high = hexDigit(line[read + 2]), let low = hexDigit(line[read + 3])
        {
          line[write] = high << 4 | low
          read += 4
        } else if byte == UInt8(ascii: "\\"), read + 1 < count {
          line[write] =
            switch line[read + 1] {
            case UInt8(ascii: "n"): 10
            case UInt8(ascii: "r"): 13
            case UInt8(ascii: "t"): 9
            case UInt8(ascii: "b"): 8
            case UInt8(ascii: "a"): 7
            case let other: other
            }
          read += 2
        } else if byte == quote {
          if read + 1 < count && !isBlank(line[read + 1]) { return false }
          read += 1
          break argument
        } else {
          line[write] = byte
          read += 1
        }
        write += 1
      } else if quote == UInt8(ascii: "'") {
        if byte == UInt8(ascii: "\\"), read + 1 < count, line[read + 1] == quote {
          line[write] = quote
          read += 2
        } else if byte == quote {
          if read + 1 < count && !isBlank(line[read + 1]) { return false }
          read += 1
          break argument
        } else {
          line[write] = byte
          read += 1
        }
        write += 1
      } else if isBlank(byte) {
        break
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
        read += 1
      } else {
        line[write] = byte
        write += 1
        read += 1
      }
    }
    store.append(Bytes(UnsafeRawPointer(line + start), count: write - start))
  }
}

/// The same for a line that must stay as it is; nil if quotes are unbalanced.
public func splitQuoted(_ line: Bytes) -> [[UInt8]]? {
  var copy = line.array
  var store = ArgumentStore(capacity: 8)
  return copy.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return [] }
    guard splitQuoted(base, count: buffer.count, into: &store) else { return nil }
    return (0..<store.count).map { store.base[$0].array }
  }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 48...57: byte - 48
  case 65...70: byte - 55
  case 97...102: byte - 87
  default: nil
  }
}

/// A decimal number without sign other than a leading minus, blanks or leading zeros.
private func parseStrictInteger(_ digits: UnsafePointer<UInt8>, count: Int) -> Int? {
  guard count > 0 && count <= 20 else { return nil }
  if count == 1 && digits[0] == 48 { return 0 }
  let isNegative = digits[0] == UInt8(ascii: "-")
  let first = isNegative ? 1 : 0
  guard count > first, digits[first] >= 49, digits[first] <= 57 else { return nil }
  var value: UInt = 0
  for i in first..<count {
    let digit = digits[i] &- 48
    guard digit < 10 else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(UInt(digit))
    if overflow || carry { return nil }
    value = sum
  }
  if isNegative { return value <= UInt(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- value) : nil }
  return value <= UInt(Int.max) ? Int(value) : nil
}
