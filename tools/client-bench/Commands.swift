import Foundation
import MartletClient

/// Seconds that the threads of this process ran.
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

extension Duration {
  var nanoseconds: Double { self / .nanoseconds(1) }
}

func measureCommands(_ options: Options) async throws {
  let batched = try await measureCommands("batched", .automatic, options)
  let single = try await measureCommands("single", .off, options)
  print(String(format: "ratio=%.2f", batched / single))
}

/// Prints commands a second, and commands that cost a second of one core; returns the former.
private func measureCommands(
  _ name: String, _ batching: ClientConfiguration.Batching, _ options: Options
) async throws -> Double {
  var configuration = ClientConfiguration()
  configuration.batching = batching
  configuration.maximumConnections = options.tasks
  let client = Client(.standalone("127.0.0.1", options.port), configuration: configuration)
  defer { client.close() }
  try await client.set("client-bench", "a value of thirty-two bytes......")
  let clock = ContinuousClock()
  let before = processorSeconds()
  let start = clock.now
  let end = start + .seconds(options.seconds)
  let count = try await withThrowingTaskGroup(of: Int.self) { group in
    for _ in 0..<options.tasks {
      group.addTask {
        var count = 0
        repeat {
          for _ in 0..<64 { _ = try await client.get("client-bench") }
          count += 64
        } while clock.now < end
        return count
      }
    }
    return try await group.reduce(0, +)
  }
  let rate = Double(count) / ((clock.now - start).nanoseconds / 1e9)
  let perCore = Double(count) / (processorSeconds() - before)
  print("\(name)_rate=\(Int(rate)) \(name)_per_core=\(Int(perCore))")
  return rate
}
