import Keyspace
import Memory
import RESP
import Structures

/// ZRANDMEMBER: a positive count asks for that many different members, a negative one for so many draws.
func zrandmember(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count > 2 else {
    switch call.findSortedSet(1, .none, &reply) {
    case .wrongType: return
    case .missing: reply.null()
    case .found(let entry): reply.fieldValue(randomMember(call, entry).name)
    }
    return
  }
  guard let count = call.integer(2, &reply) else { return }
  guard count >= -Int64.max else {
    return reply.error("ERR value is out of range, value must between \(-Int64.max) and \(Int64.max)")
  }
  guard call.count == 3 || (call.count == 4 && call.argument(3, is: "withscores")) else { return reply.syntaxError() }
  let withScores = call.count == 4
  if withScores && (count < -(Int64.max / 2) || count > Int64.max / 2) {
    return reply.error("ERR value is out of range")
  }
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    if count <= 0 {
      writeDraws(call, entry, count: Int(-count), withScores, &reply)
    } else {
      writeDistinct(call, entry, count: Int(count), withScores, &reply)
    }
  }
}

/// A member at random, each with the same probability.
private func randomMember(_ call: Call, _ entry: Entry) -> SortedSetValue.Member {
  let rank = Int.random(in: 0..<SortedSetValue.count(entry), using: &call.keyspace.pointee.random)
  return SortedSetValue.member(entry, at: rank)
}

private func writeDraws(_ call: Call, _ entry: Entry, count: Int, _ withScores: Bool, _ reply: inout ReplyWriter) {
  let mark = reply.mark
  reply.members(count, withScores: withScores)
  for _ in 0..<count {
    reply.member(randomMember(call, entry), withScores: withScores)
    if reply.isInVain { return }
    // A count in the billions would fill the memory before the first byte is sent.
    if reply.mark - mark > call.keyspace.pointee.maximumStringCount {
      reply.truncate(to: mark)
      return reply.error("ERR value is out of range")
    }
  }
}

private func writeDistinct(_ call: Call, _ entry: Entry, count: Int, _ withScores: Bool, _ reply: inout ReplyWriter) {
  let size = SortedSetValue.count(entry)
  reply.members(min(count, size), withScores: withScores)
  if count >= size {
    SortedSetValue.forEach(entry, 0..<size, isReversed: true) { reply.member($0, withScores: withScores) }
    return
  }
  if count > size / 3 {
    // Many of all: one walk, at each member deciding by how many are still wanted of how many are left.
    var wanted = count
    var left = size
    SortedSetValue.forEach(entry) { member in
      if Int.random(in: 0..<left, using: &call.keyspace.pointee.random) < wanted {
        reply.member(member, withScores: withScores)
        wanted -= 1
      }
      left -= 1
    }
    return
  }
  // Few of many: draw until enough different ones have come.
  var drawn: Set<Int> = []
  while drawn.count < count {
    let rank = Int.random(in: 0..<size, using: &call.keyspace.pointee.random)
    if drawn.insert(rank).inserted { reply.member(SortedSetValue.member(entry, at: rank), withScores: withScores) }
  }
}
