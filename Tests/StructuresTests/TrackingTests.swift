import Memory
import RESP
import Structures
import Testing

@testable import Commands
@testable import Keyspace

@Suite struct TrackingTests {
  private static let key = SipKey(k0: 3, k1: 5)

  private static func hash(_ key: String) -> UInt64 { key.withBytes { sipHash13($0, key: Self.key) } }

  @Test(arguments: 1...8) func tableKnowsWhoReadWhatAndForgetsWhoLeft(_ seed: UInt64) {
    var random = SmallRandom(seed: seed)
    var table = TrackingTable(hashKey: Self.key)
    var model: [String: Set<UInt32>] = [:]
    var clients: [UInt32] = (0..<6).map { _ in table.addClient() }
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    for _ in 0..<20_000 {
      let name = "key:\(below(300))"
      switch below(100) {
      case 0..<60:
        let client = clients[below(clients.count)]
        name.withBytes { table.remember($0, hash: Self.hash(name), client: client) }
        model[name, default: []].insert(client)
      case 60..<90:
        var told: [UInt32] = []
        name.withBytes { table.take($0, hash: Self.hash(name)) { told.append($0) } }
        #expect(told.sorted() == (model.removeValue(forKey: name) ?? []).sorted(), "seed \(seed)")
      case 90..<92:
        let at = below(clients.count)
        let gone = clients[at]
        table.removeClient(gone)
        for name in model.keys { model[name]?.remove(gone) }
        clients[at] = table.addClient()
        // A number is not given away while the table still has it.
        #expect(!model.values.contains { $0.contains(clients[at]) })
      case 92..<94:
        var told: [(String, UInt32)] = []
        if table.takeAny(&random, { told.append(($0.string, $1)) }), let first = told.first {
          #expect(Set(told.map(\.1)) == model.removeValue(forKey: first.0), "seed \(seed)")
        }
      case 94:
        if below(20) == 0 {
          table.removeAll()
          model = [:]
        }
      default: table.sweep(steps: below(8))
      }
    }
    while table.needsSweep { table.sweep(steps: 3) }
    model = model.filter { !$0.value.isEmpty }
    #expect(table.keyCount == model.count)
    #expect(table.itemCount == model.values.reduce(0) { $0 + $1.count })
    for name in model.keys {
      var told: [UInt32] = []
      name.withBytes { table.take($0, hash: Self.hash(name)) { told.append($0) } }
      #expect(told.sorted() == model[name]?.sorted())
    }
    #expect(table.itemCount == 0 && table.keyCount == 0)
  }

  @Test func bytesOfTheTableFollowWhatIsInIt() {
    var table = TrackingTable(hashKey: Self.key)
    let empty = table.bytes
    let clients = (0..<40).map { _ in table.addClient() }
    for i in 0..<1000 {
      let name = "key:\(i)"
      for client in clients { name.withBytes { table.remember($0, hash: Self.hash(name), client: client) } }
    }
    #expect(table.itemCount == 40_000 && table.bytes > 40_000 * 4)
    for client in clients { table.removeClient(client) }
    while table.needsSweep { table.sweep(steps: 100) }
    #expect(table.itemCount == 0 && table.keyCount == 0 && table.bytes < empty + 1024)
  }

  @Test(arguments: 1...8) func prefixesFindTheKeysThatTheyBegin(_ seed: UInt64) {
    var random = SmallRandom(seed: seed)
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    func word(_ longest: Int) -> String {
      String((0..<below(longest + 1)).map { _ in "ab:".randomElement(using: &random)! })
    }
    var table = PrefixTable()
    var model: [String: Set<UInt32>] = [:]
    for _ in 0..<300 {
      for _ in 0..<below(12) {
        let (prefix, client) = (word(4), UInt32(below(5)))
        if below(3) > 0 {
          #expect(prefix.withBytes { table.insert($0, client) } == model[prefix, default: []].insert(client).inserted)
        } else {
          prefix.withBytes { table.remove($0, client) }
          model[prefix]?.remove(client)
        }
      }
      model = model.filter { !$0.value.isEmpty }
      #expect(table.count == model.count)
      var last: [String: UInt64] = [:]
      for _ in 0..<below(30) {
        let (key, origin) = (word(6), UInt64(below(4)))
        key.withBytes { table.note($0, origin: origin) }
        last[key] = origin
      }
      var expected: [String] = []
      for prefix in model.keys.sorted() {
        let keys = last.keys.filter { $0.hasPrefix(prefix) || prefix.isEmpty }.sorted()
        if !keys.isEmpty {
          expected.append("\(model[prefix]!.sorted()) " + keys.map { "\($0)=\(last[$0]!)" }.joined(separator: " "))
        }
      }
      var seen: [String] = []
      table.takeChanges().forEach { clients, changes in
        seen.append("\(clients.sorted()) " + changes.map { "\($0.key.string)=\($0.origin)" }.joined(separator: " "))
      }
      #expect(seen == expected, "seed \(seed)")
      let hasChanges = table.hasChanges
      #expect(!hasChanges)
    }
  }

  // MARK: Messages

  /// Many clients read, write, flush and let keys expire; each is told of exactly the keys that it read, or asked for,
  /// and that changed since.
  @Test(arguments: 1...6) func clientsAreToldOfExactlyWhatChanged(_ seed: UInt64) {
    var random = SmallRandom(seed: seed)
    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    let runner = ManySessions(6, seed: seed)
    var model = Model(clients: 6)
    for step in 0..<3000 {
      let client = below(6)
      let key = "\(["user:", "order:", ""][below(3)])\(below(8))"
      switch below(100) {
      case 0..<40:
        runner.run(client, ["GET", key])
        model.read(key, by: client)
      case 40..<70:
        runner.run(client, ["SET", key, "v"])
        model.change(key, by: client)
      case 70..<80:
        runner.run(client, ["SET", key, "v", "PX", "5"])
        model.change(key, by: client)
        model.deadlines[key] = runner.now + 5
      case 80..<84:
        runner.advance(6)
        for key in model.deadlines.keys.sorted() where model.deadlines[key]! < runner.now {
          model.change(key, by: nil)
        }
        runner.expire()
      case 84:
        runner.run(client, ["FLUSHALL"])
        model.flush()
      case 85..<92:
        runner.executor.endTurn()
        model.endTurn()
        runner.executor.stopTracking(runner.sessions[client])
        model.stop(client)
      default:
        // Who begins in the middle of a turn may hear of what came before in it.
        runner.executor.endTurn()
        model.endTurn()
        runner.executor.stopTracking(runner.sessions[client])
        model.stop(client)
        let isBroadcast = below(2) == 0
        let isNoLoop = below(3) == 0
        let prefixes = isBroadcast ? [[""], ["user:"], ["user:", "order:"]][below(3)] : []
        runner.track(client, isBroadcast: isBroadcast, isNoLoop: isNoLoop, prefixes: prefixes)
        model.modes[client] = .init(isNoLoop: isNoLoop, prefixes: isBroadcast ? prefixes : nil)
      }
      if below(4) == 0 {
        runner.executor.endTurn()
        model.endTurn()
      }
      for i in 0..<6 {
        let told = runner.takeKeys(i)
        #expect(told == model.takeKeys(i), "seed \(seed), step \(step), client \(i)")
        if told != model.lastTaken { return }
      }
    }
  }

  private struct Model {
    struct Mode {
      var isNoLoop = false
      /// Nil: the default mode.
      var prefixes: [String]?
    }

    var modes: [Mode?]
    var reads: [String: Set<Int>] = [:]
    var deadlines: [String: Int64] = [:]
    var pending: [(key: String, origin: Int?)] = []
    var told: [[String]]
    var lastTaken: [String] = []

    init(clients: Int) {
      modes = Array(repeating: nil, count: clients)
      told = Array(repeating: [], count: clients)
    }

    mutating func read(_ key: String, by client: Int) {
      if let mode = modes[client], mode.prefixes == nil { reads[key, default: []].insert(client) }
    }

    mutating func change(_ key: String, by origin: Int?) {
      deadlines[key] = nil
      for client in reads.removeValue(forKey: key) ?? [] {
        guard let mode = modes[client], !(mode.isNoLoop && origin == client) else { continue }
        told[client].append(key)
      }
      pending.removeAll { $0.key == key }
      pending.append((key, origin))
    }

    mutating func flush() {
      deadlines = [:]
      reads = [:]
      for client in modes.indices where modes[client] != nil { told[client].append("*") }
    }

    mutating func stop(_ client: Int) {
      modes[client] = nil
      for key in reads.keys { reads[key]?.remove(client) }
    }

    mutating func endTurn() {
      for client in modes.indices {
        guard let mode = modes[client], let prefixes = mode.prefixes else { continue }
        for prefix in prefixes {
          told[client] += pending.filter { key, origin in
            (key.hasPrefix(prefix) || prefix.isEmpty) && !(mode.isNoLoop && origin == client)
          }.map(\.key).sorted()
        }
      }
      pending = []
    }

    mutating func takeKeys(_ client: Int) -> [String] {
      lastTaken = told[client].sorted()
      told[client] = []
      return lastTaken
    }
  }
}

/// Several sessions of one executor, and what each is sent beside its replies.
private final class ManySessions: ExecutorHost {
  private final class Time: Clock {
    var milliseconds: Int64 = 1_700_000_000_000
    func unixMilliseconds() -> Int64 { milliseconds }
    func unixMicroseconds() -> Int64 { milliseconds * 1000 }
    var ticksPerKibinanosecond: UInt64 { 1024 }
  }

  let keyspace: UnsafeMutablePointer<Keyspace>
  private(set) var executor: Executor!
  private(set) var sessions: [SessionPointer] = []
  private let time = Time()
  private var sent: [SessionPointer: [UInt8]] = [:]

  init(_ count: Int, seed: UInt64) {
    keyspace = .allocate(capacity: 1)
    keyspace.initialize(
      to: Keyspace(databases: 1, hashKey: SipKey(k0: seed, k1: 2), seed: seed, now: time.milliseconds))
    executor = Executor(keyspace: keyspace, families: CommandTable.families, host: self, clock: time)
    for i in 0..<count {
      let session = SessionPointer.allocate(capacity: 1)
      session.initialize(
        to: Session(
          id: UInt64(i + 1), now: 0,
          details: SessionDetails(createdAt: 0, peerAddress: "", localAddress: "", fileDescriptor: -1)))
      session.pointee.protocolVersion = 3
      sessions.append(session)
    }
    executor.beginTurn()
  }

  deinit {
    for session in sessions { executor.forget(session) }
    executor = nil
    for session in sessions {
      session.deinitialize(count: 1)
      session.deallocate()
    }
    keyspace.deinitialize(count: 1)
    keyspace.deallocate()
  }

  var now: Int64 { time.milliseconds }

  func advance(_ milliseconds: Int64) {
    time.milliseconds += milliseconds
    executor.beginTurn()
  }

  func expire() { _ = keyspace.pointee.runExpiry { false } }

  func track(_ client: Int, isBroadcast: Bool, isNoLoop: Bool, prefixes: [String]) {
    var mode: SessionFlags = []
    if isBroadcast { mode.insert(.trackingBroadcast) }
    if isNoLoop { mode.insert(.trackingNoLoop) }
    let views = prefixes.map { prefix in prefix.withBytes { Blob.copy($0) } }
    executor.track(sessions[client], mode: mode, redirect: nil, prefixes: views.map(\.bytes))
    for view in views { view.release() }
  }

  func run(_ client: Int, _ words: [String]) {
    let blobs = words.map { word in word.withBytes { Blob.copy($0) } }
    let views = blobs.map(\.bytes)
    var reply = ReplyWriter(capacity: 256)
    executor.hot.pointee.current = sessions[client]
    views.withUnsafeBufferPointer { views in
      let command = executor.table.find(views[0])
      let first = command?.pointee.firstKey ?? 0
      let hash = first > 0 && first < views.count ? keyspace.pointee.hash(views[first]) : 0
      _ = executor.execute(
        sessions[client], views.baseAddress!, count: views.count, command: command, firstKeyHash: hash, &reply)
    }
    executor.hot.pointee.current = nil
    for blob in blobs { blob.release() }
  }

  /// The keys that a session was told of since the last time, sorted; `*` stands for all.
  func takeKeys(_ client: Int) -> [String] {
    let lines = String(decoding: sent.removeValue(forKey: sessions[client]) ?? [], as: UTF8.self)
      .split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    var keys: [String] = []
    var i = 0
    while i < lines.count {
      if lines[i] == "_" {
        keys.append("*")
      } else if lines[i].hasPrefix("$") {
        i += 1
        if lines[i] != "invalidate" { keys.append(lines[i]) }
      }
      i += 1
    }
    return keys.sorted()
  }

  func deliver(_ bytes: Bytes, to session: SessionPointer) { sent[session, default: []] += bytes.array }
  func close(_ session: SessionPointer) {}
  func blocked(_ session: SessionPointer) {}
  func unblocked(_ session: SessionPointer) {}
  func isPaused(_ flags: CommandFlags) -> Bool { false }
  func allowsProtected(_ command: CommandReference, _ session: SessionPointer) -> Bool { false }
}
