import Commands
import Keyspace
import Memory
import Persistence
import RESP
import Structures

extension CommandTable {
  /// Single values as bytes, to be kept elsewhere and to come back.
  static let payloads: [Command] = [
    Command(
      "DUMP", arity: 2, [.readonly], keys: [.one("RO", "access")], group: .generic, since: "2.6.0",
      summary: "Returns the value of a key as bytes that RESTORE takes.",
      complexity:
        "O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size.",
      syntax: "key", tips: ["nondeterministic_output"], run: dumpKey),
    Command(
      "RESTORE", arity: -4, [.write, .denyOOM], keys: [.one("OW", "update")], group: .generic,
      categories: ["dangerous"], since: "2.6.0",
      summary: "Creates a key from the bytes that DUMP returned.",
      complexity:
        "O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size.",
      syntax: "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]", run: restoreKey),
    Command(
      "RESTORE-ASKING", arity: -4, [.write, .denyOOM, .asking], keys: [.one("OW", "update")], group: .server,
      categories: ["keyspace", "dangerous"], since: "3.0.0",
      summary: "As RESTORE, for a slot that is on its way to this node.",
      syntax: "key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]", run: restoreKey),
  ]
}

private func dumpKey(_ call: Call, _ reply: inout ReplyWriter) {
  guard let entry = call.find(1) else { return reply.null() }
  let compressing = call.server.configuration.boolean("rdbcompression")
  DumpPayload.withPayload(of: entry, compressing: compressing) { reply.bulk($0) }
}

private struct RestoreOptions {
  var replaces = false
  var isAbsolute = false
  var idleSeconds: Int64?
  var frequency: UInt8?

  /// False after the error was written.
  mutating func parse(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    var i = 4
    while i < call.count {
      let hasValue = i + 1 < call.count
      if call.argument(i, is: "replace") {
        replaces = true
      } else if call.argument(i, is: "absttl") {
        isAbsolute = true
      } else if call.argument(i, is: "idletime") && hasValue && frequency == nil {
        guard let value = call.integer(i + 1, &reply) else { return false }
        if value < 0 { return refuse("ERR Invalid IDLETIME value, must be >= 0") }
        idleSeconds = value
        i += 1
      } else if call.argument(i, is: "freq") && hasValue && idleSeconds == nil {
        guard let value = call.integer(i + 1, &reply) else { return false }
        guard let value = UInt8(exactly: value) else {
          return refuse("ERR Invalid FREQ value, must be >= 0 and <= 255")
        }
        frequency = value
        i += 1
      } else {
        return refuse("ERR syntax error")
      }
      i += 1
    }
    return true

    func refuse(_ message: StaticString) -> Bool {
      reply.error(message)
      return false
    }
  }
}

private func restoreKey(_ call: Call, _ reply: inout ReplyWriter) {
  var options = RestoreOptions()
  guard options.parse(call, &reply) else { return }
  if !options.replaces && call.find(1, .silent) != nil {
    return reply.error("BUSYKEY Target key name already exists.")
  }
  guard let deadline = restoredDeadline(call, options, &reply) else { return }
  let content = DumpPayload.content(of: call[3], ignoringChecksum: call.server.persistence.ignoresPayloadChecksums)
  guard let content else { return reply.error("ERR DUMP payload version or checksum are wrong") }
  let entry: Entry
  do throws(RDBFailure) {
    entry = try Keyspace.build(in: call.keyspace, key: call[1], hash: call.hash(1), content: content)
  } catch {
    call.server.log.warning("Bad data in the payload of RESTORE: \(error.message)")
    return reply.error("ERR Bad data format")
  }
  let old = options.replaces ? call.find(1, .silent) : nil
  if deadline != 0 && deadline <= call.now {
    // It is dead already: all that is left to do is what it would have replaced.
    Value.free(entry)
    if let old {
      call.delete(1, old)
      call.propagate([Bytes(call.keyspace.pointee.lazyServerDelete ? "UNLINK" : "DEL"), call[1]])
    }
    return reply.ok()
  }
  if let old {
    call.keyspace.pointee.delete(
      call.database, old, hash: call.hash(1), lazily: call.keyspace.pointee.lazyServerDelete)
  }
  place(call, entry, deadline, options)
  reply.ok()
}

/// The argument ttl as Unix milliseconds, 0 for none; nil after the error was written.
private func restoredDeadline(_ call: Call, _ options: RestoreOptions, _ reply: inout ReplyWriter) -> Int64? {
  guard let time = call.integer(2, &reply) else { return nil }
  if time == 0 || options.isAbsolute && time > 0 { return time }
  let (sum, overflow) = time.addingReportingOverflow(call.now)
  if time < 0 || overflow {
    reply.error("ERR Invalid TTL value, must be >= 0")
    return nil
  }
  return sum
}

private func place(_ call: Call, _ entry: Entry, _ deadline: Int64, _ options: RestoreOptions) {
  let keyspace = call.keyspace
  keyspace.pointee.add(call.database, entry, hash: call.hash(1))
  keyspace.pointee.noteUsage(
    entry, idleSeconds: options.idleSeconds.map { UInt64($0) }, frequency: options.frequency)
  if deadline != 0, let slot = call.slot(1, .silent) {
    keyspace.pointee.setDeadline(call.database, slot, milliseconds: deadline)
  }
  call.changed(1, .generic, "restore")
  if deadline != 0 && !options.isAbsolute && call.isPropagated { propagateAbsolute(call, deadline) }
}

/// The same with the time at which it dies instead of the time that it has left.
private func propagateAbsolute(_ call: Call, _ deadline: Int64) {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
    let count = formatInteger(deadline, to: digits.baseAddress!)
    var arguments = (0..<call.count).map { call[$0] }
    arguments[2] = Bytes(digits.baseAddress!, count: count)
    arguments.append(Bytes("ABSTTL"))
    call.propagate(arguments)
  }
}
