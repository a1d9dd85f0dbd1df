import Foundation
import Glibc

/// One reply, as the bytes that came.
public struct Reply: Equatable, Sendable {
  public let bytes: [UInt8]

  /// For messages, with line ends shown.
  public var shown: String {
    text.replacingOccurrences(of: "\r\n", with: "␍").prefix(400).description
  }
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The strings, numbers and statuses in the reply, heads left out; nulls are "nil".
  public var words: [String] { Element(self).words }
  /// The only word of a reply that is one.
  public var word: String { words.first ?? "" }
  public var integer: Int? { Int(word) }
  public var isError: Bool { bytes.first == UInt8(ascii: "-") }
}

/// A reply taken apart.
public indirect enum Element: Equatable, Sendable {
  /// Type byte and line.
  case line(UInt8, [UInt8])
  case bulk(UInt8, [UInt8])
  case null(String)
  case aggregate(UInt8, [Element])

  init(_ reply: Reply) {
    var at = 0
    self = Self.parse(reply.bytes, &at) ?? .null("")
  }

  public static func of(_ reply: Reply) -> Element { Element(reply) }

  public var words: [String] {
    switch self {
    case .line(let type, let text): [(type == UInt8(ascii: "-") ? "-" : "") + String(decoding: text, as: UTF8.self)]
    case .bulk(_, let text): [String(decoding: text, as: UTF8.self)]
    case .null: ["nil"]
    case .aggregate(_, let elements): elements.flatMap(\.words)
    }
  }

  /// Parses the element at `at`; nil if it is not complete.
  static func parse(_ bytes: [UInt8], _ at: inout Int) -> Element? {
    var line: [UInt8] = []
    guard let end = bytes[at...].firstIndex(of: 13), end + 1 < bytes.count else { return nil }
    let type = bytes[at]
    line = Array(bytes[(at + 1)..<end])
    at = end + 2
    let number = Int(String(decoding: line, as: UTF8.self))
    switch type {
    case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
      guard let count = number, count >= 0 else { return .null("$-1") }
      guard at + count + 2 <= bytes.count else { return nil }
      defer { at += count + 2 }
      return .bulk(type, Array(bytes[at..<at + count]))
    case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "|"):
      guard let count = number, count >= 0 else { return .null("*-1") }
      var elements: [Element] = []
      for _ in 0..<(type == UInt8(ascii: "%") || type == UInt8(ascii: "|") ? count * 2 : count) {
        guard at < bytes.count, let element = parse(bytes, &at) else { return nil }
        elements.append(element)
      }
      return .aggregate(type, elements)
    case UInt8(ascii: "_"): return .null("_")
    default: return .line(type, line)
    }
  }
}

/// A client that sends what it is told, byte by byte if need be, and shows the bytes that come back.
public final class RESPClient {
  public let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0

  public init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    // Closed by the deinitialiser, which runs here too: twice would close what another thread has opened meanwhile.
    guard connected else { throw TestFailure("cannot connect to port \(port)") }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    setTimeout(seconds: 5)
  }

  deinit { Glibc.close(descriptor) }

  public func setTimeout(seconds: Int) {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  public static func encode(_ words: [[UInt8]]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words {
      bytes += Array("$\(word.count)\r\n".utf8)
      bytes += word
      bytes += [13, 10]
    }
    return bytes
  }

  public func send(raw bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let n = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if n <= 0 { throw TestFailure("the connection was closed while sending") }
      sent += n
    }
  }

  public func send(raw text: String) throws { try send(raw: Array(text.utf8)) }
  public func send(_ words: [[UInt8]]) throws { try send(raw: Self.encode(words)) }
  public func send(_ words: String...) throws { try send(words.map { Array($0.utf8) }) }

  @discardableResult
  public func call(_ words: String...) throws -> Reply { try call(words.map { Array($0.utf8) }) }

  @discardableResult
  public func call(_ words: [[UInt8]]) throws -> Reply {
    try send(words)
    return try receive()
  }

  /// The next reply or message.
  public func receive() throws -> Reply {
    while true {
      var at = start
      if start < buffer.count, Element.parse(buffer, &at) != nil {
        let reply = Reply(bytes: Array(buffer[start..<at]))
        start = at
        if start > 1 << 20 || start == buffer.count {
          buffer.removeFirst(start)
          start = 0
        }
        return reply
      }
      try fill()
    }
  }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    let n = recv(descriptor, &chunk, chunk.count, 0)
    if n == 0 { throw TestFailure("the connection was closed") }
    if n < 0 { throw TestFailure("no reply: \(String(cString: strerror(errno)))") }
    buffer.append(contentsOf: chunk[0..<n])
  }

  /// Everything that comes until nothing has come for a while.
  public func drain(quietMilliseconds: Int32 = 30) -> [UInt8] {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while Glibc.poll(&poll, 1, quietMilliseconds) > 0 {
      do { try fill() } catch {
        buffer.append(contentsOf: Array("<closed>".utf8))
        break
      }
    }
    defer {
      buffer = []
      start = 0
    }
    return Array(buffer[start...])
  }

  /// Whether the server has closed the connection; waits for it.
  public func isClosed(within seconds: Double = 5) -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if Glibc.poll(&poll, 1, 50) > 0 {
        var byte = [UInt8](repeating: 0, count: 4096)
        let n = recv(descriptor, &byte, byte.count, 0)
        if n <= 0 { return true }
      }
    }
    return false
  }
}
