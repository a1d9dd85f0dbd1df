import Keyspace
import Memory

// A key that is on its way to another server may be read, but not changed before that server has answered: the change
// would be lost with the key. Commands that may change one are put off, like those that wait for a snapshot. What cannot
// be put off (a stream of a primary's commands, a database of another name) is noticed, and such a key stays.

/// Keys that are not to be changed for a while.
public struct HeldKeys: ~Copyable {
  private struct Place: Hashable {
    let database: Int
    let key: ByteString
  }

  /// Whether they were changed nevertheless.
  private var changed: [Place: Bool] = [:]

  var isEmpty: Bool { changed.isEmpty }

  func contains(_ database: Int, _ key: Bytes) -> Bool {
    changed[Place(database: database, key: ByteString(key))] != nil
  }

  fileprivate mutating func hold(_ database: Int, _ key: ByteString) {
    changed[Place(database: database, key: key)] = false
  }

  /// Returns whether the key was changed.
  fileprivate mutating func letGo(_ database: Int, _ key: ByteString) -> Bool {
    changed.removeValue(forKey: Place(database: database, key: key)) ?? false
  }

  mutating func noteChange(_ database: Int, _ key: Bytes) {
    let place = Place(database: database, key: ByteString(key))
    if changed[place] != nil { changed[place] = true }
  }

  mutating func noteChange(databases: [Int]) {
    for place in changed.keys where databases.contains(place.database) { changed[place] = true }
  }
}

extension Executor {
  /// Puts off all who want to change one of these keys.
  public func hold(_ keys: [ByteString], in database: Int) {
    for key in keys { held.hold(database, key) }
    hot.pointee.attention.insert(.held)
    keyspace.pointee.interest.insert(.held)
  }

  /// Whoever was put off may be resumed after it.
  ///
  /// - Returns: those that were changed nevertheless.
  public func letGo(_ keys: [ByteString], in database: Int) -> Set<ByteString> {
    let changed = keys.filter { held.letGo(database, $0) }
    if held.isEmpty {
      hot.pointee.attention.remove(.held)
      keyspace.pointee.interest.remove(.held)
    }
    return Set(changed)
  }

  /// Whether nobody can tell beforehand which keys the command will change.
  static func mayChangeAnything(_ command: CommandReference) -> Bool {
    if command.pointee.flags.contains(.runsScript) { return !command.pointee.flags.contains(.readonly) }
    return command.pointee.flags.contains(.write) && !command.pointee.declaration.hasKeys
  }
}
