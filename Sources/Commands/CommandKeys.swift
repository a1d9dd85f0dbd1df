import Memory
import Structures

// Which arguments of a command are keys, found by its declared specs: for COMMAND GETKEYS, and for all who must know
// the keys of a command before it runs.

/// A key among the arguments, and what the command does with it.
public struct FoundKey {
  public let index: Int
  /// As in ``KeySpec/flags``.
  public let flags: [StaticString]

  public init(_ index: Int, _ flags: [StaticString]) {
    self.index = index
    self.flags = flags
  }
}

/// Finds the keys where the specs do not tell all.
public struct KeyFinder: Sendable {
  /// Nil if the arguments make no sense.
  public let find: @Sendable (UnsafeBufferPointer<Bytes>) -> [FoundKey]?

  public init(_ find: @escaping @Sendable (UnsafeBufferPointer<Bytes>) -> [FoundKey]?) { self.find = find }
}

extension Command {
  /// Whether some of the arguments can be keys.
  public var hasKeys: Bool { keys.contains { !$0.isNotKey } }

  /// The keys among `arguments`, the first of which is the command's name; of a subcommand, its container's. Nil if
  /// the arguments make no sense.
  public func keys(in arguments: UnsafeBufferPointer<Bytes>) -> [FoundKey]? {
    if let keyFinder { return keyFinder.find(arguments) }
    var found: [FoundKey] = []
    for spec in keys where !spec.isNotKey {
      switch spec.places(in: arguments) {
      case .absent: continue
      case .invalid: return nil
      case .at(let places): found += places.map { FoundKey($0, spec.flags) }
      }
    }
    return found
  }
}

extension KeySpec {
  /// An argument that is treated as a key only to find the node that is responsible.
  var isNotKey: Bool { flags.contains { $0.description == "not_key" } }
  var isIncomplete: Bool { flags.contains { $0.description == "incomplete" } }

  fileprivate enum Places {
    /// The keyword that would begin the keys is not there.
    case absent
    case invalid
    case at(StrideThrough<Int>)
  }

  fileprivate func places(in arguments: UnsafeBufferPointer<Bytes>) -> Places {
    let count = arguments.count
    var first: Int
    switch begin {
    case .unknown: return .invalid
    case .index(let index): first = index
    case .keyword(let word, let from):
      guard let at = Self.search(word, from: from, in: arguments) else { return .absent }
      first = at + 1
    }
    let last: Int
    let step: Int
    switch find {
    case .unknown: return .invalid
    case .range(let lastKey, let keyStep, let limit):
      step = keyStep
      if lastKey >= 0 {
        last = first + lastKey
      } else {
        last = limit == 0 ? count + lastKey : first + (count - first) / limit + lastKey
      }
    case .count(let at, let firstKey, let keyStep):
      step = keyStep
      guard first + at < count, let number = parseInteger(arguments[first + at]), number >= 0, number <= count else {
        return .invalid
      }
      first += firstKey
      // As Redis has it: with a step of two, as many arguments are looked at as there are keys.
      last = first + Int(number) - 1
    }
    guard first < count, last >= first, last < count, !isIncomplete else { return .invalid }
    return .at(stride(from: first, through: last, by: step))
  }

  /// Searches from the front, or backwards if `from` counts from the end.
  private static func search(_ word: StaticString, from: Int, in arguments: UnsafeBufferPointer<Bytes>) -> Int? {
    let count = arguments.count
    let start = from > 0 ? from : count + from
    guard start >= 1 && start < count else { return nil }
    let indices = from > 0 ? stride(from: start, to: count - 1, by: 1) : stride(from: start, to: 1, by: -1)
    return indices.first { arguments[$0].equalsIgnoringCase(Bytes(word)) }
  }
}

// MARK: The old notation

/// Keys as COMMAND INFO told of them before there were specs: first, last and step, all 0 if that cannot say it.
public struct KeyRange {
  public var first = 0
  public var last = 0
  public var step = 0
  /// There are, or may be, keys that the range does not tell of.
  public var isPartial = false

  /// Ranges that follow each other without a gap are taken together.
  public init(_ specs: [KeySpec]) {
    if specs.count == 1, case .index(let index) = specs[0].begin, case .range(let end, let keyStep, _) = specs[0].find {
      first = index
      last = end >= 0 ? index + end : end
      step = keyStep
      isPartial = specs[0].isIncomplete
      return
    }
    var previousEnd = 0
    for spec in specs {
      guard case .index(let index) = spec.begin, case .range(let end, let keyStep, _) = spec.find, keyStep == 1,
        previousEnd == 0 || previousEnd == index - 1
      else {
        isPartial = true
        continue
      }
      if spec.isIncomplete { isPartial = true }
      if first == 0 { first = index }
      last = end >= 0 ? index + end : end
      step = 1
      previousEnd = last
    }
  }
}
