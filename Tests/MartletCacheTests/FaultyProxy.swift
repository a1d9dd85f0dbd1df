import NIOCore
import NIOPosix
import Synchronization

/// A proxy on the way to a server that does what networks do: it delays, stalls and cuts.
final class FaultyProxy: Sendable {
  /// What happens to all connections from now on.
  struct Weather: Sendable {
    /// Nothing gets through, and nobody is told.
    var isStalled = false
    /// Milliseconds that everything takes at most.
    var delay = 0
  }

  private let group: any EventLoopGroup
  private let target: Int
  private let weather = Mutex(Weather())
  private let pipes = Mutex<[ObjectIdentifier: Pipe]>([:])
  private let listener = Mutex<(any Channel)?>(nil)

  init(to target: Int, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
    self.target = target
    self.group = group
  }

  /// Starts; returns the port that it listens on.
  func start() async throws -> Int {
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { inbound in self.connect(inbound) }
      .bind(host: "127.0.0.1", port: 0).get()
    listener.withLock { $0 = channel }
    return channel.localAddress!.port!
  }

  func stop() {
    listener.withLock { $0 }?.close(promise: nil)
    cutAll()
  }

  var connectionCount: Int { pipes.withLock { $0.count } }

  func cutAll() { for pipe in pipes.withLock({ Array($0.values) }) { pipe.cut() } }

  func change(_ change: (inout Weather) -> Void) {
    weather.withLock { change(&$0) }
    for pipe in pipes.withLock({ Array($0.values) }) { pipe.weatherChanged() }
  }

  private func connect(_ inbound: any Channel) -> EventLoopFuture<Void> {
    ClientBootstrap(group: inbound.eventLoop).connect(host: "127.0.0.1", port: target).flatMap { outbound in
      let pipe = Pipe(self, inbound, outbound)
      self.pipes.withLock { $0[ObjectIdentifier(pipe)] = pipe }
      return inbound.pipeline.addHandler(Pump(pipe, to: outbound))
        .flatMap { outbound.pipeline.addHandler(Pump(pipe, to: inbound)) }
    }
  }

  /// One connection through the proxy; both ends are on the same event loop.
  final class Pipe: Sendable {
    private let proxy: FaultyProxy
    private let ends: [any Channel]
    private let held = Mutex<[@Sendable () -> Void]>([])

    init(_ proxy: FaultyProxy, _ inbound: any Channel, _ outbound: any Channel) {
      self.proxy = proxy
      ends = [inbound, outbound]
    }

    var delay: Int {
      let most = proxy.weather.withLock { $0.delay }
      return most == 0 ? 0 : Int.random(in: 0...most)
    }

    /// Does it now, or when the network moves again.
    func pass(_ action: @escaping @Sendable () -> Void) {
      let isStalled = proxy.weather.withLock { $0.isStalled }
      let waits = held.withLock { held in
        if isStalled || !held.isEmpty { held.append(action) }
        return !held.isEmpty
      }
      if !waits { action() }
      if !isStalled { weatherChanged() }
    }

    func weatherChanged() {
      guard !proxy.weather.withLock({ $0.isStalled }) else { return }
      ends[0].eventLoop.execute {
        let actions = self.held.withLock { held in
          defer { held = [] }
          return held
        }
        for action in actions { action() }
      }
    }

    func cut() {
      for end in ends { end.close(promise: nil) }
      _ = proxy.pipes.withLock { $0.removeValue(forKey: ObjectIdentifier(self)) }
    }
  }

  /// Takes what one end reads to the other, in order.
  private final class Pump: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let pipe: Pipe
    private let to: any Channel
    private var lastDue = NIODeadline.uptimeNanoseconds(0)
    /// What is on its way, in order.
    private var delayed = CircularBuffer<ByteBuffer>()

    init(_ pipe: Pipe, to: any Channel) {
      self.pipe = pipe
      self.to = to
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data)
      let delay = pipe.delay
      if delay == 0 && delayed.isEmpty { return forward(bytes) }
      // Never before what came before.
      lastDue = max(NIODeadline.now() + .milliseconds(Int64(delay)), lastDue)
      delayed.append(bytes)
      _ = context.eventLoop.scheduleTask(deadline: lastDue) { self.forward(self.delayed.removeFirst()) }
    }

    private func forward(_ bytes: ByteBuffer) {
      let to = to
      pipe.pass { to.writeAndFlush(bytes, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { pipe.cut() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { pipe.cut() }
  }
}
