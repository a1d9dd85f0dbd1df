import CMartlet
import Commands
import Directives
import Glibc
import Keyspace
import Memory
import RESP
import Structures

// DEBUG's subcommands that look at, or change, the server as a whole.

extension Call {
  /// An argument as C's `atoi` reads it: no number is 0.
  fileprivate func isSwitchedOn(_ index: Int) -> Bool { (parseInteger(self[index]) ?? 0) != 0 }
}

extension DebugSubcommand {
  /// Everybody waits.
  static let sleep: Handler = { call, reply in
    let seconds = parseDouble(call[2]) ?? 0
    if seconds > 0 && seconds < 1e9 {
      var time = timespec(
        tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
      nanosleep(&time, nil)
    }
    reply.ok()
  }

  static let setActiveExpire: Handler = { call, reply in
    call.keyspace.pointee.expiresActively = call.isSwitchedOn(2)
    reply.ok()
  }

  static let setNoScriptIgnored: Handler = { call, reply in
    call.executor.scripting.ignoresNoScript = call.isSwitchedOn(2)
    reply.ok()
  }

  static let setPackedThreshold: Handler = { call, reply in
    guard let size = MemorySize.parse(call[2].string), size <= 4 << 30 - 1 << 20 else {
      return reply.error("ERR argument must be a memory value bigger than 1 and smaller than 4gb")
    }
    call.keyspace.pointee.listLimits.forcePlainThreshold(Int(size))
    reply.ok()
  }

  static let pauseCron: Handler = { call, reply in
    call.server.isCronPaused = call.isSwitchedOn(2)
    reply.ok()
  }

  static let setTableResizing: Handler = { call, reply in
    for index in 0..<call.keyspace.pointee.databaseCount {
      call.keyspace.pointee.databases[index].table.isShrinkingPaused = !call.isSwitchedOn(2)
    }
    reply.ok()
  }

  static let changeReplicationID: Handler = { call, reply in
    call.server.log.notice("Changing replication IDs after receiving DEBUG change-repl-id")
    call.server.replication.changeID(to: ServerInstance.randomID())
    call.executor.restartFeed(at: call.server.replication.position)
    reply.ok()
  }

  static let rewriteAllConfiguration: Handler = { call, reply in
    do throws(ConfigurationError) {
      try call.server.configuration.rewrite(all: true)
      reply.ok()
    } catch {
      reply.error("ERR CONFIG-REWRITE-FORCE-ALL failed: \(error.message)")
    }
  }

  static let writeLog: Handler = { call, reply in
    call.server.log.warning("DEBUG LOG: \(call[2].string)")
    reply.ok()
  }

  /// The error is the client's own idea, and is not counted among the errors.
  static let writeError: Handler = { call, reply in
    reply.raw("-")
    call[2].withoutLineBreaks.withBytes { reply.raw($0) }
    reply.raw("\r\n")
  }

  static let matchString: Handler = { call, reply in
    reply.integer(globMatches(pattern: call[2], call[3]) ? 1 : 0)
  }

  static let setPeakResetTime: Handler = { call, reply in
    // Clients have no reply buffers of their own here, so that nothing is resized anyway.
    if call.argument(2, is: "resizing") { return reply.ok() }
    guard call.argument(2, is: "peak-reset-time") else { return reply.unknownSubcommand(call) }
    if call.argument(3, is: "never") {
      call.server.outputPeaks.resetMilliseconds = nil
    } else if call.argument(3, is: "reset") {
      call.server.outputPeaks.resetMilliseconds = OutputPeaks.defaultResetMilliseconds
    } else {
      guard let time = call.integer(3, &reply) else { return }
      call.server.outputPeaks.resetMilliseconds = time < 0 ? nil : time
    }
    reply.ok()
  }

  /// Powers of two from 32 kB on, as Redis sorts its clients into for their eviction.
  static let showClientSizes: Handler = { call, reply in
    guard call.server.settings.limitsClientMemory else { return reply.error("ERR maxmemory-clients is disabled.") }
    let buckets = 19
    let lowest = 15
    var sums = [Int](repeating: 0, count: buckets)
    var counts = sums
    for connection in call.server.connections where !connection.pointee.isClosing {
      let size = call.server.totalMemory(connection)
      let bits = Int.bitWidth - size.leadingZeroBitCount
      let bucket = min(max(bits - lowest, 0), buckets - 1)
      sums[bucket] += size
      counts[bucket] += 1
    }
    func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: " ", count: max(0, 10 - digits.count)) + digits
    }
    var text = ""
    for i in 0..<buckets {
      text += "bucket \(padded(i == 0 ? 0 : 1 << (i - 1 + lowest)))"
      text += i == buckets - 1 ? "+            : " : " - \(padded((1 << (i + lowest)) - 1)): "
      text += "tot-mem: \(padded(sums[i])), clients: \(counts[i])\n"
    }
    reply.verbatim(text)
  }

  static let tuneAllocator: Handler = { call, reply in
    var old: Int64 = 0
    var result: Int32
    if call.count == 4 {
      guard var value = call.integer(3, &reply) else { return }
      result = call[2].string.withCString { martlet_mallctl_integer($0, &value, &old) }
    } else {
      result = call[2].string.withCString { martlet_mallctl_integer($0, nil, &old) }
    }
    if result != 0 { return reply.error("ERR \(String(cString: strerror(result)))") }
    reply.integer(Int(old))
  }

  static let showStructureSizes: Handler = { call, reply in
    reply.bulk(
      "bits:64 entry:\(Entry.headerSize) deadline:\(Entry.deadlineSize) blob:\(Blob.headerSize) "
        + "session:\(MemoryLayout<Session>.size) connection:\(MemoryLayout<Connection>.size) ")
  }

  // MARK: Replies of every type

  static let showProtocol: Handler = { call, reply in
    switch call[2].string.lowercased() {
    case "string": reply.bulk("Hello World")
    case "integer": reply.integer(12345)
    case "double": reply.double(3.141)
    case "bignum": reply.bigNumber("1234567999999999999999999999999999999")
    case "null": reply.null()
    case "array":
      reply.array(3)
      for i in 0..<3 { reply.integer(i) }
    case "set":
      reply.set(3)
      for i in 0..<3 { reply.integer(i) }
    case "map":
      reply.map(3)
      for i in 0..<3 {
        reply.integer(i)
        reply.boolean(i == 1)
      }
    case "attrib": showAttribute(&reply)
    case "push": showPush(&reply)
    case "true": reply.boolean(true)
    case "false": reply.boolean(false)
    case "verbatim": reply.verbatim("This is a verbatim\nstring")
    default:
      reply.error(
        "ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false"
      )
    }
  }

  /// Attributes are no replies: one must follow.
  private static func showAttribute(_ reply: inout ReplyWriter) {
    if reply.isRESP3 {
      reply.attribute(1)
      reply.bulk("key-popularity")
      reply.array(2)
      reply.bulk("key:123")
      reply.integer(90)
    }
    reply.bulk("Some real reply following the attribute")
  }

  /// A client that drops the message still waits for the reply.
  private static func showPush(_ reply: inout ReplyWriter) {
    guard reply.isRESP3 else { return reply.error("ERR RESP2 is not supported by this command") }
    reply.push(2)
    reply.bulk("server-cpu-usage")
    reply.integer(42)
    reply.bulk("Some real reply following the push reply")
  }
}

extension Bytes {
  /// The same bytes with blanks for CR and LF.
  fileprivate var withoutLineBreaks: [UInt8] { buffer.map { $0 == 13 || $0 == 10 ? 32 : $0 } }
}

func replicate(_ call: Call, _ reply: inout ReplyWriter) {
  var command = CommandBuffer(capacity: 256)
  command.append(call.arguments + 2, count: call.count - 2)
  if !call.server.isFollowing { call.server.replication.append(command.bytes) }
  reply.ok()
}
