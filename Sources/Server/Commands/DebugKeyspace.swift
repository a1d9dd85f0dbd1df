import Commands
import Keyspace
import Memory
import Persistence
import RESP
import Structures

// DEBUG's subcommands that look at keys and at how their values lie in memory. Keys that are dead but were not removed
// are seen as well.

extension Call {
  /// The entry of the key at `index`, dead or alive; nil after the error was written.
  fileprivate func rawEntry(_ index: Int, _ reply: inout ReplyWriter) -> Entry? {
    if let entry = rawEntry(index) { return entry }
    reply.error("ERR no such key")
    return nil
  }

  fileprivate func rawEntry(_ index: Int) -> Entry? {
    let slot = keyspace.pointee.databases[database].table.find(self[index], hash: keyspace.pointee.hash(self[index]))
    return slot.map { Entry(address: $0.pointee) }
  }
}

extension DebugSubcommand {
  static let digest: Handler = { call, reply in
    reply.simple(DatasetDigest(of: call.keyspace.pointee).hexadecimal)
  }

  static let digestValues: Handler = { call, reply in
    reply.array(call.count - 2)
    for i in 2..<call.count {
      var digest = DatasetDigest()
      if let entry = call.rawEntry(i) { digest.mix(entry) }
      reply.simple(digest.hexadecimal)
    }
  }

  static let showObject: Handler = { call, reply in
    guard let entry = call.rawEntry(2, &reply) else { return }
    let idle = call.keyspace.pointee.accessClock.idleMilliseconds(entry) / 1000
    let compressing = call.server.configuration.boolean("rdbcompression")
    // Without the type before the value, and what stands after it.
    var serialized = 0
    DumpPayload.withPayload(of: entry, compressing: compressing) { serialized = $0.count - 11 }
    let address = String(UInt(bitPattern: entry.address), radix: 16)
    reply.simple(
      "Value at:0x\(address) refcount:1 encoding:\(Value.encodingName(entry)) serializedlength:\(serialized) "
        + "lru:\(entry.accessClock) lru_seconds_idle:\(idle)" + Value.details(entry))
  }

  static let showStringSizes: Handler = { call, reply in
    guard let entry = call.rawEntry(2, &reply) else { return }
    guard entry.isString, entry.valueEncoding != .integer else { return reply.error("ERR Not an sds encoded string.") }
    let count = StringValue(entry).count
    let isBlob = entry.valueEncoding == .blob
    let available = isBlob ? Blob(address: entry.pointer).capacity - count : 0
    let allocated = isBlob ? Allocator.usableSize(entry.pointer) : entry.allocatedBytes
    reply.simple(
      "key_sds_len:\(entry.keyCount), key_sds_avail:0, key_zmalloc: \(entry.allocatedBytes), val_sds_len:\(count), "
        + "val_sds_avail:\(available), val_zmalloc: \(allocated)")
  }

  static let showListpack: Handler = { call, reply in
    guard let entry = call.rawEntry(2, &reply) else { return }
    guard let lines = Value.describeListpack(entry) else { return reply.error("ERR Not a listpack encoded object.") }
    call.server.log.raw(lines.joined(separator: "\n") + "\n")
    reply.simple("Listpack structure printed on stdout")
  }

  /// Keys come out of nothing: no command is propagated, and nobody is told but those who watch them.
  static let populate: Handler = { call, reply in
    guard let count = call.positive(2, &reply) else { return }
    var size = 0
    if call.count == 5 {
      guard let given = call.positive(4, &reply) else { return }
      size = given
    }
    let prefix = call.count > 3 ? call[3].array : Array("key".utf8)
    for i in 0..<count {
      let key = prefix + Array(":\(i)".utf8)
      var value = Array("value:\(i)".utf8)
      if size > 0 { value = value.prefix(size) + [UInt8](repeating: 0, count: max(0, size - value.count)) }
      key.withBytes { key in value.withBytes { call.addMissing(key, $0) } }
    }
    reply.ok()
  }

  // MARK: Tables

  static let showTable: Handler = { call, reply in
    guard let index = call.integer(2, &reply) else { return }
    guard index >= 0 && index < call.keyspace.pointee.databaseCount else {
      return reply.error("ERR Out of range database")
    }
    let isFull = call.count == 4 && call.argument(3, is: "full")
    let lengths = call.keyspace.pointee.databases[Int(index)].table.chainLengths()
    let deadlines = call.keyspace.pointee.databases[Int(index)].keyDeadlines.count
    reply.verbatim(
      "[Dictionary HT]\n" + describeTable(lengths, isFull: isFull)
        + "[Expires HT]\nTiming wheel, not a table:\n number of elements: \(deadlines)\n")
  }

  static let showTableOfKey: Handler = { call, reply in
    guard let entry = call.rawEntry(2, &reply) else { return }
    guard let lengths = Value.chainLengths(entry) else {
      return reply.error("ERR The value stored at the specified key is not represented using an hash table")
    }
    reply.verbatim(describeTable(lengths, isFull: call.count == 4 && call.argument(3, is: "full")))
  }

  /// - Parameter lengths: how many chains have 0, 1, 2 … entries.
  private static func describeTable(_ lengths: [Int], isFull: Bool) -> String {
    let size = lengths.reduce(0, +)
    let elements = lengths.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    var text = "Hash table 0 stats (main hash table):\n"
    if elements == 0 { return text + "No stats available for empty dictionaries\n" }
    text += " table size: \(size)\n number of elements: \(elements)\n"
    guard isFull else { return text }
    let used = size - (lengths.first ?? 0)
    let average = InfoNumber.fixed(Double(elements) / Double(max(1, used)), 2)
    text += " different slots: \(used)\n max chain length: \(lengths.count - 1)\n"
    text += " avg chain length (counted): \(average)\n avg chain length (computed): \(average)\n"
    text += " Chain length distribution:\n"
    for (length, chains) in lengths.enumerated() where chains > 0 {
      text += "   \(length): \(chains) (\(InfoNumber.fixed(Double(chains) * 100 / Double(size), 2))%)\n"
    }
    return text
  }
}

extension Call {
  /// An argument that must be a number from 0 on; nil after the error was written.
  fileprivate func positive(_ index: Int, _ reply: inout ReplyWriter) -> Int? {
    if let value = parseInteger(self[index]), value >= 0 { return Int(value) }
    reply.error("ERR value is out of range, must be positive")
    return nil
  }

  fileprivate func addMissing(_ key: Bytes, _ value: Bytes) {
    let hash = keyspace.pointee.hash(key)
    guard keyspace.pointee.lookup(database, key, hash: hash, .silent) == nil else { return }
    keyspace.pointee.setString(database, key, hash: hash, at: nil, to: value)
    executor.touchWatchedKey(database, key)
  }
}
