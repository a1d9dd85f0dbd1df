import Commands
import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  /// Keys that move to another server.
  static let migration: [Command] = [
    Command(
      "MIGRATE", arity: -6, [.write, .movableKeys],
      keys: [
        .one("RW", "access", "delete", at: 3),
        KeySpec(
          .keyword("KEYS", from: -2), .range(last: -1, step: 1, limit: 0), ["RW", "access", "delete", "incomplete"]),
      ],
      group: .generic, categories: ["dangerous"], since: "2.6.0",
      summary: "Moves keys to another server, where they are before they go here.",
      complexity:
        "This command actually executes a DUMP+DEL in the source instance, and a RESTORE in the target instance. See the pages of these commands for time complexity. Also an O(N) data transfer between the two instances is performed.",
      syntax:
        "host port <key | \"\"> destination-db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key [key ...]]",
      tips: ["nondeterministic_output"], keyFinder: KeyFinder { keys(of: $0) }, run: migrate)
  ]
}

/// Where KEYS stands is only known to who reads the options before it: a password can be any word.
private func keys(of arguments: UnsafeBufferPointer<Bytes>) -> [FoundKey]? {
  let flags: [StaticString] = ["RW", "access", "delete"]
  guard arguments.count > 3 else { return nil }
  var i = 6
  while i < arguments.count {
    if arguments[i].equalsIgnoringCase("auth") {
      i += 1
    } else if arguments[i].equalsIgnoringCase("auth2") {
      i += 2
    } else if arguments[i].equalsIgnoringCase("keys") && arguments[3].isEmpty {
      return (i + 1..<max(i + 1, arguments.count)).map { FoundKey($0, flags) }
    }
    i += 1
  }
  return [FoundKey(3, flags)]
}

private func migrate(_ call: Call, _ reply: inout ReplyWriter) {
  let server = call.server
  if let migration = server.migrations.takeFinished(call.session) { return finish(call, migration, &reply) }
  guard let request = parse(call, &reply) else { return }
  if request.keys.isEmpty { return reply.simple("NOKEY") }
  let migration = Migration(request)
  if call.mayBlock && server.begin(migration, for: call.session) {
    return call.block(on: [], for: .string, timeoutMilliseconds: 0, canBeUnblocked: false)
  }
  server.runAlone(migration)
  finish(call, migration, &reply)
}

/// Nil after the error was written. Of the keys, only those that are there.
private func parse(_ call: Call, _ reply: inout ReplyWriter) -> MigrationRequest? {
  var keys = 3..<4
  var keepsKeys = false
  var replaces = false
  var user: ByteString?
  var password: ByteString?
  var i = 6
  while i < call.count {
    if call.argument(i, is: "copy") {
      keepsKeys = true
    } else if call.argument(i, is: "replace") {
      replaces = true
    } else if call.argument(i, is: "auth") && i + 1 < call.count {
      password = ByteString(call[i + 1])
      i += 1
    } else if call.argument(i, is: "auth2") && i + 2 < call.count {
      user = ByteString(call[i + 1])
      password = ByteString(call[i + 2])
      i += 2
    } else if call.argument(i, is: "keys") {
      guard call[3].isEmpty else {
        reply.error("ERR When using MIGRATE KEYS option, the key argument must be set to the empty string")
        return nil
      }
      keys = i + 1..<call.count
      break
    } else {
      reply.syntaxError()
      return nil
    }
    i += 1
  }
  guard let timeout = call.integer(5, &reply), let database = call.integer(4, &reply) else { return nil }
  let places = keys.filter { call.find($0) != nil }
  return MigrationRequest(
    host: call[1].string, port: call[2].string, targetDatabase: database,
    // Nobody waits for a year; and the sum with any time is a number.
    timeout: timeout > 0 ? min(timeout, 1 << 40) : 1000, sourceDatabase: call.database,
    keys: places.map { ByteString(call[$0]) }, places: places, keepsKeys: keepsKeys, replaces: replaces, user: user,
    password: password)
}

/// Removes what the other server has, and tells how it went.
private func finish(_ call: Call, _ migration: Migration, _ reply: inout ReplyWriter) {
  let (moved, changed) = call.server.letGo(of: migration)
  remove(moved.map { migration.request.places[$0] }, call)
  switch migration.outcome {
  case .moved, nil:
    guard changed.isEmpty else {
      return reply.error("ERR Keys were changed while they were migrated, and are still here")
    }
    reply.ok()
  case .refused(let error): reply.error("ERR Target instance replied with error: \(error)")
  case .failed(.connecting): reply.error("IOERR error or timeout connecting to the client")
  case .failed(.writing): reply.error("IOERR error or timeout writing to target instance")
  case .failed(.reading): reply.error("IOERR error or timeout reading to target instance")
  }
}

private func remove(_ places: [Int], _ call: Call) {
  var arguments: [PropagatedArgument] = [.word("DEL")]
  for place in places {
    guard let entry = call.find(place, .silent) else { continue }
    call.delete(place, entry)
    arguments.append(.bytes(call[place]))
  }
  if arguments.count > 1 { call.propagate(arguments) }
}
