import Keyspace
import Memory
import RESP
import Structures

/// HRANDFIELD: a positive count asks for that many different fields, a negative one for so many draws.
func hrandfield(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.count > 2 else {
    switch call.findHash(1, .none, &reply) {
    case .wrongType: return
    case .missing: reply.null()
    case .found(let entry):
      let place = HashValue.randomPlace(entry, now: call.now, &call.keyspace.pointee.random)
      reply.fieldValue(place.map { HashValue.field(entry, at: $0).name })
    }
    return
  }
  guard let count = call.integer(2, &reply) else { return }
  guard count >= -Int64.max else {
    return reply.error("ERR value is out of range, value must between \(-Int64.max) and \(Int64.max)")
  }
  guard call.count <= 4, call.count == 3 || call.argument(3, is: "withvalues") else { return reply.syntaxError() }
  let withValues = call.count == 4
  if withValues && (count < -(Int64.max / 2) || count > Int64.max / 2) {
    return reply.error("ERR value is out of range")
  }
  switch call.findHash(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.array(0)
  case .found(let entry):
    if count == 0 {
      reply.array(0)
    } else if count < 0 {
      writeDraws(call, entry, count: Int(-count), withValues, &reply)
    } else {
      writeDistinct(call, entry, count: Int(count), withValues, &reply)
    }
  }
}

/// The head of an array of fields: pairs are flat in RESP2, arrays of two in RESP3.
private func writeHead(_ count: Int, _ withValues: Bool, _ reply: inout ReplyWriter) {
  reply.array(withValues && !reply.isRESP3 ? count * 2 : count)
}

private func write(_ field: HashValue.Field, _ withValues: Bool, _ reply: inout ReplyWriter) {
  if withValues && reply.isRESP3 { reply.array(2) }
  reply.fieldValue(field.name)
  if withValues { reply.fieldValue(field.value) }
}

private func writeDraws(_ call: Call, _ entry: Entry, count: Int, _ withValues: Bool, _ reply: inout ReplyWriter) {
  let mark = reply.mark
  writeHead(count, withValues, &reply)
  // The places of a listpack are found by walking, so they are all noted once; a table's draws are O(1).
  let isSmall = entry.valueEncoding == .listpack
  let places = isSmall ? HashValue.places(entry, now: call.now) : []
  for _ in 0..<count {
    let place =
      isSmall
      ? places.randomElement(using: &call.keyspace.pointee.random)
      : HashValue.randomPlace(entry, now: call.now, &call.keyspace.pointee.random)
    guard let place else {
      reply.truncate(to: mark)
      return reply.array(0)
    }
    write(HashValue.field(entry, at: place), withValues, &reply)
    if reply.isInVain { return }
    // A count in the billions would fill the memory before the first byte is sent.
    if reply.mark - mark > call.keyspace.pointee.maximumStringCount {
      reply.truncate(to: mark)
      return reply.error("ERR value is out of range")
    }
  }
}

private func writeDistinct(_ call: Call, _ entry: Entry, count: Int, _ withValues: Bool, _ reply: inout ReplyWriter) {
  let size = HashValue.count(entry, now: call.now)
  if count >= size {
    writeHead(size, withValues, &reply)
    HashValue.forEach(entry, now: call.now) { write($0, withValues, &reply) }
    return
  }
  writeHead(count, withValues, &reply)
  if entry.valueEncoding == .table && count <= size / 3 && size > HashValue.count(entry) / 2 {
    // Few of many: draw until enough different ones have come. Not while most fields are dead, since nearly every
    // draw would then miss.
    var drawn: Set<HashValue.Place> = []
    while drawn.count < count {
      guard let place = HashValue.randomPlace(entry, now: call.now, &call.keyspace.pointee.random) else { return }
      if drawn.insert(place).inserted { write(HashValue.field(entry, at: place), withValues, &reply) }
    }
    return
  }
  var places = HashValue.places(entry, now: call.now)
  for i in 0..<count {
    places.swapAt(i, Int.random(in: i..<places.count, using: &call.keyspace.pointee.random))
    write(HashValue.field(entry, at: places[i]), withValues, &reply)
  }
}
