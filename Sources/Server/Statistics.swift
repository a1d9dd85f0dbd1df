import Commands
import Keyspace
import Memory

/// What INFO tells of the server's life beside what its parts count themselves.
struct ServerStatistics {
  var connectionsReceived = 0
  var connectionsRejected = 0
  var evictedClients = 0
  var queryBufferLimitDisconnections = 0
  var outputBufferLimitDisconnections = 0
  var peakMemory = 0
  var unexpectedErrors = 0
}

/// How much of something happens in a second, over the last sixteen samples of a tenth of a second.
struct Rate {
  private var samples = [Double](repeating: 0, count: 16)
  private var next = 0
  private var last = 0
  private var lastTime: Int64 = 0

  mutating func sample(_ total: Int, at milliseconds: Int64) {
    let elapsed = milliseconds - lastTime
    guard elapsed > 0 else { return }
    if lastTime > 0 {
      samples[next] = Double(total - last) * 1000 / Double(elapsed)
      next = (next + 1) % samples.count
    }
    last = total
    lastTime = milliseconds
  }

  var perSecond: Double { samples.reduce(0, +) / Double(samples.count) }
}

struct Rates {
  var commands = Rate()
  var inputBytes = Rate()
  var outputBytes = Rate()
  var turns = Rate()
  var lastSample: Int64 = 0
}

extension ServerInstance {
  /// What has to be done from time to time, `hz` times a second.
  func cron(_ now: Int64) {
    if isCronPaused { return }
    cronLoops += 1
    checkPause()
    resetOutputPeaks()
    checkClients()
    evictClients()
    if executor.hot.pointee.attention.contains(.memoryLimit) { _ = executor.makeRoom() }
    statistics.peakMemory = max(statistics.peakMemory, Allocator.usedBytes)
    if now - rates.lastSample >= 100 {
      rates.lastSample = now
      rates.commands.sample(executor.hot.pointee.commandsProcessed, at: now)
      rates.inputBytes.sample(loop.statistics.pointee.inputBytes, at: now)
      rates.turns.sample(loop.statistics.pointee.turns, at: now)
      rates.outputBytes.sample(loop.statistics.pointee.outputBytes, at: now)
    }
    settleSnapshot()
    checkSaveRules()
    retryLog(now)
    reportSaveProgress()
    checkReplicas(now)
    migrations.closeIdleSockets(now)
    if let signal = shutdownSignal { shutDown(onSignal: signal) }
  }

  /// Sets all counters to zero (CONFIG RESETSTAT).
  func resetStatistics() {
    statistics = ServerStatistics()
    replication.resetStatistics()
    rates = Rates()
    executor.users.log.counts = AccessLog.Counts()
    keyspace.pointee.statistics = KeyspaceStatistics()
    keyspace.pointee.lazyFree.resetStatistics()
    executor.resetStatistics()
    loop.statistics.initialize(to: EventLoop.Statistics())
    statistics.peakMemory = Allocator.usedBytes
  }
}
