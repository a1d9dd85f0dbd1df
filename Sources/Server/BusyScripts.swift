import Commands
import Glibc

// A script that takes long is asked now and then whether it must end. Then others are served, who may at least end it.
// That happens in the middle of a turn: what the turn still has to do is set aside.

/// What a turn still has to do when a script in it takes long.
struct HeldTurn {
  /// The batch that was being executed. In its place there is another.
  let batch: UnsafeMutablePointer<Batch>
  let flushList: [ConnectionPointer]
  let resumeList: [ConnectionPointer]
  /// Connections that the batch knows: they wait, with whatever they send.
  let connections: [ConnectionPointer]
}

extension EventLoop {
  /// Takes everything away that this turn works on, so that another can be begun within it.
  ///
  /// - Parameter primary: waits as well: what it says must not be refused.
  func hold(and primary: ConnectionPointer?) -> HeldTurn {
    let held = UnsafeMutablePointer<Batch>.allocate(capacity: 1)
    held.initialize(to: Batch())
    swap(&held.pointee, &batch.pointee)
    var connections = flushList
    if let primary { connections.append(primary) }
    for i in 0..<held.pointee.commandCount { connections.append(held.pointee.commands[i].connection) }
    for connection in connections { connection.pointee.isHeld = true }
    let turn = HeldTurn(batch: held, flushList: flushList, resumeList: resumeList, connections: connections)
    flushList = []
    resumeList = []
    heldBatches.append(held)
    return turn
  }

  /// Gives back what ``hold()`` took away.
  func release(_ turn: HeldTurn) {
    heldBatches.removeLast()
    swap(&turn.batch.pointee, &batch.pointee)
    turn.batch.deinitialize(count: 1)
    turn.batch.deallocate()
    flushList = turn.flushList + flushList
    resumeList = turn.resumeList + resumeList
    for connection in turn.connections {
      connection.pointee.isHeld = false
      // What came meanwhile was not looked at.
      readLater(connection)
    }
  }
}

extension ServerInstance {
  public func serveWhileBusy() {
    let turn = loop.hold(and: replication.primary)
    let now = keyspace.pointee.now
    // Those who wait for keys that the script changed are served when it is over.
    let hasReadyKeys = executor.hot.pointee.hasReadyKeys
    executor.hot.pointee.hasReadyKeys = false
    loop.turn(timeoutMilliseconds: 0)
    executor.hot.pointee.hasReadyKeys = executor.hot.pointee.hasReadyKeys || hasReadyKeys
    keyspace.pointee.setTime(milliseconds: now)
    loop.release(turn)
    if isShuttingDown { executor.scripting.abort() }
  }
}
