import Synchronization

@testable import MartletCache

/// A cache of texts in a world of its own, or in another's.
struct Fixture {
  let server: ScriptedServer
  let backend: ScriptedBackend
  let cache: Cache<String, String>
  let loads = Counter()

  init(
    on server: ScriptedServer = ScriptedServer(), tracks: Bool = true, writing: Cache<String, String>.Writing = .aside,
    tags: (@Sendable (String) -> [String])? = nil, loads loader: Cache<String, String>.Loader? = nil,
    configured configure: (inout CacheConfiguration) -> Void = { _ in }
  ) {
    self.server = server
    backend = server.connect(tracks: tracks)
    var configuration = CacheConfiguration()
    configuration.clock = .manual(server.clock)
    configuration.ttl = TimeToLive(.seconds(600), jitter: 0)
    configuration.nearTTL = TimeToLive(.seconds(60), jitter: 0)
    configuration.nilTTL = TimeToLive(.seconds(15), jitter: 0)
    configuration.untrackedTTL = TimeToLive(.seconds(1), jitter: 0)
    configuration.random = { 0.5 }
    configure(&configuration)
    let counter = loads
    cache = Cache(
      backend: backend, name: "c", key: { $0 }, codec: .utf8, configuration: configuration, writing: writing,
      tags: tags,
      loader: loader.map { loader in
        { key in
          counter.add()
          return try await loader(key)
        }
      })
  }

  func seconds(_ seconds: Int64) { server.clock.advance(milliseconds: seconds * 1000) }
  func reads(_ key: String = "k") -> Int { server.readCount("c:\(key)") }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func add() { value.withLock { $0 += 1 } }
}

/// Holds loaders until it is opened.
final class Gate: Sendable {
  private let waiting = Mutex<(isOpen: Bool, continuations: [CheckedContinuation<Void, Never>])>((false, []))
  var count: Int { waiting.withLock { $0.continuations.count } }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = waiting.withLock { state in
        if !state.isOpen { state.continuations.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let all = waiting.withLock { state in
      defer { state = (true, []) }
      return state.continuations
    }
    for continuation in all { continuation.resume() }
  }
}

struct Refused: Error, Equatable {}
