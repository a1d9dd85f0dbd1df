import Commands
import Memory
import Persistence
import RESP
import Structures

extension CommandTable {
  /// Libraries of functions: loading, listing, saving them.
  static let functions: [Command] = [
    Command(
      "FUNCTION", arity: -2, [], group: .scripting, since: "7.0.0", summary: "A container for function commands.",
      complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "DELETE", arity: 3, [.noScript, .write], group: .scripting, since: "7.0.0",
          summary: "Removes a library and its functions.", syntax: "library-name",
          tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: delete),
        Command(
          "DUMP", arity: 2, [.noScript], group: .scripting, since: "7.0.0",
          summary: "Returns all libraries as bytes that FUNCTION RESTORE takes.",
          complexity: "O(N) where N is the number of functions"
        ) { call, reply in
          LibraryPayload.payload(of: call.server.libraryCodes) { reply.bulk($0) }
        },
        Command(
          "FLUSH", arity: -2, [.noScript, .write], group: .scripting, since: "7.0.0",
          summary: "Removes all libraries.", complexity: "O(N) where N is the number of functions deleted",
          syntax: "[ASYNC | SYNC]", tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: flush),
        .help(of: "FUNCTION", .scripting, since: "7.0.0", helpLines),
        Command(
          "KILL", arity: 2, [.noScript, .allowBusy], group: .scripting, since: "7.0.0",
          summary: "Ends the function that runs.",
          tips: ["request_policy:all_shards", "response_policy:one_succeeded"]
        ) { call, reply in
          call.executor.scripting.kill(isEval: false, &reply)
        },
        Command(
          "LIST", arity: -2, [.noScript], group: .scripting, since: "7.0.0", summary: "Tells of all libraries.",
          complexity: "O(N) where N is the number of functions",
          syntax: "[LIBRARYNAME library-name-pattern] [WITHCODE]", tips: ["nondeterministic_output_order"],
          run: list),
        Command(
          "LOAD", arity: -3, [.noScript, .write, .denyOOM], group: .scripting, since: "7.0.0",
          summary: "Adds a library.",
          complexity: "O(1) (considering compilation time is redundant)", syntax: "[REPLACE] function-code",
          tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: load),
        Command(
          "RESTORE", arity: -3, [.noScript, .write, .denyOOM], group: .scripting, since: "7.0.0",
          summary: "Adds the libraries that FUNCTION DUMP returned.",
          complexity: "O(N) where N is the number of functions on the payload",
          syntax: "serialized-value [FLUSH | APPEND | REPLACE]",
          tips: ["request_policy:all_shards", "response_policy:all_succeeded"], run: restore),
        Command(
          "STATS", arity: 2, [.noScript, .allowBusy], group: .scripting, since: "7.0.0",
          summary: "Tells of the function that runs, and of the engine.",
          tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"], run: stats),
      ])
  ]

  private static let helpLines: [StaticString] = [
    "LOAD [REPLACE] <FUNCTION CODE>",
    "    Create a new library with the given library name and code.",
    "DELETE <LIBRARY NAME>",
    "    Delete the given library.",
    "LIST [LIBRARYNAME PATTERN] [WITHCODE]",
    "    Return general information on all the libraries:",
    "    * Library name",
    "    * The engine used to run the Library",
    "    * Library description",
    "    * Functions list",
    "    * Library code (if WITHCODE is given)",
    "    It also possible to get only function that matches a pattern using LIBRARYNAME argument.",
    "STATS",
    "    Return information about the current function running:",
    "    * Function name",
    "    * Command used to run the function",
    "    * Duration in MS that the function is running",
    "    If no function is running, return nil",
    "    In addition, returns a list of available engines.",
    "KILL",
    "    Kill the current running function.",
    "FLUSH [ASYNC|SYNC]",
    "    Delete all the libraries.",
    "    When called without the optional mode argument, the behavior is determined by the",
    "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
    "    * ASYNC: Asynchronously flush the libraries.",
    "    * SYNC: Synchronously flush the libraries.",
    "DUMP",
    "    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command",
    "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
    "    Restore the libraries represented by the given payload, it is possible to give a restore policy to",
    "    control how to handle existing libraries (default APPEND):",
    "    * FLUSH: delete all existing libraries.",
    "    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.",
    "    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old",
    "      libraries with the new libraries (notice that even on this option there is a chance of failure",
    "      in case of functions name collision with another library).",
  ]
}

extension ServerInstance {
  /// What is saved of the libraries: their code, and that of libraries in a file that could not be loaded.
  var libraryCodes: [[UInt8]] { executor.scripting.libraries.all.map(\.code) + persistence.unloadedLibraries }

  /// Takes the libraries that a file brought instead of those there are.
  func adoptLibraries(_ codes: [[UInt8]]) {
    executor.scripting.libraries.flush()
    persistence.unloadedLibraries = []
    for code in codes {
      do throws(Libraries.Failure) {
        try executor.scripting.libraries.restore(code)
      } catch {
        log.warning("Failed creating functions from the file: \(error.message.bytes.withBytes { $0.string })")
        // What cannot be run is not to be lost either.
        persistence.unloadedLibraries.append(code)
      }
    }
  }
}

private func load(_ call: Call, _ reply: inout ReplyWriter) {
  var replaces = false
  for i in 2..<call.count - 1 {
    guard call.argument(i, is: "replace") else { return reply.error("ERR Unknown option given: \(call[i])") }
    replaces = true
  }
  do throws(Libraries.Failure) {
    let name = try call.executor.scripting.libraries.load(call[call.count - 1], replacing: replaces)
    call.keyspace.pointee.dirty += 1
    name.withBytes { reply.bulk($0) }
  } catch {
    reply.error(error.message)
  }
}

private func delete(_ call: Call, _ reply: inout ReplyWriter) {
  guard call.executor.scripting.libraries.delete(call[2]) else { return reply.error("ERR Library not found") }
  call.keyspace.pointee.dirty += 1
  reply.ok()
}

private func flush(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 3 { return reply.unknownSubcommand(call) }
  guard call.count == 2 || call.argument(2, is: "sync") || call.argument(2, is: "async") else {
    return reply.error("ERR FUNCTION FLUSH only supports SYNC|ASYNC option")
  }
  call.executor.scripting.libraries.flush()
  call.keyspace.pointee.dirty += 1
  reply.ok()
}

private func list(_ call: Call, _ reply: inout ReplyWriter) {
  var withCode = false
  var pattern: Bytes?
  var i = 2
  while i < call.count {
    if !withCode && call.argument(i, is: "withcode") {
      withCode = true
    } else if pattern == nil && call.argument(i, is: "libraryname") {
      i += 1
      guard i < call.count else { return reply.error("ERR library name argument was not given") }
      pattern = call[i]
    } else {
      return reply.error("ERR Unknown argument \(call[i])")
    }
    i += 1
  }
  let shown = call.executor.scripting.libraries.all.filter { library in
    pattern.map { pattern in library.name.withBytes { globMatches(pattern: pattern, $0, ignoringCase: true) } } ?? true
  }
  reply.array(shown.count)
  for library in shown { describe(library, withCode: withCode, &reply) }
}

private func describe(_ library: Library, withCode: Bool, _ reply: inout ReplyWriter) {
  reply.map(withCode ? 4 : 3)
  reply.bulk("library_name")
  library.name.withBytes { reply.bulk($0) }
  reply.bulk("engine")
  reply.bulk("LUA")
  reply.bulk("functions")
  reply.array(library.functions.count)
  for function in library.functions {
    reply.map(3)
    reply.bulk("name")
    function.name.withBytes { reply.bulk($0) }
    reply.bulk("description")
    if let description = function.description { description.withBytes { reply.bulk($0) } } else { reply.null() }
    reply.bulk("flags")
    reply.set(function.flagNames.count)
    for name in function.flagNames { reply.simple(name) }
  }
  guard withCode else { return }
  reply.bulk("library_code")
  library.code.withBytes { reply.bulk($0) }
}

private func restore(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count > 4 { return reply.unknownSubcommand(call) }
  var flushes = false
  var replaces = false
  if call.count == 4 {
    if call.argument(3, is: "flush") {
      flushes = true
    } else if call.argument(3, is: "replace") {
      replaces = true
    } else if !call.argument(3, is: "append") {
      return reply.error("ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.")
    }
  }
  let codes: [[UInt8]]
  do throws(LibraryPayload.Failure) {
    codes = try LibraryPayload.libraries(in: call[2])
  } catch {
    switch error {
    case .damaged: return reply.error("ERR DUMP payload version or checksum are wrong")
    case .unreadable: return reply.error("ERR failed loading the given functions payload")
    case .preview: return reply.error("ERR Pre-GA function format not supported")
    case .notAFunction: return reply.error("ERR given type is not a function")
    }
  }
  do throws(Libraries.Failure) {
    try call.executor.scripting.libraries.load(codes, flushing: flushes, replacing: replaces)
    call.keyspace.pointee.dirty += 1
    reply.ok()
  } catch {
    reply.error(error.message)
  }
}

private func stats(_ call: Call, _ reply: inout ReplyWriter) {
  let scripting = call.executor.scripting
  if scripting.isRunning && scripting.runsEval { return reply.error(scripting.busyMessage) }
  reply.map(2)
  reply.bulk("running_script")
  if let run = scripting.describeRun() {
    reply.map(3)
    reply.bulk("name")
    run.name.withBytes { reply.bulk($0) }
    reply.bulk("command")
    reply.array(run.call.count)
    for i in 0..<run.call.count { reply.bulk(run.call[i]) }
    reply.bulk("duration_ms")
    reply.integer(run.milliseconds)
  } else {
    reply.null()
  }
  reply.bulk("engines")
  reply.map(1)
  reply.bulk("LUA")
  reply.map(2)
  reply.bulk("libraries_count")
  reply.integer(scripting.libraries.count)
  reply.bulk("functions_count")
  reply.integer(scripting.libraries.functionCount)
}
