import Memory
import RESP

extension Executor {
  /// Shows a command that has run to all sessions in MONITOR: `+<seconds.micros> [<db> <address>] "<argument>" …`.
  /// EXEC comes after the commands that it ran.
  @inline(__always)
  func feedMonitors(_ call: Call) {
    if hot.pointee.attention.contains(.monitored)
      && call.command.pointee.flags.isDisjoint(with: [.skipMonitor, .admin])
    {
      showToMonitors(call)
    }
  }

  /// Shows the command that runs a script before those that the script runs.
  @inline(__always)
  func showScriptToMonitors(_ call: Call) {
    if hot.pointee.attention.contains(.monitored) { showToMonitors(call) }
  }

  @inline(never)
  private func showToMonitors(_ call: Call) {
    let micros = clock.unixMicroseconds()
    let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
    let address =
      call.session.pointee.flags.contains(.unixSocket)
      ? "unix:" + String(call.session.pointee.details.localAddress.split(separator: ":").first ?? "")
      : call.session.pointee.details.peerAddress
    var line = Array("+\(micros / 1_000_000).\(fraction) [\(call.database) \(address)]".utf8)
    for i in 0..<call.count {
      line.append(32)
      if call.hidesArgument(i) {
        line.append(contentsOf: "\"(redacted)\"".utf8)
      } else {
        appendQuoted(call[i], to: &line)
      }
    }
    line.append(contentsOf: [13, 10])
    line.withBytes { bytes in
      for monitor in monitors { host.deliver(bytes, to: monitor) }
    }
  }

  /// Ends what a session holds here: subscriptions, watched keys, MONITOR, tracking.
  public func forget(_ session: SessionPointer) {
    channels.removeAll(of: session)
    unwatch(session)
    stopMonitoring(session)
    stopBlocking(session)
    forgetTracking(session)
    session.pointee.transaction = nil
  }

  public func startMonitoring(_ session: SessionPointer) {
    guard !session.pointee.flags.contains(.monitor) else { return }
    session.pointee.flags.insert(.monitor)
    monitors.append(session)
    hot.pointee.attention.insert(.monitored)
  }

  public func stopMonitoring(_ session: SessionPointer) {
    guard session.pointee.flags.contains(.monitor) else { return }
    session.pointee.flags.remove(.monitor)
    monitors.removeAll { $0 == session }
    if monitors.isEmpty { hot.pointee.attention.remove(.monitored) }
  }
}

/// Appends bytes as Redis prints them in logs: in double quotes, everything that is not printable ASCII escaped.
public func appendQuoted(_ bytes: Bytes, to line: inout [UInt8]) {
  let digits = Array("0123456789abcdef".utf8)
  line.append(UInt8(ascii: "\""))
  for i in 0..<bytes.count {
    let byte = bytes[i]
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""): line.append(contentsOf: [UInt8(ascii: "\\"), byte])
    case 10: line.append(contentsOf: "\\n".utf8)
    case 13: line.append(contentsOf: "\\r".utf8)
    case 9: line.append(contentsOf: "\\t".utf8)
    case 7: line.append(contentsOf: "\\a".utf8)
    case 8: line.append(contentsOf: "\\b".utf8)
    case 32...126: line.append(byte)
    default: line.append(contentsOf: "\\x".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
  }
  line.append(UInt8(ascii: "\""))
}
