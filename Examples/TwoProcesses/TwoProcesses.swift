import Foundation
import MartletCache
import MartletClient

/// A shop in two processes: the till sells, the window shows what is left, from its own memory, and is right all the same.
///
///     martlet-server --port 6379 &
///     swift run example-two-processes window &
///     swift run example-two-processes till
@main
struct TwoProcesses {
  struct Stock: Codable, Sendable {
    var left: Int
  }

  static let articles = ["tea", "bread", "honey"]

  static func main() async throws {
    let client = try Client(url: ProcessInfo.processInfo.environment["MARTLET_URL"] ?? "redis://127.0.0.1:6379")
    let stock = Cache<String, Stock>(client, name: "stock") { article in
      print("nobody knows how much \(article) there is: counting the shelves")
      try await Task.sleep(for: .milliseconds(200))
      return Stock(left: 100)
    }
    switch CommandLine.arguments.dropFirst().first {
    case "till": try await sell(stock)
    case "window": try await show(stock)
    default: print("usage: example-two-processes till|window")
    }
    stock.close()
    client.close()
  }

  /// Sells something now and then. Two tills may run: no sale is lost.
  static func sell(_ stock: Cache<String, Stock>) async throws {
    for _ in 0..<20 {
      let article = articles.randomElement()!
      _ = try await stock.get(article)
      let now = try await stock.update(article) { $0?.left -= 1 }
      print("sold \(article), \(now?.left ?? 0) left")
      try await Task.sleep(for: .milliseconds(500))
    }
  }

  /// Shows what is left, a thousand times for every sale.
  static func show(_ stock: Cache<String, Stock>) async throws {
    var shown: [String: Int] = [:]
    let end = ContinuousClock.now + .seconds(12)
    while ContinuousClock.now < end {
      for article in articles {
        guard let left = try await stock.get(article)?.left, shown[article] != left else { continue }
        shown[article] = left
        print("in the window: \(article), \(left)")
      }
      try await Task.sleep(for: .milliseconds(1))
    }
    let statistics = stock.statistics
    print(
      "\(statistics.hits) reads from memory, \(statistics.misses) from the server, \(statistics.pushes) words of change"
    )
  }
}
