import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  private static let sourceAndDestination: [KeySpec] = [.one("RW", "access", "delete"), .one("RW", "insert", at: 2)]

  /// Moving elements from one list to another, or to the other end of the same.
  static let listMoves: [Command] = [
    Command(
      "LMOVE", arity: 5, [.write, .denyOOM], keys: sourceAndDestination, group: .list, since: "6.2.0",
      summary: "Moves an element from an end of one list to an end of another, and returns it.",
      syntax: "source destination <LEFT | RIGHT> <LEFT | RIGHT>", run: lmove),
    Command(
      "RPOPLPUSH", arity: 3, [.write, .denyOOM], keys: sourceAndDestination, group: .list, since: "1.2.0",
      summary: "Moves the last element of a list before the first one of another, and returns it. LMOVE can do it too.",
      syntax: "source destination", run: rpoplpush),
    Command(
      "LMOVEM", arity: -5, [.write, .denyOOM], keys: sourceAndDestination, group: .list, since: "8.10.0",
      summary: "Moves elements from an end of one list to an end of another, and returns them.",
      complexity: "O(N) where N is the number of elements moved.",
      syntax: "source destination <LEFT | RIGHT> <LEFT | RIGHT> [<COUNT count | EXACTLY exactly> <OBO | BULK>]",
      run: lmovem),
    Command(
      "BLMOVE", arity: 6, [.write, .denyOOM, .blocking], keys: sourceAndDestination, group: .list, since: "6.2.0",
      summary:
        "Moves an element from an end of one list to an end of another, and returns it; waits until there is one.",
      syntax: "source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout", run: blmove),
    Command(
      "BRPOPLPUSH", arity: 4, [.write, .denyOOM, .blocking], keys: sourceAndDestination, group: .list, since: "2.2.0",
      summary:
        "Moves the last element of a list before the first one of another, and returns it; waits until there is one.",
      syntax: "source destination timeout", run: brpoplpush),
    Command(
      "BLMOVEM", arity: -6, [.write, .denyOOM, .blocking], keys: sourceAndDestination, group: .list, since: "8.10.0",
      summary: "Moves elements from an end of one list to an end of another, and returns them; waits until there are.",
      complexity: "O(N) where N is the number of elements moved.",
      syntax: "source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout [<COUNT count | EXACTLY exactly> <OBO | BULK>]",
      run: blmovem),
  ]
}

/// What a move came to.
private enum MoveOutcome {
  /// The reply was written, be it an error.
  case done
  /// There was nothing, or not enough, to move. Nothing was written.
  case nothing
}

/// The lists that a move is about.
private enum MovedLists {
  /// It ends here.
  case none(MoveOutcome)
  case some(_ source: Entry, _ destination: Entry?)
}

/// From which end elements are taken, and to which they go.
private struct Ends {
  let from: ListEnd
  let to: ListEnd

  init(from: ListEnd, to: ListEnd) {
    self.from = from
    self.to = to
  }

  /// Reads the arguments 3 and 4; nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    guard let from = call.listEnd(3, &reply), let to = call.listEnd(4, &reply) else { return nil }
    self.init(from: from, to: to)
  }
}

extension Call {
  /// The list at `index`, added if it is not there.
  fileprivate func existing(_ entry: Entry?, orNewListAt index: Int) -> Entry {
    entry ?? keyspace.pointee.addList(database, self[index], hash: hash(index))
  }

  /// Looks up source and destination.
  fileprivate func findListsToMove(_ reply: inout ReplyWriter) -> MovedLists {
    let source: Entry
    switch find(1, as: .list, options: .write, &reply) {
    case .missing: return .none(.nothing)
    case .wrongType: return .none(.done)
    case .found(let entry): source = entry
    }
    switch find(2, as: .list, options: .write, &reply) {
    case .missing: return .some(source, nil)
    case .wrongType: return .none(.done)
    case .found(let entry): return .some(source, entry)
    }
  }

  /// Reports that `count` elements were moved.
  fileprivate func movedElements(_ ends: Ends, _ source: Entry, count: Int) {
    // The source tells of the change; Redis counts the destination's part of it for nothing.
    changed(2, .list, ends.to.pushEvent, count: 0)
    removedElements(1, source, event: ends.from.popEvent, count: count)
  }
}

// MARK: One element

private func lmove(_ call: Call, _ reply: inout ReplyWriter) {
  guard let ends = Ends(call, &reply) else { return }
  if case .nothing = move(call, ends, &reply) { reply.null() }
}

private func rpoplpush(_ call: Call, _ reply: inout ReplyWriter) {
  if case .nothing = move(call, Ends(from: .tail, to: .head), &reply) { reply.null() }
}

private func blmove(_ call: Call, _ reply: inout ReplyWriter) {
  guard let ends = Ends(call, &reply), let timeout = call.blockingTimeout(5, &reply) else { return }
  if case .done = move(call, ends, &reply) {
    if call.isPropagated { call.propagate([Bytes("LMOVE"), call[1], call[2], call[3], call[4]]) }
    return
  }
  waitToMove(call, timeout, &reply)
}

private func brpoplpush(_ call: Call, _ reply: inout ReplyWriter) {
  guard let timeout = call.blockingTimeout(3, &reply) else { return }
  if case .done = move(call, Ends(from: .tail, to: .head), &reply) {
    if call.isPropagated { call.propagate([Bytes("RPOPLPUSH"), call[1], call[2]]) }
    return
  }
  waitToMove(call, timeout, &reply)
}

private func waitToMove(_ call: Call, _ timeout: Int64, _ reply: inout ReplyWriter) {
  guard call.mayBlock else { return reply.null() }
  call.block(on: 1..<2, for: .list, timeoutMilliseconds: timeout)
}

private func move(_ call: Call, _ ends: Ends, _ reply: inout ReplyWriter) -> MoveOutcome {
  let source: Entry
  let destination: Entry?
  switch call.findListsToMove(&reply) {
  case .none(let outcome): return outcome
  case .some(let found, let other): (source, destination) = (found, other)
  }
  let element = ListValue.element(source, at: ends.from)
  reply.fieldValue(element)
  if destination?.address == source.address {
    rotate(call, source, element, ends)
  } else {
    call.keyspace.pointee.push(call.existing(destination, orNewListAt: 2), element, at: ends.to)
    call.keyspace.pointee.removeElement(source, at: ends.from)
  }
  call.movedElements(ends, source, count: 1)
  return .done
}

/// Moves an element within its list.
private func rotate(_ call: Call, _ list: Entry, _ element: StringValue, _ ends: Ends) {
  if case .blob(let blob) = element {
    // Held until it is in its new place.
    blob.retain()
    call.keyspace.pointee.removeElement(list, at: ends.from)
    call.keyspace.pointee.push(list, element, at: ends.to)
    blob.release()
  } else {
    element.withCopy { bytes in
      call.keyspace.pointee.removeElement(list, at: ends.from)
      call.keyspace.pointee.push(list, .bytes(bytes), at: ends.to)
    }
  }
}

// MARK: Several elements

/// How many elements LMOVEM moves, and in which order they arrive.
private struct MoveAmount {
  var count = 1
  /// Fewer are not moved.
  var isExact = false
  /// As they were side by side, instead of one by one.
  var isBulk = false

  /// Reads the arguments from `first` on; nil after an error was written.
  init?(_ call: Call, from first: Int, _ reply: inout ReplyWriter) {
    if call.count == first { return }
    isExact = call.count == first + 3 && call.argument(first, is: "exactly")
    isBulk = call.count == first + 3 && call.argument(first + 2, is: "bulk")
    guard call.count == first + 3, isExact || call.argument(first, is: "count"),
      isBulk || call.argument(first + 2, is: "obo")
    else {
      reply.syntaxError()
      return nil
    }
    let message: StaticString = "ERR count should be greater than 0"
    guard let given = call.integer(first + 1, atLeast: 1, message, &reply) else { return nil }
    count = given
  }
}

private func lmovem(_ call: Call, _ reply: inout ReplyWriter) {
  guard let ends = Ends(call, &reply), let amount = MoveAmount(call, from: 5, &reply) else { return }
  if case .nothing = move(call, amount, ends, &reply) { reply.nullArray() }
}

private func blmovem(_ call: Call, _ reply: inout ReplyWriter) {
  guard let ends = Ends(call, &reply), let amount = MoveAmount(call, from: 6, &reply),
    let timeout = call.blockingTimeout(5, &reply)
  else { return }
  if case .done = move(call, amount, ends, &reply) {
    if call.isPropagated {
      let kept = (1..<5).map { call[$0] } + (6..<max(6, call.count)).map { call[$0] }
      call.propagate([Bytes("LMOVEM")] + kept)
    }
    return
  }
  guard call.mayBlock else { return reply.nullArray() }
  call.block(on: 1..<2, for: .list, timeoutMilliseconds: timeout)
}

private func move(_ call: Call, _ amount: MoveAmount, _ ends: Ends, _ reply: inout ReplyWriter) -> MoveOutcome {
  let source: Entry
  let destination: Entry?
  switch call.findListsToMove(&reply) {
  case .none(let outcome): return outcome
  case .some(let found, let other): (source, destination) = (found, other)
  }
  let total = ListValue.count(source)
  if amount.isExact && total < amount.count { return .nothing }
  let moved = min(amount.count, total)
  let first = ends.from == .head ? 0 : total - moved

  // One by one they come in the order of popping; in bulk so that those end outermost that were so.
  let pushesForwards = amount.isBulk ? ends.to == .tail : ends.from == .head
  // The reply has the order of the destination.
  let repliesForwards = pushesForwards == (ends.to == .tail)
  reply.array(moved)
  visit(source, first, moved, forwards: repliesForwards) { reply.fieldValue($0) }

  if destination?.address == source.address {
    var copies: [ByteString] = []
    visit(source, first, moved, forwards: pushesForwards) { copies.append($0.withBytes { ByteString($0) }) }
    call.keyspace.pointee.removeElements(source, from: first, count: moved)
    for copy in copies { copy.withBytes { call.keyspace.pointee.push(source, .bytes($0), at: ends.to) } }
  } else {
    let target = call.existing(destination, orNewListAt: 2)
    visit(source, first, moved, forwards: pushesForwards) { call.keyspace.pointee.push(target, $0, at: ends.to) }
    call.keyspace.pointee.removeElements(source, from: first, count: moved)
  }
  call.movedElements(ends, source, count: moved)
  return .done
}

/// Visits elements of a list in either direction.
private func visit(_ list: Entry, _ first: Int, _ count: Int, forwards: Bool, _ body: (StringValue) -> Void) {
  if forwards {
    ListValue.forEachRun(list, from: first, count: count) { run in
      run.forEach(body)
      return true
    }
  } else {
    ListValue.forEachRunBackwards(list, from: first + count - 1, count: count) { run in
      run.forEachBackwards(body)
      return true
    }
  }
}
