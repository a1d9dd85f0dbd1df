import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// OBJECT: what is known of a value beside its contents.
  public static let object: [Command] = [
    Command(
      "OBJECT", arity: -2, [], group: .generic, since: "2.2.3",
      summary: "A container for object introspection commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "ENCODING", arity: 3, [.readonly], keys: [.one("RO", at: 2)], group: .generic, since: "2.2.3",
          summary: "Returns how a value lies in memory.", syntax: "key", tips: ["nondeterministic_output"],
          run: objectEncoding),
        Command(
          "FREQ", arity: 3, [.readonly], keys: [.one("RO", at: 2)], group: .generic, since: "4.0.0",
          summary: "Returns the logarithmic access counter of a key.", syntax: "key", tips: ["nondeterministic_output"],
          run: objectFreq),
        Command(
          "IDLETIME", arity: 3, [.readonly], keys: [.one("RO", at: 2)], group: .generic, since: "2.2.3",
          summary: "Returns the seconds since the last access to a key.", syntax: "key",
          tips: ["nondeterministic_output"], run: objectIdletime),
        Command(
          "REFCOUNT", arity: 3, [.readonly], keys: [.one("RO", at: 2)], group: .generic, since: "2.2.3",
          summary: "Returns how many hold a value.", syntax: "key", tips: ["nondeterministic_output"],
          run: objectRefcount),
        .help(
          of: "OBJECT", .generic, since: "6.2.0",
          [
            "ENCODING <key>",
            "    Return the kind of internal representation used in order to store the value",
            "    associated with a <key>.",
            "FREQ <key>",
            "    Return the access frequency index of the <key>. The returned integer is",
            "    proportional to the logarithm of the recent access frequency of the key.",
            "IDLETIME <key>",
            "    Return the idle time of the <key>, that is the approximated number of",
            "    seconds elapsed since the last access to the key.",
            "REFCOUNT <key>",
            "    Return the number of references of the value associated with the specified",
            "    <key>.",
          ]),
      ])
  ]
}

private func objectEncoding(_ call: Call, _ reply: inout ReplyWriter) {
  guard let entry = call.find(2, [.noTouch, .noStatistics]) else { return reply.null() }
  reply.bulk(Value.encodingName(entry))
}

private func objectRefcount(_ call: Call, _ reply: inout ReplyWriter) {
  guard let entry = call.find(2, [.noTouch, .noStatistics]) else { return reply.null() }
  // Redis shares small integers for ever, and shows that by the largest count there is.
  if entry.isString, case .integer(let value) = StringValue(entry), value >= 0 && value < 10000,
    call.keyspace.pointee.sharesIntegers
  {
    return reply.integer(Int(Int32.max))
  }
  reply.integer(1)
}

private func objectIdletime(_ call: Call, _ reply: inout ReplyWriter) {
  guard let entry = call.find(2, [.noTouch, .noStatistics]) else { return reply.null() }
  if call.keyspace.pointee.eviction.policy.usesFrequency {
    return reply.error(
      "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."
    )
  }
  reply.integer(Int(call.keyspace.pointee.accessClock.idleMilliseconds(entry) / 1000))
}

private func objectFreq(_ call: Call, _ reply: inout ReplyWriter) {
  guard let entry = call.find(2, [.noTouch, .noStatistics]) else { return reply.null() }
  guard call.keyspace.pointee.eviction.policy.usesFrequency else {
    return reply.error(
      "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."
    )
  }
  reply.integer(Int(call.keyspace.pointee.accessClock.frequency(entry)))
}
