import Commands
import Keyspace
import Memory
import RESP
import Structures

extension Command {
  /// The subcommands of CLIENT for clients that keep copies of keys.
  static let clientCaching = Command(
    "CACHING", arity: 3, [.noScript, .loading, .stale], group: .connection, since: "6.0.0",
    summary: "Makes the next command an exception to the mode of tracking.", syntax: "<YES | NO>", run: caching)
  static let clientGetredir = Command(
    "GETREDIR", arity: 2, [.noScript, .loading, .stale], group: .connection, since: "6.0.0",
    summary: "Returns the client ID to which tracking notifications are redirected.", run: getredir)
  static let clientTracking = Command(
    "TRACKING", arity: -3, [.noScript, .loading, .stale], group: .connection, since: "6.0.0",
    summary: "Turns server-assisted client-side caching on or off.",
    complexity: "O(1). Some options may introduce additional complexity.",
    syntax:
      "<ON | OFF> [REDIRECT client-id] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP] [RESUME replication-id offset]",
    run: track)
  static let clientTrackinginfo = Command(
    "TRACKINGINFO", arity: 2, [.noScript, .loading, .stale], group: .connection, since: "6.2.0",
    summary: "Returns how the connection uses server-assisted client-side caching.", run: trackinginfo)
}

/// What CLIENT TRACKING was given beside ON or OFF.
private struct TrackingOptions {
  var mode: SessionFlags = []
  var redirect: SessionPointer?
  var prefixes: [Bytes] = []
  /// Where to go on in the change feed.
  var resume: (id: Bytes, offset: Int)?

  /// Nil after the error was written.
  init?(_ call: Call, _ reply: inout ReplyWriter) {
    var i = 3
    while i < call.count {
      let hasValue = i + 1 < call.count
      if call.argument(i, is: "redirect") && hasValue {
        i += 1
        guard takeRedirect(call, i, &reply) else { return nil }
      } else if call.argument(i, is: "bcast") {
        mode.insert(.trackingBroadcast)
      } else if call.argument(i, is: "optin") {
        mode.insert(.trackingOptIn)
      } else if call.argument(i, is: "optout") {
        mode.insert(.trackingOptOut)
      } else if call.argument(i, is: "noloop") {
        mode.insert(.trackingNoLoop)
      } else if call.argument(i, is: "prefix") && hasValue {
        i += 1
        prefixes.append(call[i])
      } else if call.argument(i, is: "resume") && i + 2 < call.count {
        guard let offset = parseInteger(call[i + 2]) else {
          reply.error("ERR Invalid RESUME offset")
          return nil
        }
        resume = (call[i + 1], Int(offset))
        i += 2
      } else {
        reply.syntaxError()
        return nil
      }
      i += 1
    }
  }

  private mutating func takeRedirect(_ call: Call, _ index: Int, _ reply: inout ReplyWriter) -> Bool {
    if redirect != nil {
      reply.error("ERR A client can only redirect to a single other client")
      return false
    }
    guard let id = call.integer(index, &reply) else { return false }
    guard let target = call.server.connection(id: UInt64(bitPattern: id)) else {
      reply.error("ERR The client ID you want redirect to does not exist")
      return false
    }
    redirect = target.sessionPointer
    return true
  }

  /// Whether the options go together, and with what the client does already; if not, after the error was written.
  func areCompatible(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    let now = call.session.pointee.flags
    let isBroadcast = mode.contains(.trackingBroadcast)
    if !isBroadcast && !prefixes.isEmpty {
      reply.error("ERR PREFIX option requires BCAST mode to be enabled")
    } else if now.contains(.tracking) && now.contains(.trackingBroadcast) != isBroadcast {
      reply.error(
        "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode."
      )
    } else if isBroadcast && !mode.isDisjoint(with: [.trackingOptIn, .trackingOptOut]) {
      reply.error("ERR OPTIN and OPTOUT are not compatible with BCAST")
    } else if mode.isSuperset(of: [.trackingOptIn, .trackingOptOut]) {
      reply.error("ERR You can't specify both OPTIN mode and OPTOUT mode")
    } else if (mode.contains(.trackingOptIn) && now.contains(.trackingOptOut))
      || (mode.contains(.trackingOptOut) && now.contains(.trackingOptIn))
    {
      reply.error(
        "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode."
      )
    } else {
      return canResume(call, &reply) && hasNoOverlaps(call, &reply)
    }
    return false
  }

  private func canResume(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    if resume == nil { return true }
    if call.executor.feed == nil {
      reply.error("ERR RESUME requires a change feed, see change-feed-size")
    } else if !mode.contains(.trackingBroadcast) {
      reply.error("ERR RESUME requires BCAST mode")
    } else if redirect != nil {
      reply.error("ERR RESUME can't be used with REDIRECT")
    } else if !call.session.pointee.isRESP3 {
      reply.error("ERR RESUME requires RESP3, see HELLO")
    } else {
      return true
    }
    return false
  }

  /// Of two prefixes of which one begins the other, both would tell of the same keys.
  private func hasNoOverlaps(_ call: Call, _ reply: inout ReplyWriter) -> Bool {
    func overlap(_ a: Bytes, _ b: Bytes) -> Bool { a.hasPrefix(b) || b.hasPrefix(a) }
    let existing = call.executor.tracking.pointee.tracker(of: call.session)?.prefixes ?? []
    for (i, prefix) in prefixes.enumerated() {
      if let other = existing.first(where: { $0.withBytes { overlap($0, prefix) } }) {
        other.withBytes {
          reply.error(
            "ERR Prefix '\(prefix)' overlaps with an existing prefix '\($0)'. Prefixes for a single client must not overlap."
          )
        }
        return false
      }
      if let other = prefixes[(i + 1)...].first(where: { overlap($0, prefix) }) {
        reply.error(
          "ERR Prefix '\(prefix)' overlaps with another provided prefix '\(other)'. Prefixes for a single client must not overlap."
        )
        return false
      }
    }
    return true
  }
}

private func track(_ call: Call, _ reply: inout ReplyWriter) {
  guard let options = TrackingOptions(call, &reply) else { return }
  if call.argument(2, is: "on") {
    guard options.areCompatible(call, &reply) else { return }
    call.executor.track(
      call.session, mode: options.mode, redirect: options.redirect, prefixes: options.prefixes)
    if let resume = options.resume { return resumeFeed(call, resume.id, resume.offset, &reply) }
  } else if call.argument(2, is: "off") {
    call.executor.stopTracking(call.session)
  } else {
    return reply.syntaxError()
  }
  reply.ok()
}

/// Tells where the feed goes on, and, behind that, all that the client missed.
private func resumeFeed(_ call: Call, _ id: Bytes, _ offset: Int, _ reply: inout ReplyWriter) {
  guard let found = call.executor.resume(call.session, id: id.string, offset: offset) else { return reply.ok() }
  reply.array(3)
  reply.bulk(found.isContinued ? "CONTINUE" : "FLUSH")
  reply.bulk(found.id)
  reply.integer(found.offset)
  call.executor.tellChanges(of: call.session)
}

private func caching(_ call: Call, _ reply: inout ReplyWriter) {
  let flags = call.session.pointee.flags
  guard flags.contains(.tracking) else {
    return reply.error(
      "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled")
  }
  if call.argument(2, is: "yes") {
    guard flags.contains(.trackingOptIn) else {
      return reply.error("ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
    }
  } else if call.argument(2, is: "no") {
    guard flags.contains(.trackingOptOut) else {
      return reply.error("ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")
    }
  } else {
    return reply.syntaxError()
  }
  call.session.pointee.flags.insert(.trackingCaching)
  reply.ok()
}

/// Who gets a session's invalidations; 0: itself, -1: it gets none.
func redirection(_ session: SessionPointer, _ executor: Executor) -> Int {
  executor.tracking.pointee.tracker(of: session).map { Int(truncatingIfNeeded: $0.redirect) } ?? -1
}

private func getredir(_ call: Call, _ reply: inout ReplyWriter) {
  reply.integer(redirection(call.session, call.executor))
}

private func trackinginfo(_ call: Call, _ reply: inout ReplyWriter) {
  let flags = call.session.pointee.flags
  var names: [StaticString] = [flags.contains(.tracking) ? "on" : "off"]
  if flags.contains(.trackingBroadcast) { names.append("bcast") }
  if flags.contains(.trackingOptIn) {
    names.append("optin")
    if flags.contains(.trackingCaching) { names.append("caching-yes") }
  }
  if flags.contains(.trackingOptOut) {
    names.append("optout")
    if flags.contains(.trackingCaching) { names.append("caching-no") }
  }
  if flags.contains(.trackingNoLoop) { names.append("noloop") }
  if flags.contains(.trackingBrokenRedirect) { names.append("broken_redirect") }
  reply.map(3)
  reply.bulk("flags")
  reply.set(names.count)
  for name in names { reply.bulk(name) }
  reply.bulk("redirect")
  reply.integer(redirection(call.session, call.executor))
  reply.bulk("prefixes")
  let prefixes = call.executor.tracking.pointee.tracker(of: call.session)?.prefixes ?? []
  reply.array(prefixes.count)
  for prefix in prefixes { prefix.withBytes { reply.bulk($0) } }
}
