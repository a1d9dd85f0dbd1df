import Memory
import Structures

// Changes of sets. They report nothing, since the commands know the events; but they turn a set into its next
// form when it is time.

extension Keyspace {
  // MARK: New sets

  /// A new, empty set under a key that is not there, in the form that suits a first member and `adding` members in
  /// all. The caller adds a member next.
  @inline(__always)
  public mutating func addSet(_ database: Int, _ key: Bytes, hash: UInt64, for member: Bytes, adding: Int) -> Entry {
    let isIntset = parseInteger(member) != nil && adding <= setLimits.maximumIntsetEntries
    let isListpack = adding <= setLimits.maximumListpackEntries
    let set = makeSet(key, isIntset ? .intset : isListpack ? .listpack : .table)
    add(database, set, hash: hash)
    return set
  }

  /// An empty set of the most compact form, under a key but in no database. It is the caller's, to ``put(_:_:hash:)``
  /// somewhere or to free.
  public func makeSet(key: Bytes) -> Entry { makeSet(key, .intset) }

  func makeSet(_ key: Bytes, _ encoding: Encoding) -> Entry {
    let entry = Entry.allocate(key: key, payloadCount: 8, hasDeadline: false)
    entry.type = ValueType.set.rawValue
    entry.valueEncoding = encoding
    switch encoding {
    case .intset: entry.pointer = Intset.create(capacity: 16).address
    case .listpack: entry.pointer = Listpack.create(capacity: 16).address
    default: entry.pointer = UnsafeMutableRawPointer(SetValue.allocate(StringTable(hashKey: hashKey)))
    }
    return entry
  }

  /// Turns a small set into a table at once if `added` members are probably too many for its form.
  public func prepareSet(_ entry: Entry, adding added: Int) {
    switch SetValue.form(entry) {
    case .intset: if added > setLimits.maximumIntsetEntries { convertToTable(entry) }
    case .listpack: if added > setLimits.maximumListpackEntries { convertToTable(entry) }
    case .table: break
    }
  }

  // MARK: Members

  /// Adds a member and says whether it is new.
  @inline(__always)
  public func addMember(_ entry: Entry, _ member: Bytes) -> Bool {
    switch SetValue.form(entry) {
    case .table(let table): return table.pointee.insert(member)
    case .listpack(let list):
      if list.find(member, from: Listpack.headerSize, skip: 0) != nil { return false }
      append(member, to: list, of: entry)
      return true
    case .intset(let set):
      if let number = parseInteger(member) { return insert(number, into: set, of: entry) }
      addToIntset(entry, set, text: member)
      return true
    }
  }

  /// Adds a member that is not there, a view of another set's.
  public func addNewMember(_ entry: Entry, _ member: StringValue) {
    switch SetValue.form(entry) {
    case .table(let table): member.withBytes { table.pointee.insertNew($0) }
    case .listpack(let list): member.withBytes { append($0, to: list, of: entry) }
    case .intset(let set):
      if let number = member.integerValue {
        _ = insert(number, into: set, of: entry)
      } else {
        member.withBytes { addToIntset(entry, set, text: $0) }
      }
    }
  }

  private func append(_ member: Bytes, to list: Listpack, of entry: Entry) {
    var list = list
    let hasRoom = list.count < setLimits.maximumListpackEntries
    if hasRoom && member.count <= setLimits.maximumListpackValueCount && list.canAdd(member.count + 16) {
      list.append(member)
      entry.pointer = list.address
    } else {
      convertToTable(entry)
      SetValue.table(entry).pointee.insertNew(member)
    }
  }

  private func insert(_ number: Int64, into set: Intset, of entry: Entry) -> Bool {
    var set = set
    let isNew = set.insert(number)
    entry.pointer = set.address
    if set.count > maximumIntsetCount { convertToTable(entry) }
    return isNew
  }

  /// One less than the format's limit, so that the next member always finds room.
  var maximumIntsetCount: Int { min(setLimits.maximumIntsetEntries, Intset.maximumCount - 1) }

  /// Adds the first member that is no integer, whereby the set takes another form.
  @inline(never)
  private func addToIntset(_ entry: Entry, _ set: Intset, text member: Bytes) {
    let count = set.count
    // Listpacks take no more than 11 bytes for an integer.
    let fits =
      count < setLimits.maximumListpackEntries && member.count <= setLimits.maximumListpackValueCount
      && count * 11 + member.count + 16 <= Listpack.maximumByteCount
    let longest = count == 0 ? 0 : max(digitCount(set[0]), digitCount(set[count - 1]))
    guard fits && longest <= setLimits.maximumListpackValueCount else {
      convertToTable(entry)
      SetValue.table(entry).pointee.insertNew(member)
      return
    }
    var list = Listpack.create(capacity: Listpack.headerSize + 1 + count * 4 + Listpack.encodedCount(of: member))
    for i in 0..<count { list.append(set[i]) }
    list.append(member)
    set.free()
    entry.pointer = list.address
    entry.valueEncoding = .listpack
  }

  /// Removes a member and says whether it was there. A set that is left empty must then be deleted.
  @inline(__always)
  public func removeMember(_ entry: Entry, _ member: Bytes) -> Bool {
    switch SetValue.form(entry) {
    case .table(let table): return table.pointee.remove(member)
    case .listpack(var list):
      guard let at = list.find(member, from: Listpack.headerSize, skip: 0) else { return false }
      list.delete(at)
      entry.pointer = list.address
      return true
    case .intset(var set):
      guard let number = parseInteger(member), set.remove(number) else { return false }
      entry.pointer = set.address
      return true
    }
  }

  /// Takes a member at random out of a set that is not empty, after `body` has seen it.
  public mutating func popMember(_ entry: Entry, _ body: (StringValue) -> Void) {
    switch SetValue.form(entry) {
    case .intset(var set):
      let at = Int.random(in: 0..<set.count, using: &random)
      body(.integer(set[at]))
      set.remove(at: at)
      entry.pointer = set.address
    case .listpack(var list):
      guard let at = list.seek(Int.random(in: 0..<list.count, using: &random)) else { return }
      body(StringValue(list.value(at)))
      list.delete(at)
      entry.pointer = list.address
    case .table(let table):
      guard let member = table.pointee.random(&random) else { return }
      body(.bytes(member))
      _ = table.pointee.remove(member)
    }
  }

  // MARK: Forms

  /// Makes a small set a table, whatever the limits say.
  func convertToTable(_ entry: Entry) {
    let table = SetValue.allocate(StringTable(hashKey: hashKey))
    SetValue.forEach(entry) { member in member.withBytes { table.pointee.insertNew($0) } }
    SetValue.free(entry)
    entry.pointer = UnsafeMutableRawPointer(table)
    entry.valueEncoding = .table
  }
}
