import Memory

/// Which clients may hold copies of which keys: what the default mode of CLIENT TRACKING remembers.
///
/// A key is an entry of a hash table, with eight bytes beside it: the number of its client if there is one only, which
/// is the common case, else the address of a sorted list of numbers. Reading again what is known already costs a look-up.
///
/// Numbers stand for clients, and are small. A client that leaves is not searched for: its number is marked, the
/// items with it are taken out step by step (``sweep(steps:)``), and only then it is given to another client.
public struct TrackingTable: ~Copyable {
  public typealias Client = UInt32

  private struct ClientState {
    var items = 0
    var isGone = false
  }

  private struct List {
    var count: UInt32
    var capacity: UInt32
    static let headerSize = 8
  }

  private let hashKey: SipKey
  private var table = HashTable()
  /// What was there before everything was forgotten, to be freed step by step.
  private var discarded: [UnsafeMutablePointer<HashTable>] = []
  private var discardCursor: UInt64 = 0
  private var clients: [ClientState] = []
  private var freeNumbers: [Client] = []
  /// Clients that left while items had their numbers.
  private var goneClients = 0
  private var sweepCursor: UInt64 = 0
  /// Bytes of entries and lists.
  private var entryBytes = 0

  /// Pairs of a key and a client.
  public private(set) var itemCount = 0

  public init(hashKey: SipKey) { self.hashKey = hashKey }

  deinit {
    table.forEach { Self.free($0) }
    for i in discarded.indices {
      var cursor = i == 0 ? discardCursor : 0
      repeat { cursor = discarded[i].pointee.scan(cursor) { Self.free($0) } } while cursor != 0
      discarded[i].deinitialize(count: 1)
      discarded[i].deallocate()
    }
  }

  public var keyCount: Int { table.count }
  /// Bytes that it all takes.
  public var bytes: Int { entryBytes + table.allocatedBytes }

  // MARK: Clients

  /// A number for a client.
  public mutating func addClient() -> Client {
    if let number = freeNumbers.popLast() {
      clients[Int(number)] = ClientState()
      return number
    }
    clients.append(ClientState())
    return Client(clients.count - 1)
  }

  /// The client with this number wants to hear nothing any more. Its number stays in use until it is swept out.
  public mutating func removeClient(_ client: Client) {
    assert(!clients[Int(client)].isGone)
    clients[Int(client)].isGone = true
    if clients[Int(client)].items == 0 {
      freeNumbers.append(client)
    } else {
      goneClients += 1
    }
  }

  private mutating func forgetItem(_ client: Client) {
    itemCount -= 1
    clients[Int(client)].items -= 1
    if clients[Int(client)].isGone && clients[Int(client)].items == 0 {
      goneClients -= 1
      freeNumbers.append(client)
    }
  }

  // MARK: Keys

  /// Notes that a client read a key.
  ///
  /// - Parameter hash: of the key, under the table's hash key.
  public mutating func remember(_ key: Bytes, hash: UInt64, client: Client) {
    guard let slot = table.find(key, hash: hash) else { return insert(key, hash: hash, client: client) }
    let entry = Entry(address: slot.pointee)
    if UInt64(bitPattern: entry.integer) != Self.single(client) { add(client, to: entry) }
  }

  @inline(__always)
  private static func single(_ client: Client) -> UInt64 { UInt64(client) &<< 1 | 1 }

  private static func list(_ entry: Entry) -> UnsafeMutablePointer<List>? {
    entry.integer & 1 == 1 ? nil : entry.pointer.assumingMemoryBound(to: List.self)
  }

  /// The sorted numbers of a list.
  private static func numbers(_ list: UnsafeMutablePointer<List>) -> UnsafeMutablePointer<Client> {
    (UnsafeMutableRawPointer(list) + List.headerSize).assumingMemoryBound(to: Client.self)
  }

  @inline(never)
  private mutating func insert(_ key: Bytes, hash: UInt64, client: Client) {
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    entry.integer = Int64(bitPattern: Self.single(client))
    table.insert(entry, hash: hash, key: hashKey)
    entryBytes += entry.allocatedBytes
    noteItem(client)
  }

  private mutating func noteItem(_ client: Client) {
    itemCount += 1
    clients[Int(client)].items += 1
  }

  @inline(never)
  private mutating func add(_ client: Client, to entry: Entry) {
    guard let list = Self.list(entry) else {
      let other = Client(truncatingIfNeeded: entry.integer >> 1)
      let fresh = Self.allocateList(capacity: 4)
      entryBytes += Allocator.usableSize(fresh)
      fresh.pointee.count = 2
      Self.numbers(fresh)[0] = min(client, other)
      Self.numbers(fresh)[1] = max(client, other)
      entry.pointer = UnsafeMutableRawPointer(fresh)
      return noteItem(client)
    }
    let at = Self.position(of: client, in: list)
    let count = Int(list.pointee.count)
    if at < count && Self.numbers(list)[at] == client { return }
    var target = list
    if count == Int(list.pointee.capacity) {
      entryBytes -= Allocator.usableSize(list)
      let capacity = count * 2
      target = Allocator.reallocate(list, to: List.headerSize + capacity * MemoryLayout<Client>.stride)
        .assumingMemoryBound(to: List.self)
      target.pointee.capacity = UInt32(capacity)
      entryBytes += Allocator.usableSize(target)
      entry.pointer = UnsafeMutableRawPointer(target)
    }
    let numbers = Self.numbers(target)
    (numbers + at + 1).update(from: numbers + at, count: count - at)
    numbers[at] = client
    target.pointee.count += 1
    noteItem(client)
  }

  private static func allocateList(capacity: Int) -> UnsafeMutablePointer<List> {
    let list = Allocator.allocate(List.headerSize + capacity * MemoryLayout<Client>.stride)
      .assumingMemoryBound(to: List.self)
    list.initialize(to: List(count: 0, capacity: UInt32(capacity)))
    return list
  }

  /// Where a number is in a list, or belongs.
  private static func position(of client: Client, in list: UnsafeMutablePointer<List>) -> Int {
    let numbers = numbers(list)
    var low = 0
    var high = Int(list.pointee.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < client { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Forgets a key, and hands out the clients that may hold it.
  public mutating func take(_ key: Bytes, hash: UInt64, _ visit: (Client) -> Void) {
    guard let slot = table.find(key, hash: hash) else { return }
    let entry = Entry(address: slot.pointee)
    table.remove(slot: slot, hash: hash, sipKey: hashKey)
    release(entry, visit)
  }

  /// Forgets a key at random, as ``take(_:hash:_:)``, to make room. False if there is none.
  public mutating func takeAny(
    _ random: inout some RandomNumberGenerator, _ visit: (Bytes, Client) -> Void
  ) -> Bool {
    guard let entry = table.randomEntry(&random) else { return false }
    remove(entry)
    release(entry) { visit(entry.key, $0) }
    return true
  }

  private mutating func remove(_ entry: Entry) {
    let hash = sipHash13(entry.key, key: hashKey)
    table.remove(slot: table.slot(of: entry, hash: hash), hash: hash, sipKey: hashKey)
  }

  /// Frees an entry that was taken out.
  private mutating func release(_ entry: Entry, _ visit: (Client) -> Void) {
    if let list = Self.list(entry) {
      for i in 0..<Int(list.pointee.count) { release(Self.numbers(list)[i], visit) }
    } else {
      release(Client(truncatingIfNeeded: entry.integer >> 1), visit)
    }
    entryBytes -= Self.allocatedBytes(entry)
    Self.free(entry)
  }

  private mutating func release(_ client: Client, _ visit: (Client) -> Void) {
    // One that left hears nothing more.
    if !clients[Int(client)].isGone { visit(client) }
    forgetItem(client)
  }

  private static func allocatedBytes(_ entry: Entry) -> Int {
    entry.allocatedBytes + (list(entry).map { Allocator.usableSize($0) } ?? 0)
  }

  private static func free(_ entry: Entry) {
    if let list = list(entry) { Allocator.free(list) }
    entry.free()
  }

  /// Forgets all keys at once. What they took is freed step by step.
  public mutating func removeAll() {
    guard table.count > 0 else { return }
    let old = UnsafeMutablePointer<HashTable>.allocate(capacity: 1)
    old.initialize(to: HashTable())
    swap(&old.pointee, &table)
    discarded.append(old)
    itemCount = 0
    entryBytes = 0
    sweepCursor = 0
    for client in clients.indices where clients[client].items > 0 {
      clients[client].items = 0
      guard clients[client].isGone else { continue }
      goneClients -= 1
      freeNumbers.append(Client(client))
    }
  }

  // MARK: Clean-up

  /// Whether ``sweep(steps:)`` has something to do.
  public var needsSweep: Bool { goneClients > 0 || !discarded.isEmpty }

  /// Looks at so many buckets: takes out what belongs to clients that left, and frees what was discarded.
  public mutating func sweep(steps: Int) {
    var steps = steps
    while steps > 0, let old = discarded.first {
      steps -= 1
      discardCursor = old.pointee.scan(discardCursor) { Self.free($0) }
      guard discardCursor == 0 else { continue }
      old.deinitialize(count: 1)
      old.deallocate()
      discarded.removeFirst()
    }
    var found: [Entry] = []
    while steps > 0 && goneClients > 0 {
      steps -= 1
      found.removeAll(keepingCapacity: true)
      sweepCursor = table.scan(sweepCursor) { entry in
        if holdsGoneClients(entry) { found.append(entry) }
      }
      for entry in found { takeOutGoneClients(entry) }
    }
  }

  private func isGone(_ client: Client) -> Bool { clients[Int(client)].isGone }

  private func holdsGoneClients(_ entry: Entry) -> Bool {
    guard let list = Self.list(entry) else { return isGone(Client(truncatingIfNeeded: entry.integer >> 1)) }
    return (0..<Int(list.pointee.count)).contains { isGone(Self.numbers(list)[$0]) }
  }

  private mutating func takeOutGoneClients(_ entry: Entry) {
    guard let list = Self.list(entry) else { return removeWithClients(entry) }
    let numbers = Self.numbers(list)
    var kept = 0
    for i in 0..<Int(list.pointee.count) {
      let client = numbers[i]
      if isGone(client) {
        forgetItem(client)
      } else {
        numbers[kept] = client
        kept += 1
      }
    }
    list.pointee.count = UInt32(kept)
    if kept == 0 {
      removeWithClients(entry)
    } else if kept == 1 {
      entryBytes -= Allocator.usableSize(list)
      entry.integer = Int64(bitPattern: Self.single(numbers[0]))
      Allocator.free(list)
    }
  }

  private mutating func removeWithClients(_ entry: Entry) {
    remove(entry)
    release(entry) { _ in }
  }
}
