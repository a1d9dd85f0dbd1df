import Logging
import NIOCore
import NIOPosix
import NIOSSL

public enum ProtocolVersion: Sendable, Hashable {
  case resp2, resp3
}

/// Everything about a client that has a sensible default.
public struct ClientConfiguration: Sendable {
  /// How commands share connections.
  public enum Batching: Sendable, Hashable {
    /// Commands of all tasks go over a few shared connections; what is submitted at the same time leaves in one write.
    case automatic
    /// Every command has a connection to itself while it waits.
    case off
  }

  /// What a command does that finds ``maximumInFlight`` others waiting.
  public enum Overload: Sendable, Hashable {
    case wait, fail
  }

  public enum Encryption: Sendable {
    case off
    /// With TLS, by default with the system's certificates. `hostname` is what the certificate must name, if it is
    /// not the host that is connected to.
    case tls(TLSConfiguration = .makeClientConfiguration(), hostname: String? = nil)
  }

  /// Sentinels have users and certificates of their own, and usually none.
  public struct Sentinel: Sendable, Hashable {
    public var username: String?
    public var password: String?
    /// Whether they are spoken to as ``ClientConfiguration/encryption`` says.
    public var isEncrypted = false

    public init() {}
  }

  public var username: String?
  public var password: String?
  /// What CLIENT LIST calls the connections.
  public var clientName: String?
  public var database = 0
  public var encryption = Encryption.off
  /// RESP2 is spoken if the server knows nothing else. There are no pushes in it.
  public var protocolVersion = ProtocolVersion.resp3

  public var batching = Batching.automatic
  /// Per node. One is enough until a core is busy with it.
  public var sharedConnections = 1
  /// Per node, beside the shared ones: for blocking commands, ``Client/withConnection(_:)``, and without batching for
  /// everything.
  public var maximumConnections = 32
  /// Commands that wait for replies on one shared connection.
  public var maximumInFlight = 16_384
  public var overload = Overload.wait

  public var connectTimeout = Duration.seconds(5)
  /// How long a command waits for its reply, exact to an eighth of it. A connection on which nothing has come for twice
  /// as long, although something was due, is closed. Does not hold for blocking commands.
  public var commandTimeout = Duration.seconds(30)
  public var backoff = Backoff()
  /// After so many failed attempts in a row, commands that wait for a connection fail; and a command whose connection was
  /// lost is sent at most so often.
  public var connectionAttempts = 3
  public var retry = RetryPolicy.reads

  /// How often a cluster is asked who owns which slots, beside whenever a reply or a lost connection gives reason to. Nil
  /// never.
  public var topologyRefresh: Duration? = .seconds(30)
  /// How sentinels are spoken to.
  public var sentinel = Sentinel()

  public var limits = RESPLimits()
  /// Whether replies, pushes, timeouts and connections are counted with swift-metrics, labelled with the client's name.
  /// Needs the package trait `Metrics`, which is on by default.
  public var metrics = false
  /// Whether each command, pipeline and transaction is a span of the task that sends it, with swift-distributed-tracing.
  /// Needs the package trait `Tracing`.
  public var tracing = false
  public var eventLoopGroup: any EventLoopGroup
  public var logger: Logger

  public static let libraryVersion = "0.1.0"

  public init(
    eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
    logger: Logger = Logger(label: "martlet.client")
  ) {
    self.eventLoopGroup = eventLoopGroup
    self.logger = logger
  }
}

/// Which commands are sent again when their connection is lost, up to ``ClientConfiguration/connectionAttempts`` times.
///
/// A command that certainly was not sent always is: it waits for the next connection. One that was sent and not answered
/// may have been carried out, so that sending it again could do it twice.
public enum RetryPolicy: Sendable, Hashable {
  /// Commands that change nothing are sent again, others throw ``MartletError/connectionLost(mayHaveRun:)``.
  case reads
  /// All throw.
  case never
}

/// How long to wait before the next attempt to connect: longer each time, and never for all clients the same.
public struct Backoff: Sendable {
  public var first = Duration.milliseconds(20)
  public var longest = Duration.seconds(2)
  public var factor = 2.0
  /// The part of the delay that is left to chance: 0.5 for between half of it and all.
  public var jitter = 0.5
  /// Numbers from 0 up to 1.
  public var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

  public init() {}

  /// The delay after so many failed attempts in a row.
  public func delay(afterFailures failures: Int) -> Duration {
    // Powers beyond this are longer than any limit, and would not fit.
    var delay = first
    for _ in 1..<max(1, min(failures, 64)) where delay < longest { delay = delay * factor }
    return min(delay, longest) * (1 - jitter * random())
  }
}

extension Duration {
  var timeAmount: TimeAmount {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow
      ? .nanoseconds(.max) : .nanoseconds(product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue)
  }
}
