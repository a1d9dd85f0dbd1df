import Foundation
import MartletCache
import MartletClient
import Synchronization

/// Allocations of this thread so far; nil if nobody counts them. `tools/bench` preloads a library that does.
private func makeAllocationCounter() -> (() -> Int)? {
  guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "martlet_thread_allocations") else { return nil }
  typealias Count = @convention(c) () -> UInt64
  let count = unsafeBitCast(symbol, to: Count.self)
  return { Int(count()) }
}

private func makeClient(_ options: Options) -> Client { Client(.standalone("127.0.0.1", options.port)) }

// MARK: Reads from memory

func measureNearHits(_ options: Options) async throws {
  let client = makeClient(options)
  defer { client.close() }
  var configuration = CacheConfiguration()
  configuration.nearTTL = nil
  let numbers = Cache<Int, String>(client, name: "bench:n", codec: .utf8, configuration: configuration)
  let words = Cache<String, String>(client, name: "bench:w", codec: .utf8, configuration: configuration)
  let keys = (0..<1000).map { "user:session:\($0)" }
  for key in 0..<1000 {
    try await numbers.set(key, "the value of number \(key), which is no short string")
    try await words.set(keys[key], "the value of number \(key), which is no short string")
  }
  // A value is kept by the first read after the word of its own writing has come.
  repeat {
    _ = try await numbers.get(0..<1000)
    _ = try await words.get(keys)
  } while !(0..<1000).allSatisfy { numbers.cached($0) != nil && words.cached(keys[$0]) != nil }

  try await measureReads("near", options) { try await numbers.get($0) }
  try await measureReads("near_text", options) { try await words.get(keys[$0]) }
  try await measureReads("near_cached", options) { numbers.cached($0) ?? nil }
}

/// Reads a thousand keys in turn and prints what a read cost.
@inline(__always)
private func measureReads(
  _ name: String, _ options: Options, _ read: (Int) async throws -> String?
) async throws {
  let clock = ContinuousClock()
  let allocations = makeAllocationCounter()
  var best = Double.infinity
  var allocated = 0
  var count = 0
  let end = clock.now + .seconds(options.seconds / 3)
  // The best of many short runs: what others do on the machine is not the cache's.
  while clock.now < end {
    let before = allocations?()
    let start = clock.now
    var bytes = 0
    for _ in 0..<20 {
      for key in 0..<1000 { bytes &+= try await read(key)?.utf8.count ?? 0 }
    }
    best = min(best, (clock.now - start).nanoseconds / 20_000)
    if let allocations, let before { allocated += allocations() - before }
    count += 20_000
    guard bytes > 0 else { throw Failure("nothing was read") }
  }
  let perRead = allocations == nil ? "unknown" : String(format: "%.4f", Double(allocated) / Double(count))
  print(String(format: "\(name)_ns=%.1f", best), "\(name)_allocations=\(perRead)")
}

// MARK: One cold key

func measureColdKey(_ options: Options) async throws {
  let client = makeClient(options)
  defer { client.close() }
  let loads = Atomic<Int>(0)
  let cache = Cache<String, String>(client, name: "bench:c", codec: .utf8) { _ in
    loads.add(1, ordering: .relaxed)
    try await Task.sleep(for: .milliseconds(20))
    return "loaded"
  }
  let key = "cold \(UInt64.random(in: 0 ... .max))"
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<1000 {
      group.addTask { if try await cache.get(key) != "loaded" { throw Failure("a read got nothing") } }
    }
    try await group.waitForAll()
  }
  print("cold_loads=\(loads.load(ordering: .relaxed)) cold_fetches=\(cache.statistics.misses)")
}

// MARK: Invalidation

/// Hears of an invalidation behind the cache, whose entry is gone by then.
private final class Stopwatch: PushListener {
  private struct Wait {
    var key: String
    var continuation: CheckedContinuation<ContinuousClock.Instant, Never>
  }

  private let wait = Mutex<Wait?>(nil)

  func opened(_ connection: ConnectionID, generation: UInt64, replies: [RESPValue]) {}
  func closed(_ connection: ConnectionID, generation: UInt64) {}

  func received(_ push: RESPPush, on connection: ConnectionID, generation: UInt64) {
    let now = ContinuousClock.now
    guard push.kind == "invalidate", let names = push.elements.first?.elements else { return }
    let done = wait.withLock { wait -> Wait? in
      guard let key = wait?.key, names.contains(where: { $0.string == key }) else { return nil }
      return wait.take()
    }
    done?.continuation.resume(returning: now)
  }

  /// When the key's invalidation came that `write` causes.
  func time(of key: String, _ write: @Sendable @escaping () async throws -> Void) async -> ContinuousClock.Instant {
    await withCheckedContinuation { continuation in
      wait.withLock { $0 = Wait(key: key, continuation: continuation) }
      Task { try await write() }
    }
  }
}

func measureInvalidations(_ options: Options) async throws {
  let client = makeClient(options)
  let writer = makeClient(options)
  defer {
    client.close()
    writer.close()
  }
  let cache = Cache<Int, String>(client, name: "bench:i", codec: .utf8)
  let watch = Stopwatch()
  client.addPushListener(watch) { _, _ in [] }
  var times: [Double] = []
  let end = ContinuousClock.now + .seconds(options.seconds)
  for number in 0... where times.count < 2000 || ContinuousClock.now < end {
    if number >= 2000 && ContinuousClock.now >= end { break }
    let key = number % 100
    while cache.cached(key) == nil {
      if try await cache.get(key) == nil { try await writer.set("bench:i:\(key)", "first") }
    }
    let start = ContinuousClock.now
    let told = await watch.time(of: "bench:i:\(key)") { try await writer.set("bench:i:\(key)", number) }
    if cache.cached(key) != nil { throw Failure("the entry outlived its invalidation") }
    times.append((told - start).nanoseconds / 1000)
  }
  times.sort()
  print(
    String(
      format: "invalidation_p50_us=%.0f invalidation_p99_us=%.0f invalidations=%d", times[times.count / 2],
      times[times.count * 99 / 100], times.count))
}
