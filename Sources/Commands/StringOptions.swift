import CMartlet
import Keyspace
import Memory
import RESP
import Structures

/// How a time argument is meant.
enum ExpiryUnit {
  case seconds, milliseconds, unixSeconds, unixMilliseconds

  var isAbsolute: Bool { self == .unixSeconds || self == .unixMilliseconds }
}

extension Call {
  /// The time at which a key shall die that the argument at `index` says, in Unix milliseconds; nil
  /// after the error was written. It must be positive and fit.
  func expiryTime(_ index: Int, _ unit: ExpiryUnit, _ reply: inout ReplyWriter) -> Int64? {
    guard let value = integer(index, &reply) else { return nil }
    if value > 0, let time = absoluteTime(value, unit) { return time }
    reply.error("ERR invalid expire time in '\(command.pointee.fullName)' command")
    return nil
  }

  /// `value` in Unix milliseconds; nil if it does not fit.
  func absoluteTime(_ value: Int64, _ unit: ExpiryUnit) -> Int64? {
    var milliseconds = value
    if unit == .seconds || unit == .unixSeconds {
      let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
      if overflow { return nil }
      milliseconds = product
    }
    if unit.isAbsolute { return milliseconds }
    let (sum, overflow) = milliseconds.addingReportingOverflow(keyspace.pointee.wallTime)
    return overflow ? nil : sum
  }
}

/// What a key must be like for a conditional write.
enum Condition {
  case none, missing, present
  case equal(Bytes), notEqual(Bytes)
  case digestEqual(Bytes), digestNotEqual(Bytes)

  enum Verdict { case yes, no, wrongType }

  func holds(for entry: Entry?) -> Verdict {
    switch self {
    case .none: return .yes
    case .missing: return entry == nil ? .yes : .no
    case .present: return entry == nil ? .no : .yes
    case .equal(let wanted): return compare(entry, ifMissing: .no) { $0.equals(wanted) }
    case .notEqual(let wanted): return compare(entry, ifMissing: .yes) { !$0.equals(wanted) }
    case .digestEqual(let wanted): return compare(entry, ifMissing: .no) { sameDigest($0, wanted) }
    case .digestNotEqual(let wanted): return compare(entry, ifMissing: .yes) { !sameDigest($0, wanted) }
    }
  }

  private func compare(_ entry: Entry?, ifMissing: Verdict, _ test: (Bytes) -> Bool) -> Verdict {
    guard let entry else { return ifMissing }
    guard entry.isString else { return .wrongType }
    return StringValue(entry).withBytes(test) ? .yes : .no
  }

  private func sameDigest(_ value: Bytes, _ wanted: Bytes) -> Bool {
    digestText(value).withBytes { $0.equalsIgnoringCase(wanted) }
  }
}

/// XXH3 of a string in 16 hexadecimal digits, as the DIGEST command answers.
func digestText(_ value: Bytes) -> [UInt8] {
  let hash = martlet_xxh3(value.base, value.count)
  let digits = Array("0123456789abcdef".utf8)
  return (0..<16).map { digits[Int(hash >> UInt64(60 - $0 * 4) & 15)] }
}

/// The options that SET, GETEX, MSETEX and INCREX share.
struct StringOptions {
  struct Allowed: OptionSet {
    let rawValue: Int
    /// NX and XX.
    static var existence: Allowed { Allowed(rawValue: 1) }
    /// IFEQ and its kin.
    static var comparison: Allowed { Allowed(rawValue: 2) }
    static let condition: Allowed = [.existence, .comparison]
    static var get: Allowed { Allowed(rawValue: 4) }
    static var keepTTL: Allowed { Allowed(rawValue: 8) }
    static var persist: Allowed { Allowed(rawValue: 16) }
  }

  private(set) var condition = Condition.none
  private(set) var returnsOld = false
  private(set) var persists = false
  private var keepsTTL = false
  private(set) var time: (index: Int, unit: ExpiryUnit)?

  var isAbsolute: Bool { time?.unit.isAbsolute ?? false }
  private var hasExpiry: Bool { time != nil || keepsTTL || persists }

  /// Reads the options from argument `first` to the last. False after an error was written.
  mutating func parse(_ call: Call, from first: Int, allowing allowed: Allowed, _ reply: inout ReplyWriter) -> Bool {
    var i = first
    while i < call.count {
      guard let used = parseOne(call, i, allowed) else {
        reply.syntaxError()
        return false
      }
      i += used
    }
    switch condition {
    case .digestEqual(let digest), .digestNotEqual(let digest):
      if digest.count == 16 && digest.array.allSatisfy({ isHexDigit($0) }) { return true }
      reply.error("ERR digest must be exactly 16 hexadecimal characters")
      return false
    default: return true
    }
  }

  /// Reads the option at `i` and returns how many arguments it takes; nil if it is none, or not allowed here.
  mutating func parseOne(_ call: Call, _ i: Int, _ allowed: Allowed) -> Int? {
    let word = call[i]
    let hasValue = i + 1 < call.count
    let isFirstCondition = if case .none = condition { true } else { false }
    if allowed.contains(.existence) && isFirstCondition {
      if word.equalsIgnoringCase("nx") { condition = .missing; return 1 }
      if word.equalsIgnoringCase("xx") { condition = .present; return 1 }
    }
    if allowed.contains(.comparison) && isFirstCondition && hasValue {
      let value = call[i + 1]
      if word.equalsIgnoringCase("ifeq") { condition = .equal(value); return 2 }
      if word.equalsIgnoringCase("ifne") { condition = .notEqual(value); return 2 }
      if word.equalsIgnoringCase("ifdeq") { condition = .digestEqual(value); return 2 }
      if word.equalsIgnoringCase("ifdne") { condition = .digestNotEqual(value); return 2 }
    }
    // Saying the same twice is allowed, as in Redis.
    if allowed.contains(.existence), case .missing = condition, word.equalsIgnoringCase("nx") { return 1 }
    if allowed.contains(.existence), case .present = condition, word.equalsIgnoringCase("xx") { return 1 }
    if allowed.contains(.get) && word.equalsIgnoringCase("get") { returnsOld = true; return 1 }
    if allowed.contains(.keepTTL) && word.equalsIgnoringCase("keepttl") && time == nil && !persists {
      keepsTTL = true
      return 1
    }
    if allowed.contains(.persist) && word.equalsIgnoringCase("persist") && time == nil && !keepsTTL {
      persists = true
      return 1
    }
    guard hasValue && !hasExpiry else { return nil }
    if word.equalsIgnoringCase("ex") { time = (i + 1, .seconds); return 2 }
    if word.equalsIgnoringCase("px") { time = (i + 1, .milliseconds); return 2 }
    if word.equalsIgnoringCase("exat") { time = (i + 1, .unixSeconds); return 2 }
    if word.equalsIgnoringCase("pxat") { time = (i + 1, .unixMilliseconds); return 2 }
    return nil
  }

  /// What becomes of the key's deadline; nil after the error was written.
  func expiry(_ call: Call, _ reply: inout ReplyWriter) -> DeadlineChange? {
    guard let time else { return keepsTTL ? .keep : .discard }
    return call.expiryTime(time.index, time.unit, &reply).map { .set($0) }
  }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case 48...57, 65...70, 97...102: true
  default: false
  }
}
