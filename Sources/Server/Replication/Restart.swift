import Commands
import Directives
import Memory
import Persistence
import RESP

// An RDB file says which history its data is of, and up to where. A server that starts from it goes on from there: a
// replica asks its primary for the rest, and a primary lets its replicas go on that have as much.

extension ServerInstance {
  var startsAsReplica: Bool { !configuration.string("replicaof").isEmpty }

  /// How the file is to be read that the server starts from.
  func optionsOfStart() -> RDBLoader.Options {
    var options = RDBLoader.Options()
    if startsAsReplica {
      options.dropsExpired = false
      return options
    }
    // Replicas may have the keys that died meanwhile, and are to hear of it.
    startRecording()
    let removal = Bytes(configuration.boolean("lazyfree-lazy-expire") ? "UNLINK" : "DEL")
    var selected = -1
    options.dropped = { [replication] database, key in
      var command = CommandBuffer(capacity: 64 + key.count)
      if database != selected { command.select(database) }
      selected = database
      withUnsafeTemporaryAllocation(of: Bytes.self, capacity: 2) { words in
        guard let base = words.baseAddress else { return }
        base.initialize(to: removal)
        (base + 1).initialize(to: key)
        command.append(base, count: 2)
      }
      replication.append(command.bytes)
    }
    return options
  }

  /// After the file was read.
  func adoptHistory() {
    let load = persistence.lastLoad
    guard let (id, offset) = history(load.aux("repl-id"), load.aux("repl-offset")) else { return stopRecording() }
    if startsAsReplica {
      replication.begin(id: id, at: offset)
      replication.streamDatabase = loadedStreamDatabase
    } else {
      replication.resume(id, at: offset)
    }
    updatePropagation()
    executor.restartFeed(at: replication.position)
  }

  /// The database that the stream of commands goes on in, after the file that was read.
  var loadedStreamDatabase: Int {
    let number = persistence.lastLoad.aux("repl-stream-db").flatMap { Int($0) } ?? 0
    return (0..<keyspace.pointee.databaseCount).contains(number) ? number : 0
  }
}
