import Memory
import Structures

/// Where keys stand among a command's arguments, and what it takes to use it on them: what a ``KeySpec`` says, as plain
/// numbers, because a restricted user's every command is checked by it.
struct KeyAccess {
  private enum Find {
    case range(last: Int, step: Int, limit: Int)
    case count(at: Int, first: Int, step: Int)
  }

  private let begin: Int
  private let find: Find
  let needed: KeyPermissions

  /// Nil if the keys are not at fixed places, or not all of them.
  init?(_ spec: KeySpec) {
    guard case .index(let begin) = spec.begin, !spec.isIncomplete else { return nil }
    switch spec.find {
    case .range(let last, let step, let limit): find = .range(last: last, step: step, limit: limit)
    case .count(let at, let first, let step): find = .count(at: at, first: first, step: step)
    case .unknown: return nil
    }
    self.begin = begin
    needed = KeyPermissions(spec.flags)
  }

  /// The indices of the keys; nil if the arguments make no sense. As ``KeySpec`` finds them.
  @inline(__always)
  func places(in arguments: UnsafeBufferPointer<Bytes>) -> (first: Int, last: Int, step: Int)? {
    let count = arguments.count
    var first = begin
    let last: Int
    let step: Int
    switch find {
    case .range(let lastKey, let keyStep, let limit):
      step = keyStep
      if lastKey >= 0 {
        last = first + lastKey
      } else {
        last = limit == 0 ? count + lastKey : first + (count - first) / limit + lastKey
      }
    case .count(let at, let firstKey, let keyStep):
      step = keyStep
      guard begin + at < count, let number = parseInteger(arguments[begin + at]), number >= 0, number <= count else {
        return nil
      }
      first += firstKey
      last = first + Int(number) - 1
    }
    return first < count && last >= first && last < count ? (first, last, step) : nil
  }
}

/// How a command uses Pub/Sub channels.
public enum ChannelUse: Sendable {
  case none
  /// All arguments are channels.
  case subscribes
  /// All arguments are patterns of channels.
  case subscribesToPatterns
  /// The first argument is a channel.
  case publishes

  /// Which of so many arguments name channels.
  func indices(argumentCount count: Int) -> Range<Int> {
    switch self {
    case .none: 1..<1
    case .subscribes, .subscribesToPatterns: 1..<max(1, count)
    case .publishes: 1..<min(2, max(1, count))
    }
  }
}
