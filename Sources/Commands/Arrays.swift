import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Arrays: values by index. https://redis.io/docs/latest/commands/?group=array
  static let arrays: [Command] = arrayReads + arrayWrites + arrayInsertion + arraySearch

  private static let arrayReads: [Command] = [
    Command(
      "ARGET", arity: 3, [.readonly, .fast], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the value at an index of an array.", syntax: "key index", run: arget),
    Command(
      "ARMGET", arity: -3, [.readonly, .fast], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the values at all given indexes of an array.",
      complexity: "O(N) where N is the number of indices", syntax: "key index [index ...]", run: armget),
    Command(
      "ARGETRANGE", arity: 4, [.readonly], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the values at all indexes of a range, with nulls where there is none.",
      complexity: "O(N) where N is the range length", syntax: "key start end", run: argetrange),
    Command(
      "ARSCAN", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the values that there are in a range, with their indexes.",
      complexity: "O(N) where N is the number of elements in the range.",
      syntax: "key start end [LIMIT limit]", run: arscan),
    Command(
      "ARLEN", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns the length of an array: its largest index plus one.", syntax: "key", run: arlen),
    Command(
      "ARCOUNT", arity: 2, [.readonly, .fast], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Returns how many elements an array has.", syntax: "key", run: arcount),
    Command(
      "ARINFO", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .array, since: "8.8.0",
      summary: "Tells how an array lies in memory.",
      complexity: "O(1), or O(N) with FULL option where N is the number of slices.", syntax: "key [FULL]", run: arinfo),
  ]

  private static let arrayWrites: [Command] = [
    Command(
      "ARSET", arity: -4, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .array, since: "8.8.0",
      summary: "Sets values at an index of an array and those after it. The array is made if it is not there.",
      complexity: "O(N) where N is the number of values", syntax: "key index value [value ...]", run: arset),
    Command(
      "ARMSET", arity: -4, [.write, .denyOOM, .fast], keys: [.one("RW", "update")], group: .array, since: "8.8.0",
      summary: "Sets values at several indexes of an array.", complexity: "O(N) where N is the number of pairs",
      syntax: "key index value [index value ...]", run: armset),
    Command(
      "ARDEL", arity: -3, [.write, .fast], keys: [.one("RW", "delete")], group: .array, since: "8.8.0",
      summary: "Removes the values at indexes of an array. The array goes with its last element.",
      complexity: "O(N) where N is the number of indices to delete", syntax: "key index [index ...]", run: ardel),
    Command(
      "ARDELRANGE", arity: -4, [.write], keys: [.one("RW", "delete")], group: .array, since: "8.8.0",
      summary: "Removes the values in ranges of indexes. The array goes with its last element.",
      complexity:
        "Proportional to the number of existing elements / slices touched, not to the numeric span of the requested ranges",
      syntax: "key start end [start end ...]", run: ardelrange),
  ]
}

/// Longer replies that may consist of nothing but nulls are refused.
let maximumArrayReply: UInt64 = 1_000_000

extension Call {
  /// The index of an array that the argument at `index` is; nil after the error was written.
  ///
  /// - Parameter largest: 2^64-1 is an index only to ARSEEK.
  @inline(__always)
  func arrayIndex(
    _ index: Int, upTo largest: UInt64 = SparseArray.maximumIndex, _ reply: inout ReplyWriter
  ) -> UInt64? {
    if let value = parseUnsigned(self[index]), value <= largest { return value }
    reply.error("ERR invalid array index")
    return nil
  }

  /// Whether the arguments from `first` on, or every second one of them, are indexes. The error was written otherwise.
  func areArrayIndexes(from first: Int, step: Int = 1, _ reply: inout ReplyWriter) -> Bool {
    for i in stride(from: first, to: count, by: step) where arrayIndex(i, &reply) == nil { return false }
    return true
  }

  /// The array at `index`, which is made if it is not there; nil after the error was written.
  @inline(__always)
  func findOrAddArray(_ index: Int, _ reply: inout ReplyWriter) -> Entry? {
    switch find(index, as: .array, options: .write, &reply) {
    case .found(let entry): entry
    case .wrongType: nil
    case .missing: keyspace.pointee.addArray(database, self[index], hash: hash(index))
    }
  }

  /// Sets the elements that the arguments from `first` on are, one after the other, and returns how many are new.
  func setElements(_ entry: Entry, at index: UInt64, from first: Int) -> Int {
    let array = ArrayValue.array(entry)
    let before = array.pointee.count
    for i in first..<count {
      array.pointee.set(index + UInt64(i - first), self[i], keyspace.pointee.arrayLimits)
    }
    return array.pointee.count - before
  }

  /// Reports elements that were removed from the array at `index`, and removes the key if none is left.
  fileprivate func removedArrayElements(_ index: Int, _ entry: Entry, event: StaticString, count: Int) {
    guard count > 0 else { return }
    let isEmpty = ArrayValue.array(entry).pointee.count == 0
    if isEmpty { keyspace.pointee.delete(database, entry, hash: hash(index), lazily: false) }
    changed(index, .array, event, count: count)
    if isEmpty { changed(index, .generic, "del", count: 0) }
  }
}

extension ReplyWriter {
  /// An element as a bulk string; null for one that is not there.
  @inline(__always)
  mutating func element(_ element: SparseArray.Element?) {
    switch element {
    case .bytes(let bytes): bulk(bytes)
    case .integer(let number): bulk(integer: number)
    case .blob(let blob): bulk(blob)
    case .decimal?: element?.withBytes { bulk($0) }
    case nil: null()
    }
  }

  /// The elements from `start` to `end`, with a null for each index that has none.
  mutating func elements(_ array: UnsafeMutablePointer<SparseArray>, from start: UInt64, to end: UInt64) {
    let backwards = start > end
    var next = start
    func fill(before index: UInt64) {
      while next != index {
        null()
        next = backwards ? next &- 1 : next &+ 1
      }
    }
    array.pointee.forEach(from: start, to: end) { index, element in
      fill(before: index)
      self.element(element)
      next = backwards ? next &- 1 : next &+ 1
      return true
    }
    fill(before: backwards ? end &- 1 : end &+ 1)
  }
}

// MARK: Read

private func arget(_ call: Call, _ reply: inout ReplyWriter) {
  let found = call.find(1, as: .array, &reply)
  if case .wrongType = found { return }
  guard let index = call.arrayIndex(2, &reply) else { return }
  guard case .found(let entry) = found else { return reply.null() }
  reply.element(ArrayValue.array(entry).pointee[index])
}

private func armget(_ call: Call, _ reply: inout ReplyWriter) {
  let found = call.find(1, as: .array, &reply)
  if case .wrongType = found { return }
  guard call.areArrayIndexes(from: 2, &reply) else { return }
  reply.array(call.count - 2)
  for i in 2..<call.count {
    guard case .found(let entry) = found, let index = parseUnsigned(call[i]) else {
      reply.null()
      continue
    }
    reply.element(ArrayValue.array(entry).pointee[index])
  }
}

private func argetrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.arrayIndex(2, &reply), let end = call.arrayIndex(3, &reply) else { return }
  let found = call.find(1, as: .array, &reply)
  if case .wrongType = found { return }
  let length = max(start, end) - min(start, end) + 1
  guard length <= maximumArrayReply else { return reply.error("ERR range exceeds maximum of 1000000 items") }
  reply.array(Int(length))
  if case .found(let entry) = found { return reply.elements(ArrayValue.array(entry), from: start, to: end) }
  for _ in 0..<length { reply.null() }
}

private func arscan(_ call: Call, _ reply: inout ReplyWriter) {
  guard let start = call.arrayIndex(2, &reply), let end = call.arrayIndex(3, &reply) else { return }
  var left = Int64.max
  if call.count == 6 {
    guard call.argument(4, is: "limit") else { return reply.syntaxError() }
    guard let limit = call.arrayLimit(5, &reply) else { return }
    left = limit
  } else if call.count != 4 {
    return reply.wrongArity(call)
  }
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    let mark = reply.mark
    var found = 0
    ArrayValue.array(entry).pointee.forEach(from: start, to: end) { index, element in
      reply.array(2)
      reply.integer(unsigned: index)
      reply.element(element)
      found += 1
      return found < left && !reply.isInVain
    }
    reply.insertArray(found, at: mark)
  }
}

private func arlen(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(unsigned: ArrayValue.array(entry).pointee.length)
  }
}

private func arcount(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(ArrayValue.array(entry).pointee.count)
  }
}

private func arinfo(_ call: Call, _ reply: inout ReplyWriter) {
  let isFull = call.count == 3 && call.argument(2, is: "full")
  guard call.count == 2 || isFull else { return reply.syntaxError() }
  switch call.find(1, as: .array, &reply) {
  case .wrongType: return
  case .missing: reply.error("ERR no such key")
  case .found(let entry):
    let array = ArrayValue.array(entry)
    reply.map(isFull ? 12 : 7)
    reply.pair("count", array.pointee.count)
    reply.bulk("len")
    reply.integer(unsigned: array.pointee.length)
    reply.bulk("next-insert-index")
    let last = array.pointee.lastInserted
    reply.integer(unsigned: last == SparseArray.maximumIndex ? 0 : last.map { $0 + 1 } ?? 0)
    reply.pair("slices", array.pointee.sliceCount)
    reply.pair("directory-size", array.pointee.directoryCapacity)
    reply.pair("super-dir-entries", 0)
    reply.pair("slice-size", array.pointee.sliceSize)
    if isFull { reply.slices(array.pointee.sliceStatistics) }
  }
}

extension ReplyWriter {
  fileprivate mutating func pair(_ name: StaticString, _ value: Int) {
    bulk(name)
    integer(value)
  }

  fileprivate mutating func slices(_ statistics: SparseArray.SliceStatistics) {
    func ratio(_ a: Int, _ b: Int) -> Double { b == 0 ? 0 : Double(a) / Double(b) }
    pair("dense-slices", statistics.dense)
    pair("sparse-slices", statistics.sparse)
    bulk("avg-dense-size")
    double(ratio(statistics.denseCapacity, statistics.dense))
    bulk("avg-dense-fill")
    double(ratio(statistics.denseElements, statistics.denseCapacity))
    bulk("avg-sparse-size")
    double(ratio(statistics.sparseCapacity, statistics.sparse))
  }
}

// MARK: Write

private func arset(_ call: Call, _ reply: inout ReplyWriter) {
  guard let index = call.arrayIndex(2, &reply) else { return }
  guard UInt64(call.count - 4) <= SparseArray.maximumIndex - index else {
    return reply.error("ERR array index overflow")
  }
  guard let entry = call.findOrAddArray(1, &reply) else { return }
  reply.integer(call.setElements(entry, at: index, from: 3))
  call.changed(1, .array, "arset", count: call.count - 3)
}

private func armset(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count % 2 == 0 else { return reply.wrongArity(call) }
  guard call.areArrayIndexes(from: 2, step: 2, &reply), let entry = call.findOrAddArray(1, &reply) else { return }
  let array = ArrayValue.array(entry)
  var created = 0
  for i in stride(from: 2, to: call.count, by: 2) {
    guard let index = parseUnsigned(call[i]) else { continue }
    if array.pointee.set(index, call[i + 1], call.keyspace.pointee.arrayLimits) { created += 1 }
  }
  reply.integer(created)
  call.changed(1, .array, "armset", count: (call.count - 2) / 2)
}

private func ardel(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.areArrayIndexes(from: 2, &reply) else { return }
  switch call.find(1, as: .array, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    let array = ArrayValue.array(entry)
    var removed = 0
    for i in 2..<call.count {
      guard let index = parseUnsigned(call[i]) else { continue }
      if array.pointee.remove(index, call.keyspace.pointee.arrayLimits) { removed += 1 }
    }
    call.removedArrayElements(1, entry, event: "ardel", count: removed)
    reply.integer(removed)
  }
}

private func ardelrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count % 2 == 0 else { return reply.wrongArity(call) }
  guard call.areArrayIndexes(from: 2, &reply) else { return }
  switch call.find(1, as: .array, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    let array = ArrayValue.array(entry)
    var removed = 0
    for i in stride(from: 2, to: call.count, by: 2) {
      guard let a = parseUnsigned(call[i]), let b = parseUnsigned(call[i + 1]) else { continue }
      removed += array.pointee.removeRange(min(a, b), max(a, b), call.keyspace.pointee.arrayLimits)
    }
    call.removedArrayElements(1, entry, event: "ardelrange", count: removed)
    reply.integer(removed)
  }
}
