import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Strings that estimate how many different elements they saw. https://redis.io/docs/latest/commands/?group=hyperloglog
  public static let hyperLogLogs: [Command] = [
    Command(
      "PFADD", arity: -2, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .hyperloglog, since: "2.8.9",
      summary: "Shows elements to a HyperLogLog, which is created if it doesn't exist.",
      complexity: "O(1) to add every element.", syntax: "key [element [element ...]]", run: pfadd),
    Command(
      "PFCOUNT", arity: -2, [.readonly, .mayReplicate], keys: [.all("RW", "access")], group: .hyperloglog,
      since: "2.8.9",
      summary: "Estimates how many different elements one or more HyperLogLogs saw.",
      complexity:
        "O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.",
      syntax: "key [key ...]", run: pfcount),
    Command(
      "PFMERGE", arity: -2, [.write, .denyOOM],
      keys: [
        .one("RW", "access", "insert"), KeySpec(.index(2), .range(last: -1, step: 1, limit: 0), ["RO", "access"]),
      ],
      group: .hyperloglog, since: "2.8.9",
      summary: "Makes a HyperLogLog that saw all that it and others saw.",
      complexity: "O(N) to merge N HyperLogLogs, but with high constant times.",
      syntax: "destkey [sourcekey [sourcekey ...]]",
      run: pfmerge),
    Command(
      "PFDEBUG", arity: 3, [.write, .denyOOM, .admin], keys: [.one("RW", "access", at: 2)], group: .hyperloglog,
      since: "2.8.9", summary: "Shows or changes how a HyperLogLog lies in memory.", complexity: "N/A",
      syntax: "subcommand key", run: pfdebug),
    Command(
      "PFSELFTEST", arity: 1, [.admin], group: .hyperloglog, since: "2.8.9",
      summary: "Checks the implementation of HyperLogLogs.", complexity: "N/A", run: pfselftest),
  ]
}

extension ReplyWriter {
  fileprivate mutating func corruptHyperLogLog() { error("INVALIDOBJ Corrupted HLL object detected") }
}

extension Call {
  fileprivate enum HyperLogLogLookup {
    case missing
    /// The error was written.
    case invalid
    case found(HashTable.Slot)
  }

  /// Finds the key at `index`, which must be a HyperLogLog if it is there.
  @inline(__always)
  fileprivate func findHyperLogLog(
    _ index: Int, options: Keyspace.LookupOptions = .none, _ reply: inout ReplyWriter
  ) -> HyperLogLogLookup {
    guard let slot = slot(index, options) else { return .missing }
    let entry = Entry(address: slot.pointee)
    if !entry.isString {
      reply.wrongType()
      return .invalid
    }
    guard let bytes = StringValue(entry).storedBytes, HyperLogLog(bytes) != nil else {
      reply.error("WRONGTYPE Key is not a valid HyperLogLog string value.")
      return .invalid
    }
    return .found(slot)
  }

  /// The HyperLogLog in a slot that was found to hold one, until it is changed.
  fileprivate func hyperLogLog(_ slot: HashTable.Slot) -> HyperLogLog {
    guard let bytes = StringValue(Entry(address: slot.pointee)).storedBytes, let found = HyperLogLog(bytes) else {
      preconditionFailure("no HyperLogLog")
    }
    return found
  }

  fileprivate func editHyperLogLog(_ slot: HashTable.Slot, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
    keyspace.pointee.editString(database, slot, atLeast: HyperLogLog.headerCount) { start, _ in body(start) }
  }

  /// Puts an empty HyperLogLog under the key at `index`, which is not there.
  fileprivate func addHyperLogLog(_ index: Int) -> HashTable.Slot? {
    keyspace.pointee.setRawString(
      database, self[index], hash: hash(index), at: nil, count: HyperLogLog.emptyCount
    ) { HyperLogLog.writeEmpty(to: $0) }
    return slot(index, .silent)
  }

  /// Makes registers dense. False if they are corrupt.
  fileprivate func makeDense(_ index: Int, _ slot: HashTable.Slot) -> Bool {
    withRegisters { all in
      guard hyperLogLog(slot).merge(into: all) else { return false }
      setDense(index, slot, all)
      return true
    }
  }

  /// Replaces a HyperLogLog by a dense one with `all` registers.
  fileprivate func setDense(_ index: Int, _ slot: HashTable.Slot, _ all: UnsafeMutablePointer<UInt8>) {
    keyspace.pointee.setRawString(
      database, self[index], hash: hash(index), at: slot, count: HyperLogLog.denseCount, deadline: .keep
    ) { hyperLogLog(slot).writeDense(all, to: $0) }
  }
}

/// Runs `body` with 16,384 registers of a byte each, all zero.
private func withRegisters<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: HyperLogLog.registerCount) { registers in
    registers.initialize(repeating: 0)
    return body(registers.baseAddress!)
  }
}

// MARK: PFADD

private func pfadd(_ call: Call, _ reply: inout ReplyWriter) {
  let slot: HashTable.Slot
  var updates = 0
  switch call.findHyperLogLog(1, options: .write, &reply) {
  case .invalid: return
  case .found(let found): slot = found
  case .missing:
    guard let added = call.addHyperLogLog(1) else { return }
    slot = added
    updates = 1
  }
  for i in 2..<max(2, call.count) {
    switch add(call, slot, HyperLogLogElement(call[i])) {
    case .unchanged: continue
    case .raised: updates += 1
    case .corrupt:
      // What was raised before stays, so it is told.
      if updates > 0 { call.changed(1, .string, "pfadd", count: updates) }
      return reply.corruptHyperLogLog()
    }
  }
  if updates > 0 { call.changed(1, .string, "pfadd", count: updates) }
  reply.integer(updates > 0 ? 1 : 0)
}

private enum Addition {
  case unchanged, raised, corrupt
}

/// Shows one element to the HyperLogLog in `slot`.
private func add(_ call: Call, _ slot: HashTable.Slot, _ element: HyperLogLogElement) -> Addition {
  let limit = call.keyspace.pointee.hyperLogLogSparseLimit
  var raise = HyperLogLog.Raise.unchanged
  var count = 0
  call.keyspace.pointee.editString(call.database, slot, atLeast: HyperLogLog.headerCount) {
    count = $1
    raise = HyperLogLog.raise($0, count: $1, element, sparseLimit: limit)
  }
  switch raise {
  case .unchanged: return .unchanged
  case .raised: return .raised
  case .corrupt: return .corrupt
  case .needsDense: return call.makeDense(1, slot) ? add(call, slot, element) : .corrupt
  case .splice(let splice):
    apply(splice, call, slot, count: count)
    return .raised
  }
}

private func apply(_ splice: SparseRegisters.Splice, _ call: Call, _ slot: HashTable.Slot, count: Int) {
  let roomCount = count + max(0, splice.growth)
  var newCount = count
  call.keyspace.pointee.editString(call.database, slot, atLeast: roomCount) { start, _ in
    newCount = splice.apply(to: start, count: count)
  }
  if newCount < roomCount { call.keyspace.pointee.changeString(call.database, slot, count: newCount) { _ in } }
}

// MARK: PFCOUNT

private func pfcount(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 2 { return countUnion(call, &reply) }
  let slot: HashTable.Slot
  switch call.findHyperLogLog(1, &reply) {
  case .missing: return reply.integer(0)
  case .invalid: return
  case .found(let found): slot = found
  }
  let hyperLogLog = call.hyperLogLog(slot)
  if let cached = hyperLogLog.cachedEstimate { return reply.integer(Int(truncatingIfNeeded: cached)) }
  guard let estimate = hyperLogLog.estimate() else { return reply.corruptHyperLogLog() }
  call.editHyperLogLog(slot) { HyperLogLog.setCachedEstimate(estimate, in: $0) }
  // The string's bytes changed, so whoever watches or copies it is told, but it is no event.
  call.changed(1, .silent, "pfcount")
  reply.integer(Int(truncatingIfNeeded: estimate))
}

private func countUnion(_ call: Call, _ reply: inout ReplyWriter) {
  withRegisters { all in
    guard merge(call, into: all, &reply) != nil else { return }
    reply.integer(Int(truncatingIfNeeded: HyperLogLog.estimate(ofRegisters: all)))
  }
}

private struct Merged {
  /// The first of the keys, if it is there.
  var first: HashTable.Slot?
  var isAnyDense = false
}

/// Merges all keys of the call into `all` registers; nil after the error was written.
private func merge(_ call: Call, into all: UnsafeMutablePointer<UInt8>, _ reply: inout ReplyWriter) -> Merged? {
  var merged = Merged()
  for i in 1..<call.count {
    switch call.findHyperLogLog(i, &reply) {
    case .missing: continue
    case .invalid: return nil
    case .found(let slot):
      if i == 1 { merged.first = slot }
      let hyperLogLog = call.hyperLogLog(slot)
      guard hyperLogLog.merge(into: all) else {
        reply.corruptHyperLogLog()
        return nil
      }
      if !hyperLogLog.isSparse { merged.isAnyDense = true }
    }
  }
  return merged
}

// MARK: PFMERGE

private func pfmerge(_ call: Call, _ reply: inout ReplyWriter) {
  withRegisters { all in
    guard let merged = merge(call, into: all, &reply) else { return }
    // Looked up anew: keys that had expired were removed meanwhile.
    guard let slot = merged.first == nil ? call.addHyperLogLog(1) : call.slot(1, .write) else { return }
    if merged.isAnyDense || !setSparse(call, slot, all) { call.setDense(1, slot, all) }
    call.editHyperLogLog(slot) { HyperLogLog.invalidateEstimate(in: $0) }
    call.changed(1, .string, "pfadd")
    reply.ok()
  }
}

/// Raises the registers of the first key to `all`, if it can stay sparse.
private func setSparse(_ call: Call, _ slot: HashTable.Slot, _ all: UnsafeMutablePointer<UInt8>) -> Bool {
  let limit = call.keyspace.pointee.hyperLogLogSparseLimit
  return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: HyperLogLog.maximumSparseCount) { copy in
    let start = copy.baseAddress!
    let old = call.hyperLogLog(slot).bytes
    var count = old.count
    start.update(from: old.base, count: count)
    for register in 0..<HyperLogLog.registerCount where all[register] > 0 {
      let element = HyperLogLogElement(register: register, rank: all[register])
      let bytes = Bytes(UnsafeRawPointer(start), count: count)
      switch SparseRegisters(bytes).raise(element, limit: limit) {
      case .unchanged, .raised: continue
      case .splice(let splice): count = splice.apply(to: start, count: count)
      case .needsDense, .corrupt: return false
      }
    }
    call.keyspace.pointee.setRawString(
      call.database, call[1], hash: call.hash(1), at: slot, count: count, deadline: .keep
    ) { $0.update(from: start, count: count) }
    return true
  }
}

// MARK: Debugging

private func pfdebug(_ call: Call, _ reply: inout ReplyWriter) {
  let slot: HashTable.Slot
  switch call.findHyperLogLog(2, options: .write, &reply) {
  case .missing: return reply.error("ERR The specified key does not exist")
  case .invalid: return
  case .found(let found): slot = found
  }
  let isSparse = call.hyperLogLog(slot).isSparse
  if call.argument(1, is: "getreg") {
    if isSparse && !changeToDense(call, slot, &reply) { return }
    reply.array(HyperLogLog.registerCount)
    let registers = call.hyperLogLog(slot).registers.base
    for i in 0..<HyperLogLog.registerCount { reply.integer(Int(DenseRegisters.get(registers, i))) }
  } else if call.argument(1, is: "decode") {
    guard isSparse else { return reply.error("ERR HLL encoding is not sparse") }
    reply.bulk(SparseRegisters(call.hyperLogLog(slot).bytes).text)
  } else if call.argument(1, is: "encoding") {
    reply.simple(isSparse ? "sparse" : "dense")
  } else if call.argument(1, is: "todense") {
    if isSparse && !changeToDense(call, slot, &reply) { return }
    reply.integer(isSparse ? 1 : 0)
  } else {
    // Redis shows it as a C string.
    let message = Array("ERR Unknown PFDEBUG subcommand '".utf8) + call[1].array.prefix { $0 != 0 } + Array("'".utf8)
    message.withBytes { reply.error($0) }
  }
}

private func changeToDense(_ call: Call, _ slot: HashTable.Slot, _ reply: inout ReplyWriter) -> Bool {
  guard call.makeDense(2, slot) else {
    reply.corruptHyperLogLog()
    return false
  }
  call.changed(2, .silent, "pfdebug")
  return true
}

private func pfselftest(_ call: Call, _ reply: inout ReplyWriter) {
  var random = SmallRandom(seed: UInt64(bitPattern: call.now))
  if let failure = HyperLogLog.selfTest(sparseLimit: call.keyspace.pointee.hyperLogLogSparseLimit, &random) {
    reply.error("ERR TESTFAILED \(failure)")
  } else {
    reply.ok()
  }
}
