import Keyspace
import Memory
import RESP
import Structures

/// A consumer that reads one stream in its group.
struct GroupMember {
  private let call: Call
  private let request: ReadRequest
  private let key: Int
  private let stream: StreamPointer
  private let group: ConsumerGroupPointer
  private let consumer: ConsumerPointer
  /// When the first entry can be claimed that is pending now, if the consumer wants that.
  private(set) var nextClaim: Int64?

  @inline(__always)
  init(_ call: Call, _ request: ReadRequest, key: Int, stream: StreamPointer, group: ConsumerGroupPointer) {
    self.call = call
    self.request = request
    self.key = key
    self.stream = stream
    self.group = group
    let (consumer, isNew) = call.findOrAddConsumer(request.consumerIndex, key: key, group)
    self.consumer = consumer
    // Else it comes into being with what it gets.
    if isNew && request.isAcknowledged && call.isPropagated {
      call.propagate([
        Bytes("XGROUP"), Bytes("CREATECONSUMER"), call[key], call[request.groupIndex], call[request.consumerIndex],
      ])
    }
  }

  /// Entries that the group has not seen; before them, those that are pending for long, if the consumer claims them.
  @inline(__always)
  mutating func readNew(_ output: inout ReadOutput, _ reply: inout ReplyWriter) {
    output.begin(call[key], &reply)
    if request.minimumIdle != nil { claim(&output, &reply) }
    readUnseen(&output, &reply)
    if output.count > 0 { call.keyspace.pointee.changedSilently() }
    output.end(isKeptEmpty: false, &reply)
  }

  @inline(__always)
  private func readUnseen(_ output: inout ReadOutput, _ reply: inout ReplyWriter) {
    guard stream.pointee.length > 0 && stream.pointee.lastID > group.pointee.lastID && !output.isFull else { return }
    let isClaiming = request.minimumIdle != nil
    let limit = output.limit - output.count
    let count = Stream.deliver(
      stream, group: group, to: consumer, now: call.now, limit: limit, isRemembered: !request.isAcknowledged
    ) { reader, id, fieldCount in
      output.add(&reply) { reply in
        if isClaiming { reply.array(4) } else { reply.array(2) }
        reply.streamID(id)
        reply.streamFields(&reader, fieldCount: fieldCount)
        if isClaiming {
          reply.integer(0)
          reply.integer(0)
        }
      }
    } delivered: { id in
      if call.isPropagated && !request.isAcknowledged { propagateDelivery(id) }
    }
    if count > 0 && request.isAcknowledged && call.isPropagated { call.propagateGroup(key, request.groupIndex, group) }
  }

  private func propagateDelivery(_ id: StreamID) {
    guard let delivery = group.pointee.delivery(id) else { return }
    call.propagateClaim(key, request.groupIndex, group, id, delivery)
  }

  private mutating func claim(_ output: inout ReadOutput, _ reply: inout ReplyWriter) {
    guard let minimumIdle = request.minimumIdle else { return }
    for id in group.pointee.pending(deliveredUpTo: call.now - minimumIdle, limit: output.limit) {
      guard let delivery = group.pointee.delivery(id), output.count < output.limit else { break }
      var reader = StreamReader(stream, from: id, through: id)
      guard let entry = reader.next() else {
        // It is gone from the stream: nobody will ever do anything with it.
        call.propagateClaim(key, request.groupIndex, group, id, delivery)
        _ = group.pointee.acknowledge(id)
        call.keyspace.pointee.changedSilently()
        continue
      }
      let fits = output.add(&reply) { reply in
        reply.array(4)
        reply.streamID(id)
        reply.streamFields(&reader, fieldCount: entry.fieldCount)
        reply.integer(delivery.consumer == nil ? -1 : Int(max(delivery.idle(call.now), 0)))
        reply.integer(Int(truncatingIfNeeded: delivery.count))
      }
      guard fits else { break }
      group.pointee.redeliver(id, to: consumer, time: call.now, count: delivery.count.next)
      consumer.pointee.activeTime = call.now
      propagateDelivery(id)
    }
    if let oldest = group.pointee.oldestDelivery {
      let (time, overflow) = oldest.addingReportingOverflow(minimumIdle)
      nextClaim = overflow ? nil : max(time, call.now + 1)
    }
  }

  /// What the consumer has not acknowledged, after an id.
  func readPending(after: StreamID, _ output: inout ReadOutput, _ reply: inout ReplyWriter) {
    output.begin(call[key], &reply)
    let start = after.next ?? .maximum
    let limit = output.limit
    _ = Stream.redeliver(stream, group: group, to: consumer, from: start, now: call.now, limit: limit) {
      id, reader, fieldCount in
      output.add(&reply) { reply in
        guard let fieldCount else {
          reply.array(2)
          reply.streamID(id)
          reply.nullArray()
          return
        }
        reply.streamEntry(&reader, id, fieldCount: fieldCount)
      }
    }
    output.end(isKeptEmpty: true, &reply)
    call.keyspace.pointee.changedSilently()
  }
}

extension UInt64 {
  /// One more, if there is more.
  var next: UInt64 { self < .max ? self + 1 : self }
}

// MARK: Propagation

extension Call {
  /// Tells of a delivery, whatever brought it about, as a claim that ends in the same.
  ///
  /// - Parameters:
  ///   - key: index of the key.
  ///   - groupIndex: index of the group's name.
  func propagateClaim(
    _ key: Int, _ groupIndex: Int, _ group: ConsumerGroupPointer, _ id: StreamID, _ delivery: Delivery
  ) {
    guard isPropagated else { return }
    id.withText { idText in
      group.pointee.lastID.withText { lastText in
        StringValue.integer(Int64(truncatingIfNeeded: delivery.count)).withBytes { count in
          guard let consumer = delivery.consumer else {
            return propagate([
              Bytes("XNACK"), self[key], self[groupIndex], Bytes("SILENT"), Bytes("IDS"), Bytes("1"), idText,
              Bytes("RETRYCOUNT"), count, Bytes("FORCE"),
            ])
          }
          StringValue.integer(delivery.time).withBytes { time in
            propagate([
              Bytes("XCLAIM"), self[key], self[groupIndex], consumer.pointee.name.bytes, Bytes("0"), idText,
              Bytes("TIME"), time, Bytes("RETRYCOUNT"), count, Bytes("FORCE"), Bytes("JUSTID"), Bytes("LASTID"),
              lastText,
            ])
          }
        }
      }
    }
  }

  /// Tells how far a group has read, where no claim tells it.
  func propagateGroup(_ key: Int, _ groupIndex: Int, _ group: ConsumerGroupPointer) {
    guard isPropagated else { return }
    group.pointee.lastID.withText { id in
      StringValue.integer(group.pointee.entriesRead ?? -1).withBytes { read in
        propagate([
          Bytes("XGROUP"), Bytes("SETID"), self[key], self[groupIndex], id, Bytes("ENTRIESREAD"), read,
        ])
      }
    }
  }
}
