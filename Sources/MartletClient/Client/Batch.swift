import NIOCore

/// Commands that are sent as one.
struct Batch: Sendable {
  private(set) var encoded = EncodedCommands()
  /// Of each command, if it matters.
  private(set) var slots: [Int?] = []
  private(set) var routingKey: RESPArgument?
  private(set) var isReadOnly = true
  private(set) var isBlocking = false
  /// All or nothing, by MULTI and EXEC.
  private(set) var isTransaction = false
  /// How many commands, without MULTI and EXEC.
  private(set) var size = 0
  /// What they all are called; nil if not all the same.
  private var commonName: String?
  private let routesByKey: Bool

  init(routesByKey: Bool) { self.routesByKey = routesByKey }

  init<each C: Command>(routesByKey: Bool, _ commands: repeat each C) throws(MartletError) {
    self.init(routesByKey: routesByKey)
    repeat try add(each commands)
  }

  mutating func add<C: Command>(_ command: C) throws(MartletError) {
    if C.needsOwnConnection { throw .needsOwnConnection(C.name) }
    size += 1
    if size == 1 { commonName = C.name } else if commonName != C.name { commonName = nil }
    let key = command.routingKey
    if routingKey == nil { routingKey = key }
    isReadOnly = isReadOnly && C.isReadOnly
    isBlocking = isBlocking || command.isBlocking
    if routesByKey { slots.append(try KeySlot.common(command.keys) ?? key.map(KeySlot.of)) }
    encoded.append { command.encode(into: &$0) }
  }

  /// What it is called in a trace.
  var operation: String {
    if size == 1, !isTransaction, let commonName { return commonName }
    let kind = isTransaction ? "MULTI" : "PIPELINE"
    return commonName.map { "\(kind) \($0)" } ?? kind
  }

  /// The slot that all its commands belong to; nil if none has one.
  func commonSlot() throws(MartletError) -> Int? {
    var common: Int?
    for case let slot? in slots {
      if let common, common != slot { throw .crossSlot }
      common = slot
    }
    return common
  }

  static func transaction<each C: Command>(
    routesByKey: Bool, _ commands: repeat each C
  ) throws(MartletError) -> Batch {
    var batch = Batch(routesByKey: routesByKey)
    batch.encoded.append { $0.append(word: "MULTI") }
    repeat try batch.add(each commands)
    batch.encoded.append { $0.append(word: "EXEC") }
    let slot = try batch.commonSlot()
    if routesByKey { batch.slots = Array(repeating: slot, count: batch.encoded.lengths.count) }
    // Nothing in it waits, and it is not sent again when its replies are lost.
    batch.isBlocking = false
    batch.isReadOnly = false
    batch.isTransaction = true
    return batch
  }

  /// Some of the commands, in their order, each behind ASKING if so.
  fileprivate func part(_ indices: [Int], isAsking: Bool) -> (bytes: ByteBuffer, lengths: [Int]) {
    if indices.count == encoded.lengths.count && !isAsking { return (encoded.bytes, encoded.lengths) }
    let asking = EncodedCommands([["ASKING"]])
    var bytes = ByteBuffer()
    var lengths: [Int] = []
    var start = encoded.bytes.readerIndex
    var next = indices[...]
    for (index, length) in encoded.lengths.enumerated() {
      if index == next.first {
        next.removeFirst()
        if isAsking {
          bytes.writeImmutableBuffer(asking.bytes)
          lengths += asking.lengths
        }
        if let command = encoded.bytes.getSlice(at: start, length: length) { bytes.writeImmutableBuffer(command) }
        lengths.append(length)
      }
      start += length
    }
    return (bytes, lengths)
  }
}

extension Client {
  /// Sends a batch, each command to who is in charge of it, until all are answered.
  func send(_ batch: Batch) async throws -> [RESPValue] {
    #if Tracing
      if configuration.tracing {
        return try await traced(batch.operation, size: batch.size) { span in
          let replies = try await replies(to: batch, asking: span.asked)
          span.answered(replies)
          return replies
        }
      }
    #endif
    return try await replies(to: batch)
  }

  /// Sends a batch over a connection that is known.
  func send(_ batch: Batch, over link: Link) async throws -> [RESPValue] {
    #if Tracing
      if configuration.tracing {
        return try await traced(batch.operation, size: batch.size) { span in
          span.asked(link.id.node)
          let replies = try await link.roundTrip(batch.encoded.bytes, lengths: batch.encoded.lengths)
          span.answered(replies)
          return replies
        }
      }
    #endif
    return try await link.roundTrip(batch.encoded.bytes, lengths: batch.encoded.lengths)
  }

  private func replies(to batch: Batch, asking: ((Address) -> Void)? = nil) async throws -> [RESPValue] {
    var replies = [RESPValue](repeating: .null, count: batch.encoded.lengths.count)
    var attempts = Attempts(self, isReadOnly: batch.isReadOnly)
    var pending = Pending(all: Array(replies.indices))
    while !pending.isEmpty {
      let parts = try await split(pending, batch, attempts)
      // Of several who are asked at once none is to be named.
      if parts.count == 1 { asking?(parts[0].node.address) }
      pending = Pending()
      for (part, result) in try await send(parts, of: batch) {
        switch result {
        case .success(let answers): take(answers, of: part, batch, &replies, &pending)
        case .failure(let error as MartletError):
          try await recover(from: error, of: part.node, slot: part.slot, &attempts)
          pending.plain += part.indices
        case .failure(let error): throw error
        }
      }
      pending.plain.sort()
      if pending.wasRedirected && !attempts.allowsRedirection() { return replies }
    }
    return replies
  }

  /// What is still to be sent.
  private struct Pending {
    /// To whoever the topology says.
    var plain: [Int] = []
    /// To whom redirections have named.
    var redirected: [(index: Int, redirection: Redirection)] = []
    /// Before it is sent to whom the topology says.
    var wait = Redirection.none
    var wasRedirected = false

    init(all: [Int] = []) { plain = all }
    var isEmpty: Bool { plain.isEmpty && redirected.isEmpty }
  }

  /// What goes to one node in one write.
  private struct Part: Sendable {
    let node: Node
    let isAsking: Bool
    var slot: Int?
    var indices: [Int] = []
  }

  private func split(_ pending: Pending, _ batch: Batch, _ attempts: Attempts) async throws -> [Part] {
    var parts: [Part] = []
    func add(_ index: Int, _ node: Node, _ isAsking: Bool) {
      let place = parts.firstIndex { $0.node === node && $0.isAsking == isAsking }
      if place == nil {
        parts.append(Part(node: node, isAsking: isAsking, slot: batch.slots.isEmpty ? nil : batch.slots[index]))
      }
      parts[place ?? parts.count - 1].indices.append(index)
    }
    if case .none = pending.wait {} else { _ = try await follow(pending.wait, slot: nil, attempts) }
    if batch.slots.isEmpty {
      // All together.
      if !pending.plain.isEmpty {
        parts.append(Part(node: try await node(forSlot: nil), isAsking: false, indices: pending.plain))
      }
    } else {
      for index in pending.plain { add(index, try await node(forSlot: batch.slots[index]), false) }
    }
    for (index, redirection) in pending.redirected {
      let (node, isAsking) = try await follow(redirection, slot: nil, attempts)
      add(index, node, isAsking)
    }
    return parts
  }

  private func send(_ parts: [Part], of batch: Batch) async throws -> [(Part, Result<[RESPValue], any Error>)] {
    if parts.count == 1 { return [(parts[0], await result(of: parts[0], batch))] }
    return await withTaskGroup(of: (Part, Result<[RESPValue], any Error>).self) { group in
      for part in parts { group.addTask { [self] in (part, await result(of: part, batch)) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func result(of part: Part, _ batch: Batch) async -> Result<[RESPValue], any Error> {
    let (bytes, lengths) = batch.part(part.indices, isAsking: part.isAsking)
    do {
      let replies = try await roundTrip(
        part.node, bytes, lengths, key: batch.routingKey, isBlocking: batch.isBlocking)
      // Every other one answers ASKING.
      return .success(part.isAsking ? stride(from: 1, to: replies.count, by: 2).map { replies[$0] } : replies)
    } catch {
      return .failure(error)
    }
  }

  /// Notes replies; those that are redirections are to be sent again.
  private func take(
    _ answers: [RESPValue], of part: Part, _ batch: Batch, _ replies: inout [RESPValue], _ pending: inout Pending
  ) {
    for (index, answer) in zip(part.indices, answers) {
      replies[index] = answer
      guard case .error(let error) = answer else { continue }
      let redirection = topology.redirection(for: error, from: part.node)
      if case .none = redirection { continue }
      pending.wasRedirected = true
      if batch.isTransaction {
        // One command was refused, hence all. A slot on its way takes no transactions: they wait until it is there.
        if case .asking = redirection {
          pending.wait = .pause
        } else if case .node = redirection {
        } else {
          pending.wait = redirection
        }
        pending.plain = Array(replies.indices)
        continue
      }
      switch redirection {
      case .node, .asking: pending.redirected.append((index, redirection))
      default:
        pending.wait = redirection
        pending.plain.append(index)
      }
    }
  }
}
