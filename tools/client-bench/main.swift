import Foundation
import MartletClient

// How many commands a second the client library gets through: tasks that do GET, one after the other, over the same client.
//
//     client-bench [--port 6379] [--tasks 64] [--seconds 3]
//
// Prints commands a second with batching and without, and what a command cost this process's processor.

func option(_ name: String, default value: Int) -> Int {
  guard let i = CommandLine.arguments.firstIndex(of: "--\(name)"), i + 1 < CommandLine.arguments.count else {
    return value
  }
  return Int(CommandLine.arguments[i + 1]) ?? value
}

let port = option("port", default: 6379)
let taskCount = option("tasks", default: 64)
let seconds = option("seconds", default: 3)

/// Of this process, all threads.
func processorSeconds() -> Double {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

func measure(_ name: String, _ batching: ClientConfiguration.Batching) async throws -> Double {
  var configuration = ClientConfiguration()
  configuration.batching = batching
  configuration.maximumConnections = taskCount
  let client = Client(.standalone("127.0.0.1", port), configuration: configuration)
  try await client.set("client-bench", "a value of thirty-two bytes......")
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  let before = processorSeconds()
  let start = clock.now
  let count = try await withThrowingTaskGroup(of: Int.self) { group in
    for _ in 0..<taskCount {
      group.addTask {
        var count = 0
        while true {
          for _ in 0..<64 { _ = try await client.get("client-bench") }
          count += 64
          if clock.now >= end { return count }
        }
      }
    }
    return try await group.reduce(0, +)
  }
  let elapsed = Double((clock.now - start) / .nanoseconds(1)) / 1e9
  let cost = (processorSeconds() - before) / Double(count) * 1e6
  let rate = Double(count) / elapsed
  print(
    "\(name): \(Int(rate)) commands/s, \(Int(1e6 / cost)) a second of one core (\(String(format: "%.2f", cost)) µs)")
  client.close()
  return rate
}

let batched = try await measure("batching", .automatic)
let single = try await measure("off     ", .off)
print(String(format: "ratio %.1f", batched / single))
