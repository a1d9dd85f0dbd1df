/// The reads that are under way: one for each key, however many ask.
///
/// The hard part of a cache is the read that is overtaken: a value is read, another client writes, the server says so, and
/// only then does the old value come to be stored, with nobody left to say that it is old. Here a flight stores its value
/// only if it is still *listed* for its key when it lands. Whatever could make its value old takes it off the list: an
/// invalidation, an own write (as it is sent, and again as it is answered), the loss of the connection. Those who wait get
/// the value all the same, for it was right at some time after they asked. Who asks after that does not find the flight and
/// starts another: nobody is given a value older than an invalidation that came before the question.
///
/// A plain value: no task, no lock, no clock. `Waiter` is who wants the value, `Watcher` who wants to know of the next
/// invalidation.
struct Flights<Key: Hashable, Waiter, Watcher> {
  /// Names a flight; never used twice.
  struct Ticket: Hashable, Sendable { let number: UInt64 }

  enum Boarding {
    /// The caller has to fetch the value and `land`.
    case leads(Ticket)
    case waits(Ticket)
  }

  struct Landing {
    var waiters: [Waiter] = []
    /// Where its value came from.
    var origin = unknownOrigin
    /// Nothing happened meanwhile that could have made the value old.
    var isStorable = false
  }

  private struct Flight {
    var key: Key
    var name: UInt64
    var origin: Int
    var isListed = true
    var waiters: [(id: UInt64, waiter: Waiter)] = []
    var watchers: [(id: UInt64, watcher: Watcher)] = []
  }

  private var flights: [UInt64: Flight] = [:]
  private var listed: [Key: UInt64] = [:]
  /// Listed flights by the hash of the name that an invalidation says.
  private var byName: [UInt64: [UInt64]] = [:]
  /// The flight that each who waits is on.
  private var aboard: [UInt64: UInt64] = [:]
  private var lastTicket: UInt64 = 0

  /// Joins the flight of a key, or begins one.
  mutating func board(_ key: Key, name: UInt64, origin: Int = 0, waiter: Waiter, id: UInt64) -> Boarding {
    if let number = listed[key] {
      aboard[id] = number
      flights[number]!.waiters.append((id, waiter))
      return .waits(Ticket(number: number))
    }
    let ticket = begin(key, name: name, origin: origin)
    flights[ticket.number]!.waiters.append((id, waiter))
    aboard[id] = ticket.number
    return .leads(ticket)
  }

  /// Begins a flight that nobody waits for; nil if there is one already.
  mutating func refresh(_ key: Key, name: UInt64, origin: Int = 0) -> Ticket? {
    listed[key] == nil ? begin(key, name: name, origin: origin) : nil
  }

  private mutating func begin(_ key: Key, name: UInt64, origin: Int) -> Ticket {
    lastTicket += 1
    flights[lastTicket] = Flight(key: key, name: name, origin: origin)
    list(lastTicket, key: key, name: name)
    return Ticket(number: lastTicket)
  }

  /// Says that the flight reads anew, and from where: what happened before no longer matters to it. It is not listed again
  /// if another flight of its key has begun meanwhile, which then is the one to store.
  mutating func restart(_ ticket: Ticket, origin: Int) {
    guard let flight = flights[ticket.number] else { return }
    flights[ticket.number]!.origin = origin
    guard !flight.isListed, listed[flight.key] == nil else { return }
    flights[ticket.number]!.isListed = true
    list(ticket.number, key: flight.key, name: flight.name)
  }

  /// What the flight brings must not be kept: nobody will say when it changes.
  mutating func spoil(_ ticket: Ticket) -> [Watcher] { isListed(ticket) ? taint(ticket.number) : [] }

  /// Ends a flight. Its waiters are to be answered by the caller.
  mutating func land(_ ticket: Ticket) -> Landing {
    guard let flight = flights[ticket.number] else { return Landing() }
    unlist(ticket.number)
    flights[ticket.number] = nil
    for waiter in flight.waiters { aboard[waiter.id] = nil }
    return Landing(
      waiters: flight.waiters.map(\.waiter), origin: flight.origin,
      isStorable: flight.isListed && flight.origin != unknownOrigin)
  }

  /// One who waits gives up; the flight goes on for the others, and for the cache.
  mutating func leave(id: UInt64) -> Waiter? {
    guard let number = aboard.removeValue(forKey: id),
      let index = flights[number]?.waiters.firstIndex(where: { $0.id == id })
    else { return nil }
    return flights[number]!.waiters.remove(at: index).waiter
  }

  /// All who wait are answered early, with something else than the flight will bring.
  mutating func takeWaiters(_ ticket: Ticket) -> [Waiter] {
    guard let flight = flights[ticket.number] else { return [] }
    flights[ticket.number]!.waiters = []
    for waiter in flight.waiters { aboard[waiter.id] = nil }
    return flight.waiters.map(\.waiter)
  }

  // MARK: What makes values old

  /// What has this name has changed. Returns those who waited for that.
  mutating func taint(name: UInt64) -> [Watcher] {
    guard let numbers = byName[name] else { return [] }
    return numbers.flatMap { taint($0) }
  }

  /// Anything of this origin may have changed.
  mutating func taint(origin: Int) -> [Watcher] {
    flights.filter { $0.value.origin == origin && $0.value.isListed }.keys.flatMap { taint($0) }
  }

  private mutating func taint(_ number: UInt64) -> [Watcher] {
    unlist(number)
    let watchers = flights[number]!.watchers.map(\.watcher)
    flights[number]!.isListed = false
    flights[number]!.watchers = []
    return watchers
  }

  /// Whether nothing has happened since the flight began, or was restarted.
  func isListed(_ ticket: Ticket) -> Bool { flights[ticket.number]?.isListed ?? false }

  /// Notes who wants to know when the flight's key changes; false if it has, and the watcher was not noted.
  mutating func watch(_ ticket: Ticket, watcher: Watcher, id: UInt64) -> Bool {
    guard isListed(ticket) else { return false }
    flights[ticket.number]!.watchers.append((id, watcher))
    return true
  }

  mutating func unwatch(_ ticket: Ticket, id: UInt64) -> Watcher? {
    guard let index = flights[ticket.number]?.watchers.firstIndex(where: { $0.id == id }) else { return nil }
    return flights[ticket.number]!.watchers.remove(at: index).watcher
  }

  // MARK: The list

  private mutating func list(_ number: UInt64, key: Key, name: UInt64) {
    listed[key] = number
    byName[name, default: []].append(number)
  }

  private mutating func unlist(_ number: UInt64) {
    guard let flight = flights[number], flight.isListed else { return }
    listed[flight.key] = nil
    byName[flight.name]!.removeAll { $0 == number }
    if byName[flight.name]!.isEmpty { byName[flight.name] = nil }
  }
}
