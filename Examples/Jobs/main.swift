import Logging
import MartletClient
import ServiceLifecycle

// A queue of jobs on a stream: one service adds them, two work on them, and all end together on Ctrl-C, each after the job that
// it has in hand.
//
//     swift run example-jobs redis://localhost:6379

struct Producer: Service {
  let client: Client

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let number = try await client.incr("jobs:count")
        try await client.xadd("jobs", ["number": number], trim: .init(strategy: .maxlen, threshold: 10_000))
        do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
      }
    }
  }
}

struct Worker: Service {
  let client: Client
  let name: String
  let logger: Logger

  func run() async throws {
    let jobs = client.streamGroup(
      "jobs", group: "workers", consumer: name, start: .beginning, claimIdleAfter: .seconds(10))
    for try await job in jobs {
      logger.info("\(name) does job \(job["number"] ?? "?")\(job.isRedelivered ? ", again" : "")")
      try await job.ack()
    }
  }
}

let logger = Logger(label: "jobs")
let client = try Client(url: CommandLine.arguments.dropFirst().first ?? "redis://localhost")
let services: [any Service] = [
  client, Worker(client: client, name: "worker-1", logger: logger),
  Worker(client: client, name: "worker-2", logger: logger), Producer(client: client),
]
try await ServiceGroup(services: services, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger).run()
