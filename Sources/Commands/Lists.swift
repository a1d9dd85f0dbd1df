import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Lists: elements in the order in which they were pushed. https://redis.io/docs/latest/commands/?group=list
  public static let lists: [Command] = listReads + listWrites + listPops + listMoves

  private static let listReads: [Command] = [
    Command(
      "LLEN", arity: 2, [.readonly, .fast], keys: [.one("RO")], group: .list, since: "1.0.0",
      summary: "Returns the length of a list.", syntax: "key", run: llen),
    Command(
      "LINDEX", arity: 3, [.readonly], keys: [.one("RO", "access")], group: .list, since: "1.0.0",
      summary: "Returns the element of a list at an index.",
      complexity:
        "O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).",
      syntax: "key index", run: lindex),
    Command(
      "LRANGE", arity: 4, [.readonly], keys: [.one("RO", "access")], group: .list, since: "1.0.0",
      summary: "Returns the elements of a list from one index to another.",
      complexity:
        "O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.",
      syntax: "key start stop", run: lrange),
    Command(
      "LPOS", arity: -3, [.readonly], keys: [.one("RO", "access")], group: .list, since: "6.0.6",
      summary: "Returns the indexes of the elements of a list that equal a value.",
      complexity:
        "O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.",
      syntax: "key element [RANK rank] [COUNT num-matches] [MAXLEN len]", run: lpos),
  ]

  private static let listWrites: [Command] = [
    Command(
      "LPUSH", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .list, since: "1.0.0",
      summary: "Adds elements before the first one of a list, which is created if there is none.",
      complexity:
        "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.",
      syntax: "key element [element ...]", run: lpush),
    Command(
      "RPUSH", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .list, since: "1.0.0",
      summary: "Adds elements after the last one of a list, which is created if there is none.",
      complexity:
        "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.",
      syntax: "key element [element ...]", run: rpush),
    Command(
      "LPUSHX", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .list, since: "2.2.0",
      summary: "Adds elements before the first one of a list, if there is a list.",
      complexity:
        "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.",
      syntax: "key element [element ...]", run: lpushx),
    Command(
      "RPUSHX", arity: -3, [.write, .denyOOM, .fast], keys: [.one("RW", "insert")], group: .list, since: "2.2.0",
      summary: "Adds elements after the last one of a list, if there is a list.",
      complexity:
        "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.",
      syntax: "key element [element ...]", run: rpushx),
    Command(
      "LINSERT", arity: 5, [.write, .denyOOM], keys: [.one("RW", "insert")], group: .list, since: "2.2.0",
      summary: "Adds an element before or after another one of a list.",
      complexity:
        "O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).",
      syntax: "key <BEFORE | AFTER> pivot element", run: linsert),
    Command(
      "LSET", arity: 4, [.write, .denyOOM], keys: [.one("RW", "update")], group: .list, since: "1.0.0",
      summary: "Replaces the element of a list at an index.",
      complexity:
        "O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).",
      syntax: "key index element", run: lset),
    Command(
      "LREM", arity: 4, [.write], keys: [.one("RW", "delete")], group: .list, since: "1.0.0",
      summary: "Removes elements of a list that equal a value, and the list with its last element.",
      complexity: "O(N+M) where N is the length of the list and M is the number of elements removed.",
      syntax: "key count element", run: lrem),
    Command(
      "LTRIM", arity: 4, [.write], keys: [.one("RW", "delete")], group: .list, since: "1.0.0",
      summary: "Removes all elements of a list but those from one index to another.",
      complexity: "O(N) where N is the number of elements to be removed by the operation.",
      syntax: "key start stop", run: ltrim),
  ]
}

extension Call {
  /// An integer of at least `minimum` from the argument at `index`; nil after `error` was written.
  func integer(_ index: Int, atLeast minimum: Int64, _ error: StaticString, _ reply: inout ReplyWriter) -> Int? {
    if let value = parseInteger(self[index]), value >= minimum { return Int(value) }
    reply.error(error)
    return nil
  }

  /// The part of `count` elements that the arguments at `first` and after it stand for, negative ones being counted
  /// from the end; nil after the error was written.
  fileprivate func indexes(_ first: Int, _ reply: inout ReplyWriter) -> ListIndexes? {
    guard let start = integer(first, &reply), let stop = integer(first + 1, &reply) else { return nil }
    return ListIndexes(start: start, stop: stop)
  }
}

/// Two indexes as a client gives them.
private struct ListIndexes {
  let start: Int64
  let stop: Int64

  /// What they mean in a list of `count` elements.
  func range(in count: Int) -> Range<Int> {
    let length = Int64(count)
    let first = max(0, start < 0 ? start + length : start)
    let last = min(length - 1, stop < 0 ? stop + length : stop)
    return first <= last ? Int(first)..<Int(last) + 1 : 0..<0
  }
}

extension ReplyWriter {
  /// Elements that lie side by side, as bulk strings.
  mutating func elements(_ run: Quicklist.Run) {
    switch run {
    case .plain(let blob): bulk(blob)
    case .packed(let list, var at, let count):
      for _ in 0..<count {
        element(list.value(at))
        at = list.skip(at)
      }
    }
  }

  /// As ``elements(_:)``, towards the head.
  mutating func elementsBackwards(_ run: Quicklist.Run) {
    switch run {
    case .plain(let blob): bulk(blob)
    case .packed(let list, var at, let count):
      for i in 1...count {
        element(list.value(at))
        if i < count { at = list.previous(at)! }
      }
    }
  }

  @inline(__always)
  private mutating func element(_ value: Listpack.Value) {
    switch value {
    case .bytes(let bytes): bulk(bytes)
    case .integer(let number): bulk(integer: number)
    }
  }
}

// MARK: Read

private func llen(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .list, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry): reply.integer(ListValue.count(entry))
  }
}

private func lindex(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .list, &reply) {
  case .wrongType: return
  case .missing: reply.null()
  case .found(let entry):
    guard let index = call.integer(2, &reply) else { return }
    let range = ListIndexes(start: index, stop: index).range(in: ListValue.count(entry))
    // A negative index beyond the head is not the first element.
    guard !range.isEmpty else { return reply.null() }
    ListValue.forEachRun(entry, from: range.lowerBound, count: 1) { run in
      reply.elements(run)
      return true
    }
  }
}

private func lrange(_ call: Call, _ reply: inout ReplyWriter) {
  guard let indexes = call.indexes(2, &reply) else { return }
  switch call.find(1, as: .list, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    let range = indexes.range(in: ListValue.count(entry))
    reply.array(range.count)
    ListValue.forEachRun(entry, from: range.lowerBound, count: range.count) { run in
      reply.elements(run)
      return true
    }
  }
}

// MARK: LPOS

/// What LPOS looks for.
private struct PositionSearch {
  let needle: Listpack.Needle
  /// How many matches there must be before one counts, itself included.
  var rank: Int64 = 1
  var isBackwards = false
  /// COUNT; nil: a single one, and not as an array. 0: all.
  var wanted: Int?
  /// MAXLEN; 0: the whole list.
  var maximumLength = 0

  init(_ element: Bytes) { needle = Listpack.Needle(element) }

  /// Reads the options. False after an error was written.
  mutating func parse(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    var i = 3
    while i < call.count {
      guard i + 1 < call.count else {
        reply.syntaxError()
        return false
      }
      if call.argument(i, is: "rank") {
        guard parseRank(call, i + 1, &reply) else { return false }
      } else if call.argument(i, is: "count") {
        guard let count = call.integer(i + 1, atLeast: 0, "ERR COUNT can't be negative", &reply) else { return false }
        wanted = count
      } else if call.argument(i, is: "maxlen") {
        guard let length = call.integer(i + 1, atLeast: 0, "ERR MAXLEN can't be negative", &reply) else { return false }
        maximumLength = length
      } else {
        reply.syntaxError()
        return false
      }
      i += 2
    }
    return true
  }

  private mutating func parseRank(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Bool {
    guard let value = call.integer(i, &reply) else { return false }
    if value == 0 {
      reply.error(
        """
        ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start \
        from the end of the list
        """)
      return false
    }
    if value == Int64.min {
      reply.error("ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")
      return false
    }
    rank = abs(value)
    isBackwards = value < 0
    return true
  }

  /// Visits the indexes of the matches until `visit` says false.
  func run(_ entry: Entry, _ visit: (Int) -> Bool) {
    let count = ListValue.count(entry)
    let looked = maximumLength == 0 ? count : min(maximumLength, count)
    var seen: Int64 = 0
    var index = isBackwards ? count - 1 : 0
    func look(_ isMatch: Bool) -> Bool {
      defer { index += isBackwards ? -1 : 1 }
      guard isMatch else { return true }
      seen += 1
      return seen < rank || visit(index)
    }
    if isBackwards {
      ListValue.forEachRunBackwards(entry, from: count - 1, count: looked) { run in
        guard case .packed(let list, var at, let count) = run else { return look(matches(run)) }
        for i in 1...count {
          guard look(needle.matches(list, at)) else { return false }
          if i < count { at = list.previous(at)! }
        }
        return true
      }
    } else {
      ListValue.forEachRun(entry, from: 0, count: looked) { run in
        guard case .packed(let list, var at, let count) = run else { return look(matches(run)) }
        for _ in 0..<count {
          guard look(needle.matches(list, at)) else { return false }
          at = list.skip(at)
        }
        return true
      }
    }
  }

  private func matches(_ run: Quicklist.Run) -> Bool {
    guard case .plain(let blob) = run else { return false }
    return blob.bytes.equals(needle.bytes)
  }
}

private func lpos(_ call: Call, _ reply: inout ReplyWriter) {
  var search = PositionSearch(call[2])
  guard search.parse(call, &reply) else { return }
  let entry: Entry
  switch call.find(1, as: .list, &reply) {
  case .wrongType: return
  case .missing: return search.wanted == nil ? reply.null() : reply.array(0)
  case .found(let found): entry = found
  }
  guard let wanted = search.wanted else {
    var position: Int?
    search.run(entry) { index in
      position = index
      return false
    }
    if let position { reply.integer(position) } else { reply.null() }
    return
  }
  let mark = reply.mark
  var found = 0
  search.run(entry) { index in
    reply.integer(index)
    found += 1
    return found != wanted
  }
  reply.insertArray(found, at: mark)
}

// MARK: Write

private func lpush(_ call: Call, _ reply: inout ReplyWriter) { push(call, at: .head, creates: true, &reply) }
private func rpush(_ call: Call, _ reply: inout ReplyWriter) { push(call, at: .tail, creates: true, &reply) }
private func lpushx(_ call: Call, _ reply: inout ReplyWriter) { push(call, at: .head, creates: false, &reply) }
private func rpushx(_ call: Call, _ reply: inout ReplyWriter) { push(call, at: .tail, creates: false, &reply) }

@inline(__always)
private func push(_ call: Call, at end: ListEnd, creates: Bool, _ reply: inout ReplyWriter) {
  let entry: Entry
  switch call.find(1, as: .list, options: .write, &reply) {
  case .found(let found): entry = found
  case .wrongType: return
  case .missing:
    if !creates { return reply.integer(0) }
    entry = call.keyspace.pointee.addList(call.database, call[1], hash: call.hash(1))
  }
  var bytes = 0
  for i in 2..<call.count { bytes &+= call[i].count }
  call.keyspace.pointee.prepareList(entry, adding: call.count - 2, bytes: bytes)
  for i in 2..<call.count { call.keyspace.pointee.push(entry, call[i], at: end) }
  reply.integer(ListValue.count(entry))
  call.changed(1, .list, end == .head ? "lpush" : "rpush", count: call.count - 2)
}

private func linsert(_ call: Call, _ reply: inout ReplyWriter) {
  let isAfter = call.argument(2, is: "after")
  guard isAfter || call.argument(2, is: "before") else { return reply.syntaxError() }
  switch call.find(1, as: .list, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    guard call.keyspace.pointee.insert(entry, call[4], besidePivot: call[3], after: isAfter) else {
      return reply.integer(-1)
    }
    reply.integer(ListValue.count(entry))
    call.changed(1, .list, "linsert")
  }
}

private func lset(_ call: Call, _ reply: inout ReplyWriter) {
  switch call.find(1, as: .list, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.error("ERR no such key")
  case .found(let entry):
    guard let index = call.integer(2, &reply) else { return }
    let range = ListIndexes(start: index, stop: index).range(in: ListValue.count(entry))
    call.keyspace.pointee.prepareList(entry, adding: 1, bytes: call[3].count)
    guard !range.isEmpty else { return reply.error("ERR index out of range") }
    call.keyspace.pointee.replaceElement(entry, at: range.lowerBound, with: call[3])
    reply.ok()
    call.changed(1, .list, "lset")
  }
}

private func lrem(_ call: Call, _ reply: inout ReplyWriter) {
  guard let count = call.integer(2, &reply) else { return }
  switch call.find(1, as: .list, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.integer(0)
  case .found(let entry):
    let limit = count == 0 ? Int.max : Int(clamping: count.magnitude)
    let removed = call.keyspace.pointee.removeMatches(entry, call[3], limit: limit, from: count < 0 ? .tail : .head)
    reply.integer(removed)
    if removed > 0 { call.removedElements(1, entry, event: "lrem", count: removed) }
  }
}

private func ltrim(_ call: Call, _ reply: inout ReplyWriter) {
  guard let indexes = call.indexes(2, &reply) else { return }
  switch call.find(1, as: .list, options: .write, &reply) {
  case .wrongType: return
  case .missing: reply.ok()
  case .found(let entry):
    let count = ListValue.count(entry)
    let range = indexes.range(in: count)
    reply.ok()
    if range.isEmpty { return call.removedAllElements(1, entry, event: "ltrim", count: count) }
    call.keyspace.pointee.removeElements(entry, from: range.upperBound, count: count - range.upperBound)
    call.keyspace.pointee.removeElements(entry, from: 0, count: range.lowerBound)
    call.removedElements(1, entry, event: "ltrim", count: count - range.count)
  }
}

extension Call {
  /// Reports elements that were removed from the list at `index`, and removes the key if none is left.
  @inline(__always)
  func removedElements(_ index: Int, _ entry: Entry, event: StaticString, count: Int) {
    if ListValue.count(entry) == 0 { return removedAllElements(index, entry, event: event, count: count) }
    keyspace.pointee.noteShrunkList(entry)
    changed(index, .list, event, count: count)
  }

  /// Removes the list at `index` with whatever is left in it, and reports that `count` elements went.
  func removedAllElements(_ index: Int, _ entry: Entry, event: StaticString, count: Int) {
    keyspace.pointee.delete(database, entry, hash: hash(index), lazily: keyspace.pointee.lazyServerDelete)
    changed(index, .list, event, count: count)
    changed(index, .generic, "del", count: 0)
  }
}
