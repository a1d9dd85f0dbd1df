import NIOCore

/// What the reader of a connection tells its owner, on the event loop.
protocol ReplyReceiver: AnyObject, Sendable {
  /// Replies in their order. Pushes that came before them have been told, those after them not yet.
  func received(replies: [RESPValue])
  func received(push: RESPPush)
  /// The last call. `error` is nil if the server simply closed the connection.
  func disconnected(_ error: MartletError?)
}

/// The channel's only handler beside TLS: takes replies off the stream, before the handshake is done for itself, then
/// for its owner.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// Commands of the handshake and their replies.
  private struct Exchange {
    let count: Int
    var replies: [RESPValue] = []
    let promise: EventLoopPromise<[RESPValue]>
  }

  private let receiver: any ReplyReceiver
  private var decoder: RESPDecoder
  private var buffer = ByteBuffer()
  private var exchange: Exchange?
  private var failure: MartletError?
  private var isDone = false
  /// A subscriber's connection in RESP2 has its messages as arrays.
  private let takesArraysForPushes: Bool
  private(set) var isOpen = false

  init(receiver: any ReplyReceiver, limits: RESPLimits, takesArraysForPushes: Bool) {
    self.receiver = receiver
    self.takesArraysForPushes = takesArraysForPushes
    decoder = RESPDecoder(limits: limits)
  }

  // MARK: Handshake

  /// Sends commands before the owner's, and returns their replies.
  func exchange(_ commands: [[RESPArgument]], on channel: any Channel) -> EventLoopFuture<[RESPValue]> {
    let promise = channel.eventLoop.makePromise(of: [RESPValue].self)
    if isDone {
      promise.fail(failure ?? .connectionLost(mayHaveRun: false))
      return promise.futureResult
    }
    var encoder = CommandEncoder()
    var count = 0
    for command in commands {
      encoder.begin()
      encoder.append(command)
      if encoder.end() { count += 1 }
    }
    if count == 0 {
      promise.succeed([])
    } else {
      exchange = Exchange(count: count, promise: promise)
      channel.writeAndFlush(encoder.take(), promise: nil)
    }
    return promise.futureResult
  }

  /// From now on replies are the owner's.
  func open() { isOpen = true }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard failure == nil else { return }
    var incoming = unwrapInboundIn(data)
    if buffer.readableBytes == 0 { buffer = incoming } else { buffer.writeBuffer(&incoming) }
    var replies: [RESPValue] = []
    do throws(RESPError) {
      while let value = try decoder.next(from: &buffer) {
        if let push = push(value) {
          deliver(&replies)
          receiver.received(push: push)
        } else {
          replies.append(value)
          if !isOpen { deliver(&replies) }
        }
      }
      deliver(&replies)
    } catch {
      deliver(&replies)
      failure = .protocolViolation(error)
      context.close(promise: nil)
    }
  }

  private func push(_ value: RESPValue) -> RESPPush? {
    switch value {
    case .push(let elements): return RESPPush(elements)
    case .attributed(let value, _): return push(value)
    case .array(let elements) where takesArraysForPushes && isOpen && elements.count >= 2: return RESPPush(elements)
    default: return nil
    }
  }

  private func deliver(_ replies: inout [RESPValue]) {
    if replies.isEmpty { return }
    if isOpen {
      receiver.received(replies: replies)
    } else {
      for reply in replies {
        exchange?.replies.append(reply)
        if let done = exchange, done.replies.count == done.count {
          exchange = nil
          done.promise.succeed(done.replies)
        }
      }
    }
    replies.removeAll(keepingCapacity: true)
  }

  // MARK: The end

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if failure == nil { failure = .cannotConnect("\(error)") }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if isDone { return }
    isDone = true
    if let exchange {
      self.exchange = nil
      exchange.promise.fail(failure ?? .cannotConnect("the connection was closed during the handshake"))
    }
    receiver.disconnected(failure)
  }
}
