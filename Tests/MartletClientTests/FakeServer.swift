import NIOCore
import NIOPosix
import Synchronization

@testable import MartletClient

/// A server that does what a script says: it hears commands as words and answers any bytes, or closes.
final class FakeServer: Sendable {
  enum Action: Sendable {
    case reply(String)
    case delayed(String, Duration)
    case close
    case replyAndClose(String)
    case nothing
  }

  /// Answers a command; connections are counted from 0.
  typealias Script = @Sendable (_ command: [String], _ connection: Int) -> Action

  private let channel: any Channel
  let port: Int
  private let state = Mutex<(connections: Int, commands: [[String]])>((0, []))
  /// Every command that was heard, beside those of the handshake.
  var commands: [[String]] { state.withLock { $0.commands } }
  var connectionCount: Int { state.withLock { $0.connections } }
  private let children = Mutex<[any Channel]>([])

  init(answersHandshake: Bool = true, script: @escaping Script) async throws {
    let box = Mutex<FakeServer?>(nil)
    let boxed = Shared(box: box)
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            Handler(server: boxed, answersHandshake: answersHandshake, script: script))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
    boxed.box.withLock { $0 = self }
  }

  deinit { channel.close(promise: nil) }

  func closeConnections() {
    for child in children.withLock({ $0 }) { child.close(promise: nil) }
  }

  /// Says something to all connections without being asked.
  func push(_ text: String) {
    for child in children.withLock({ $0 }) { child.writeAndFlush(ByteBuffer(string: text), promise: nil) }
  }

  var address: Address { .host("127.0.0.1", port: port) }

  var client: Client { client { _ in } }

  func client(_ configure: (inout ClientConfiguration) -> Void) -> Client {
    var configuration = ClientConfiguration()
    configure(&configuration)
    return Client(.standalone("127.0.0.1", port), configuration: configuration)
  }

  private final class Shared: Sendable {
    let box: Mutex<FakeServer?>
    init(box: consuming sending Mutex<FakeServer?>) { self.box = box }
  }

  private func accepted(_ channel: any Channel) -> Int {
    children.withLock { $0.append(channel) }
    return state.withLock { state in
      state.connections += 1
      return state.connections - 1
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let server: Shared
    private let answersHandshake: Bool
    private let script: Script
    private var number = 0
    private var buffer = ByteBuffer()
    private var decoder = RESPDecoder()

    init(server: Shared, answersHandshake: Bool, script: @escaping Script) {
      self.server = server
      self.answersHandshake = answersHandshake
      self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
      number = server.box.withLock { $0 }?.accepted(context.channel) ?? 0
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var incoming = unwrapInboundIn(data)
      buffer.writeBuffer(&incoming)
      while let command = try? decoder.next(from: &buffer) {
        let words = command.elements?.compactMap(\.string) ?? []
        if answersHandshake && words[0] == "HELLO" {
          write("%1\r\n+proto\r\n:3\r\n", context.channel)
        } else if answersHandshake && words.prefix(2) == ["CLIENT", "SETINFO"] {
          write("+OK\r\n", context.channel)
        } else {
          _ = server.box.withLock { $0 }?.state.withLock { $0.commands.append(words) }
          perform(script(words, number), context.channel)
        }
      }
    }

    private func perform(_ action: Action, _ channel: any Channel) {
      switch action {
      case .reply(let text): write(text, channel)
      case .delayed(let text, let delay):
        channel.eventLoop.scheduleTask(in: delay.timeAmount) {
          channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        }
      case .close: channel.close(promise: nil)
      case .replyAndClose(let text):
        write(text, channel)
        channel.close(promise: nil)
      case .nothing: break
      }
    }

    private func write(_ text: String, _ channel: any Channel) {
      channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }
  }
}
