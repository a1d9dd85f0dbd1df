import Foundation

/// Random choices that can be made again: the seed is printed by whoever fails.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  public mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }

  /// The seed of a test run: the same each time, so that a change is judged by what it changed. MARTLET_TEST_SEED gives
  /// another, `random` a new one.
  public static func runSeed() -> UInt64 {
    switch ProcessInfo.processInfo.environment["MARTLET_TEST_SEED"] {
    case "random"?: UInt64.random(in: 0..<1 << 32)
    case let text?: UInt64(text) ?? 1
    case nil: 1
    }
  }

  /// A number from the environment, for runs that are longer than usual.
  public static func count(_ name: String, default value: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
  }
}
