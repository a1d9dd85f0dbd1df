import Memory

/// A user where sessions find it. The address stays as long as any session has it.
package typealias UserPointer = UnsafeMutablePointer<UserEntry>

package struct UserEntry: ~Copyable {
  package let name: ByteString
  package private(set) var user: User
  package private(set) var permissions: Permissions

  /// As ACL LIST shows it and files hold it.
  package var line: [UInt8] { [Array("user".utf8), name.bytes, user.description].joinedByBlanks }

  fileprivate init(_ name: ByteString, _ user: User) {
    self.name = name
    self.user = user
    permissions = Permissions(user)
  }

  fileprivate mutating func change(to user: User) {
    self.user = user
    permissions = Permissions(user)
  }
}

/// All users by name, and what was denied to them.
package final class Users {
  package private(set) var context: RuleContext
  package var log = AccessLog()
  /// Whom every connection belongs to until it says otherwise.
  package let standard: UserPointer
  private var byName: [ByteString: UserPointer]

  init(_ table: CommandTable) {
    context = RuleContext(table)
    standard = .allocate(capacity: 1)
    standard.initialize(to: UserEntry(Self.standardName, .allowedEverything(context)))
    byName = [Self.standardName: standard]
  }

  deinit {
    for user in byName.values { Self.free(user) }
  }

  package static let standardName = ByteString("default")

  /// `acl-pubsub-default`.
  package var newUsersListenToAll: Bool {
    get { context.startsWithAllChannels }
    set { context.startsWithAllChannels = newValue }
  }

  package func find(_ name: Bytes) -> UserPointer? { byName[ByteString(name)] }

  /// In the order of their names.
  package var all: [UserPointer] {
    byName.values.sorted { a, b in a.pointee.name.bytes.lexicographicallyPrecedes(b.pointee.name.bytes) }
  }

  /// Whether who has not said who they are must do so first.
  package var mustAuthenticate: Bool { !standard.pointee.user.isOn || !standard.pointee.user.needsNoPassword }

  /// Creates a user, or changes it. Sessions that have it are to be told, see ``Executor/userChanged(_:)``.
  @discardableResult
  package func set(_ name: ByteString, to user: User) -> UserPointer {
    if let known = byName[name] {
      known.pointee.change(to: user)
      return known
    }
    let new = UserPointer.allocate(capacity: 1)
    new.initialize(to: UserEntry(name, user))
    byName[name] = new
    return new
  }

  /// Takes a user off the list. No session must have it when it is freed with ``free(_:)``.
  package func remove(_ name: ByteString) -> UserPointer? {
    if name == Self.standardName { return nil }
    return byName.removeValue(forKey: name)
  }

  package static func free(_ user: UserPointer) {
    user.deinitialize(count: 1)
    user.deallocate()
  }
}

extension SessionPointer {
  /// From now on, the session acts in the name of this user.
  package func act(as user: UserPointer?) {
    pointee.user = user
    updateRestriction()
  }

  /// Takes note of what the session's user may do now.
  package func updateRestriction() {
    if pointee.user?.pointee.permissions.isUnrestricted ?? true {
      pointee.flags.remove(.restricted)
    } else {
      pointee.flags.insert(.restricted)
    }
  }
}
