import Foundation
import TestSupport
import Testing

/// What many hear of one.
@Suite struct PubSubTests {
  /// Messages to many leave in slices, between which more is published, subscribers go, and some of them say something.
  @Test func manyHearEverythingInItsOrder() throws {
    let server = try ServerProcess(.martlet)
    var listeners = try (0..<150).map { _ in try server.connect() }
    for listener in listeners { try listener.call("SUBSCRIBE", "news") }
    let talker = try server.connect()
    try talker.call("HELLO", "3")
    try talker.call("SUBSCRIBE", "news")
    let publisher = try server.connect()
    for i in 0..<400 {
      #expect(try publisher.call("PUBLISH", "news", "\(i)").integer! >= 101)
      if i % 100 == 50 { try talker.send("ECHO", "echo \(i)") }
      if i == 200 { listeners.removeLast(50) }
    }
    for listener in listeners {
      for i in 0..<400 { #expect(try listener.receive().words == ["message", "news", "\(i)"]) }
    }
    var heard: [String] = []
    for _ in 0..<404 { heard.append(try talker.receive().words.last!) }
    #expect(heard.filter { !$0.hasPrefix("echo") } == (0..<400).map { "\($0)" })
    // A reply stands behind what was published before its command.
    for i in [50, 150, 250, 350] {
      let echo = try #require(heard.firstIndex(of: "echo \(i)")), message = try #require(heard.firstIndex(of: "\(i)"))
      #expect(echo > message)
    }
  }

  /// Whoever waits for its messages and is closed by the server gets them first.
  @Test func messagesComeBeforeTheEnd() throws {
    let server = try ServerProcess(.martlet)
    let listeners = try (0..<40).map { _ in try server.connect() }
    for listener in listeners { try listener.call("SUBSCRIBE", "news") }
    let publisher = try server.connect()
    try publisher.send(raw: "PUBLISH news last\r\nSHUTDOWN NOSAVE\r\n")
    for listener in listeners {
      #expect(try listener.receive().words == ["message", "news", "last"])
      #expect(listener.isClosed())
    }
  }
}
