import Keyspace
import Memory
import RESP
import Structures

/// One command being run: its arguments and what it may reach. A view; valid while the handler runs.
public struct Call {
  public let arguments: UnsafePointer<Bytes>
  /// Arguments with the command's name.
  public let count: Int
  public let session: SessionPointer
  public let keyspace: UnsafeMutablePointer<Keyspace>
  public let command: CommandReference
  /// Hash of the key at `command.firstKey`, computed while its cache lines were on their way.
  fileprivate let firstKeyHash: UInt64
  private let unmanagedExecutor: Unmanaged<Executor>

  @inline(__always)
  init(
    _ arguments: UnsafePointer<Bytes>, count: Int, session: SessionPointer, command: CommandReference,
    firstKeyHash: UInt64, executor: Executor
  ) {
    self.arguments = arguments
    self.count = count
    self.session = session
    self.command = command
    self.firstKeyHash = firstKeyHash
    keyspace = executor.keyspace
    unmanagedExecutor = Unmanaged.passUnretained(executor)
  }

  /// Everything that is not on the hot path.
  public var executor: Executor { unmanagedExecutor.takeUnretainedValue() }

  /// The argument at `index`, 0 being the command's name. Checked.
  public subscript(index: Int) -> Bytes {
    @inline(__always) get {
      precondition(index >= 0 && index < count, "no such argument")
      return arguments[index]
    }
  }

  @inline(__always)
  public var database: Int { session.pointee.database }

  public var now: Int64 { keyspace.pointee.now }

  // MARK: Keys

  /// The hash of the key that argument `index` is.
  @inline(__always)
  public func hash(_ index: Int) -> UInt64 {
    index == command.pointee.firstKey ? firstKeyHash : keyspace.pointee.hash(self[index])
  }

  /// The living entry of the key at `index`, of whatever type.
  @inline(__always)
  public func find(_ index: Int, _ options: Keyspace.LookupOptions = .none) -> Entry? {
    slot(index, options).map { Entry(address: $0.pointee) }
  }

  /// As ``find(_:_:)``; the slot is needed to put another entry in the key's place.
  @inline(__always)
  public func slot(_ index: Int, _ options: Keyspace.LookupOptions = .none) -> HashTable.Slot? {
    var all = options
    if session.pointee.flags.contains(.noTouch) { all.insert(.noTouch) }
    return keyspace.pointee.lookup(database, self[index], hash: hash(index), all)
  }

  /// What a look-up of a key of one type came to.
  public enum Lookup {
    case missing
    /// The key holds another type; the error was written.
    case wrongType
    case found(Entry)
  }

  /// Looks up the key at `index` for a command that works on one type of value.
  @inline(__always)
  public func find(
    _ index: Int, as type: ValueType, options: Keyspace.LookupOptions = .none, _ reply: inout ReplyWriter
  ) -> Lookup {
    guard let entry = find(index, options) else { return .missing }
    guard entry.type == type.rawValue else {
      reply.wrongType()
      return .wrongType
    }
    return .found(entry)
  }

  /// Removes the key at `index` with its value, and reports `event`.
  public func delete(_ index: Int, _ entry: Entry, event: StaticString = "del", lazily: Bool? = nil) {
    let lazily = lazily ?? keyspace.pointee.lazyServerDelete
    keyspace.pointee.delete(database, entry, hash: hash(index), lazily: lazily)
    keyspace.pointee.changed(database, self[index], .generic, event)
  }

  /// Reports a change of the key at `index`.
  @inline(__always)
  public func changed(_ index: Int, _ eventClass: EventClass, _ event: StaticString, count: Int = 1) {
    keyspace.pointee.changed(database, self[index], eventClass, event, count: count)
  }

  // MARK: Arguments

  /// The integer at `index`; nil after the error was written.
  public func integer(_ index: Int, _ reply: inout ReplyWriter) -> Int64? {
    if let value = parseInteger(self[index]) { return value }
    reply.error("ERR value is not an integer or out of range")
    return nil
  }

  /// Whether the argument at `index` is `word`, which must be given in lower case.
  public func argument(_ index: Int, is word: StaticString) -> Bool { self[index].equalsIgnoringCase(word) }
}

extension ReplyWriter {
  public mutating func wrongType() {
    error("WRONGTYPE Operation against a key holding the wrong kind of value")
  }

  public mutating func syntaxError() { error("ERR syntax error") }

  public mutating func notAnInteger() { error("ERR value is not an integer or out of range") }

  /// What commands answer that look at their subcommands, or at the arguments of these, themselves.
  public mutating func unknownSubcommand(_ call: Call) {
    let name = call[1][0..<min(128, call[1].count)].string
    let container = (call.command.pointee.parent ?? call.command).pointee.declaration.name
    error("ERR unknown subcommand or wrong number of arguments for '\(name)'. Try \(container) HELP.")
  }

  public mutating func wrongArity(_ call: Call) {
    error("ERR wrong number of arguments for '\(call.command.pointee.fullName)' command")
  }
}
