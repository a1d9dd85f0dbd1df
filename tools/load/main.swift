import CMartlet
import Foundation

// A load generator for RESP servers: one thread, one epoll, requests prepared beforehand and replies counted, not
// read, so that it keeps a fast server busy from one core.

/// One connection: a batch of requests is sent, its replies are awaited, and so on.
struct Client {
  let descriptor: Int32
  var counter = ReplyCounter()
  var isSubscriber = false
  var awaited = 0
  var sentAt = 0
  var unsent: UnsafeMutablePointer<UInt8>?
  var unsentCount = 0
}

func nanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

func connect(_ options: Options) throws -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(options.port).bigEndian
  address.sin_addr.s_addr = inet_addr(options.host)
  let result = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  if result != 0 { throw Failure("cannot connect to \(options.host):\(options.port)") }
  var one: Int32 = 1
  setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
  _ = martlet_fcntl_setfl_nonblock(descriptor)
  return descriptor
}

/// Sends what a connection begins with and waits for the replies.
func open(_ descriptor: Int32, with commands: [String]) throws {
  if commands.isEmpty { return }
  let text = commands.map { "\($0)\r\n" }.joined()
  _ = text.withCString { write(descriptor, $0, strlen($0)) }
  var counter = ReplyCounter()
  var replies = 0
  let input = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 16)
  defer { input.deallocate() }
  while replies < commands.count {
    var readable = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&readable, 1, 10_000) == 1 else { throw Failure("no reply to \(commands)") }
    let received = read(descriptor, input, 1 << 16)
    guard received > 0 else { throw Failure("closed after \(commands)") }
    replies += counter.count(input, received)
  }
  if let error = counter.firstError { throw Failure("\(commands): \(error)") }
}

func run(_ options: Options) throws {
  _ = martlet_setrlimit_nofile(martlet_getrlimit_nofile())
  var pool = RequestPool(options)
  let poller = epoll_create1(0)
  let total = options.connections + options.subscribers
  let clients = UnsafeMutablePointer<Client>.allocate(capacity: total)
  for i in 0..<total {
    (clients + i).initialize(to: Client(descriptor: try connect(options)))
    clients[i].isSubscriber = i >= options.connections
    try open(clients[i].descriptor, with: options.opening)
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = UInt64(i)
    epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].descriptor, &event)
  }
  for i in options.connections..<total {
    let text = "*2\r\n$9\r\nSUBSCRIBE\r\n$7\r\nchannel\r\n"
    _ = text.withCString { write(clients[i].descriptor, $0, strlen($0)) }
  }
  if options.subscribers > 0 { usleep(200_000) }

  var histogram = Histogram()
  var left = options.requests ?? .max
  var sent = 0
  var answered = 0
  var delivered = 0
  var closed = 0
  let input = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 20)
  if let first = options.first {
    let descriptor = try connect(options)
    _ = "\(first)\r\n".withCString { write(descriptor, $0, strlen($0)) }
  }
  let start = nanoseconds()
  let end = options.requests == nil ? start + Int(options.seconds * 1e9) : Int.max

  func wait(_ i: Int, forWriting: Bool) {
    var event = epoll_event()
    event.events = forWriting ? EPOLLIN.rawValue | EPOLLOUT.rawValue : EPOLLIN.rawValue
    event.data.u64 = UInt64(i)
    epoll_ctl(poller, EPOLL_CTL_MOD, clients[i].descriptor, &event)
  }

  func push(_ i: Int) {
    let client = clients + i
    guard let bytes = client.pointee.unsent else { return }
    let written = write(client.pointee.descriptor, bytes, client.pointee.unsentCount)
    if written == client.pointee.unsentCount {
      client.pointee.unsent = nil
      return
    }
    if written > 0 {
      client.pointee.unsent = bytes + written
      client.pointee.unsentCount -= written
    }
    wait(i, forWriting: true)
  }

  func sendBatch(_ i: Int, _ now: Int) {
    guard left > 0 && now < end else { return }
    let batch = pool.take(min(options.pipeline, left))
    left -= batch.requests
    sent += batch.requests
    clients[i].awaited = batch.requests
    clients[i].sentAt = now
    clients[i].unsent = batch.start
    clients[i].unsentCount = batch.count
    push(i)
  }

  for i in 0..<options.connections { sendBatch(i, nanoseconds()) }
  var events = [epoll_event](repeating: epoll_event(), count: 512)
  var now = nanoseconds()
  let giveUp = options.requests == nil ? end + 10_000_000_000 : Int.max
  while closed < total && (answered < sent || (left > 0 && now < end)) && now < giveUp {
    let ready = epoll_wait(poller, &events, 512, 1000)
    now = nanoseconds()
    for e in 0..<max(0, Int(ready)) {
      let i = Int(events[e].data.u64)
      if events[e].events & EPOLLOUT.rawValue != 0 && clients[i].unsent != nil {
        push(i)
        if clients[i].unsent == nil { wait(i, forWriting: false) }
      }
      guard events[e].events & ~EPOLLOUT.rawValue != 0 else { continue }
      let received = read(clients[i].descriptor, input, 1 << 20)
      if received <= 0 {
        if received == 0 || martlet_errno() != EAGAIN {
          closed += 1
          epoll_ctl(poller, EPOLL_CTL_DEL, clients[i].descriptor, nil)
        }
        continue
      }
      let replies = clients[i].counter.count(input, received)
      if clients[i].isSubscriber {
        delivered += replies
        continue
      }
      answered += replies
      clients[i].awaited -= replies
      if clients[i].awaited == 0 {
        histogram.record(now - clients[i].sentAt)
        sendBatch(i, now)
      }
    }
  }
  let elapsed = Double(nanoseconds() - start) / 1e9
  let microseconds = [0.5, 0.99, 0.999].map { String(format: "%.1f", histogram.percentile($0) / 1000) }
  print(
    "requests=\(answered) seconds=\(String(format: "%.3f", elapsed)) rps=\(Int(Double(answered) / elapsed))"
      + " p50=\(microseconds[0]) p99=\(microseconds[1]) p999=\(microseconds[2])"
      + " max=\(String(format: "%.1f", Double(histogram.maximum) / 1000)) delivered=\(delivered)"
      + " errors=\((0..<total).reduce(0) { $0 + clients[$1].counter.errors })")
  if let error = (0..<total).lazy.compactMap({ clients[$0].counter.firstError }).first {
    FileHandle.standardError.write(Data("first error: \(error)\n".utf8))
  }
}

do {
  try run(Options(Array(CommandLine.arguments.dropFirst())))
} catch {
  FileHandle.standardError.write(Data("\(error)\n\n\(Options.usage)\n".utf8))
  exit(64)
}
