/// The configuration as the server uses it: plain values, read anew when a directive changes.
package struct Settings {
  var port = 6379
  var bind = ["127.0.0.1", "-::1"]
  var unixSocket = ""
  var unixSocketPermissions = 0
  var backlog = 511
  var databases = 16
  var hz = 10
  var maximumClients = 10000
  var keepAliveSeconds = 300
  var isProtected = true
  var password = ""

  package init() {}
  package mutating func setPort(_ p: Int) { port = p }
}

struct ServerStatistics {
  var connectionsReceived = 0
  var connectionsRejected = 0
  var queryBufferLimitDisconnections = 0
  var outputBufferLimitDisconnections = 0
}

struct ClientPause {}

extension ServerInstance {
  func apply(_ settings: Settings) {}
  func cron(_ now: Int64) {}
}
