import Memory
import Structures

/// Streams, as they lie in their entries: the payload points to a ``Stream``.
public enum StreamValue {
  @inline(__always)
  public static func stream(_ entry: Entry) -> StreamPointer { entry.pointer.assumingMemoryBound(to: Stream.self) }

  /// Frees what the payload of `entry` points to. May run on any thread.
  static func free(_ entry: Entry) {
    let stream = stream(entry)
    stream.deinitialize(count: 1)
    Allocator.free(stream)
  }

  /// How many allocations freeing the value takes, roughly.
  static func freeEffort(_ entry: Entry) -> Int {
    let stream = stream(entry)
    var effort = stream.pointee.nodes.count
    for i in 0..<stream.pointee.groups.count { effort += stream.pointee.groups[i].pointee.allocationCount }
    return effort
  }

  /// Gives `fresh`, whose type and encoding are those of `entry`, a deep copy of its value.
  static func copy(_ entry: Entry, into fresh: Entry) {
    let source = stream(entry)
    let copy = Stream.allocate()
    source.pointee.nodes.forEach { node in
      copy.pointee.nodes.append(node.id, Listpack.copy(Listpack(address: node.value).bytes).address)
    }
    copy.pointee.length = source.pointee.length
    copy.pointee.firstID = source.pointee.firstID
    copy.pointee.lastID = source.pointee.lastID
    copy.pointee.maximumDeletedID = source.pointee.maximumDeletedID
    copy.pointee.entriesAdded = source.pointee.entriesAdded
    for i in 0..<source.pointee.groups.count {
      copy.pointee.groups.insert(ConsumerGroup.copy(source.pointee.groups[i]))
    }
    copy.pointee.producers = source.pointee.producers.map { IdempotentProducers.copy($0) }
    fresh.pointer = UnsafeMutableRawPointer(copy)
  }

  /// Bytes that the value takes beside the entry, estimated from `samples` nodes (0: all).
  static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    let stream = stream(entry)
    var bytes = Allocator.usableSize(stream) + stream.pointee.nodes.allocatedBytes + nodeBytes(stream, samples: samples)
    bytes += stream.pointee.groups.allocatedBytes
    for i in 0..<stream.pointee.groups.count {
      let group = stream.pointee.groups[i]
      bytes += Allocator.usableSize(group) + group.pointee.allocatedBytes
    }
    if let producers = stream.pointee.producers {
      bytes += Allocator.usableSize(producers) + producers.pointee.allocatedBytes
    }
    return bytes
  }

  private static func nodeBytes(_ stream: StreamPointer, samples: Int) -> Int {
    var seen = 0
    var bytes = 0
    var position = stream.pointee.nodes.firstPosition
    while let current = position, samples == 0 || seen < samples {
      bytes += Allocator.usableSize(stream.pointee.nodes[current].pointee.value)
      seen += 1
      position = stream.pointee.nodes.next(current)
    }
    let total = stream.pointee.nodes.count
    return seen == 0 || seen == total ? bytes : Int(Double(bytes) / Double(seen) * Double(total))
  }

  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString { "stream" }
}

extension Keyspace {
  /// A new, empty stream under a key that is not there.
  public mutating func addStream(_ database: Int, _ key: Bytes, hash: UInt64) -> Entry {
    addCollection(
      database, key, hash: hash, type: .stream, encoding: .stream, pointer: UnsafeMutableRawPointer(Stream.allocate()))
  }

  /// Counts a change that has no event and that WATCH does not see, as those of what a group has pending: it is only
  /// told to those who repeat it.
  @inline(__always)
  public mutating func changedSilently(count: Int = 1) { dirty &+= count }
}
