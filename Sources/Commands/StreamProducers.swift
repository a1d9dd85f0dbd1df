import CMartlet
import Keyspace
import Memory
import RESP
import Structures

// Entries that are sent twice and added once. https://redis.io/docs/latest/develop/data-types/streams/idempotency/

/// The entry that a producer has added before, if it is remembered: what XADD answers instead of adding it again.
func knownEntry(_ call: Call, _ options: StreamOptions, _ stream: StreamPointer, _ fieldIndex: Int) -> StreamID? {
  guard let producers = stream.pointee.producers else { return nil }
  let known = withProducerID(call, options, fieldIndex) { id in
    producers.pointee.find(call[options.producerIndex], id, now: call.now)
  }
  if known != nil { producers.pointee.noteDuplicate() }
  return known
}

func rememberEntry(
  _ call: Call, _ options: StreamOptions, _ stream: StreamPointer, _ fieldIndex: Int, _ id: StreamID
) {
  withProducerID(call, options, fieldIndex) {
    call.producers(stream).pointee.remember(call[options.producerIndex], $0, id, now: call.now)
  }
}

/// Runs `body` with the producer's id of an entry: the one that was given, or one made of the contents.
func withProducerID<R>(
  _ call: Call, _ options: StreamOptions, _ fieldIndex: Int, _ body: (Bytes) -> R
) -> R {
  if options.producerIDIndex > 0 { return body(call[options.producerIDIndex]) }
  // Lengths are part of it, so that "ab" "c" is not "a" "bc". The keys are fixed: the ids outlive the process.
  var low: UInt64 = 0
  var high: UInt64 = 0
  for i in fieldIndex..<call.count {
    let length = UInt64(call[i].count)
    low = sipHash13(call[i], key: SipKey(k0: low, k1: length))
    high = sipHash13(call[i], key: SipKey(k0: high ^ 0x9e37_79b9_7f4a_7c15, k1: ~length))
  }
  return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { digest in
    digest.storeBytes(of: low.littleEndian, as: UInt64.self)
    digest.storeBytes(of: high.littleEndian, toByteOffset: 8, as: UInt64.self)
    return body(Bytes(UnsafeRawBufferPointer(digest)))
  }
}

extension Call {
  /// What the stream remembers of producers; begun if it does not yet.
  fileprivate func producers(_ stream: StreamPointer) -> UnsafeMutablePointer<IdempotentProducers> {
    if let producers = stream.pointee.producers { return producers }
    let producers = IdempotentProducers.allocate(hashKey: keyspace.pointee.hashKey)
    stream.pointee.producers = producers
    return producers
  }
}

func xcfgset(_ call: Call, _ reply: inout ReplyWriter) {
  var duration: Int?
  var count: Int?
  guard call.count > 2 else { return reply.syntaxError() }
  for i in stride(from: 2, to: call.count, by: 2) {
    guard i + 1 < call.count else { return reply.syntaxError() }
    if call.argument(i, is: "idmp-duration") {
      guard let value = call.integer(i + 1, &reply) else { return }
      guard IdempotentProducers.durations.contains(Int(value)) else {
        return reply.error("ERR IDMP-DURATION must be between 1 and 86400 seconds")
      }
      duration = Int(value)
    } else if call.argument(i, is: "idmp-maxsize") {
      guard let value = call.integer(i + 1, &reply) else { return }
      guard IdempotentProducers.counts.contains(Int(value)) else {
        return reply.error("ERR IDMP-MAXSIZE must be between 1 and 10000 entries")
      }
      count = Int(value)
    } else {
      return reply.syntaxError()
    }
  }
  switch call.findStream(1, .write, &reply) {
  case .missing: reply.error("ERR no such key")
  case .wrongType: return
  case .found(let stream):
    let producers = call.producers(stream)
    producers.pointee.configure(
      duration: duration ?? producers.pointee.durationSeconds, count: count ?? producers.pointee.maximumCount)
    reply.ok()
    call.keyspace.pointee.changedSilently()
  }
}

func xidmprecord(_ call: Call, _ reply: inout ReplyWriter) {
  guard let id = call.streamID(4, &reply) else { return }
  if call[2].isEmpty || call[3].isEmpty { return reply.error("ERR producer ID and idempotent ID must not be empty") }
  switch call.findStream(1, .write, &reply) {
  case .missing: reply.error("ERR no such key")
  case .wrongType: return
  case .found(let stream):
    guard stream.pointee.contains(id) else { return reply.error("ERR no such entry in the stream") }
    let producers = call.producers(stream)
    if let known = producers.pointee.find(call[2], call[3], now: call.now) {
      guard known == id else { return reply.error("ERR the idempotent ID belongs to another entry already") }
      return reply.ok()
    }
    producers.pointee.remember(call[2], call[3], id, now: call.now)
    reply.ok()
    call.keyspace.pointee.changedSilently()
  }
}
