import Memory

/// A user where sessions find it. The address stays as long as any session has it.
public typealias UserPointer = UnsafeMutablePointer<UserEntry>

public struct UserEntry: ~Copyable {
  public let name: ByteString
  public private(set) var user: User
  public private(set) var permissions: Permissions

  /// As ACL LIST shows it and files hold it.
  public var line: [UInt8] { [Array("user".utf8), name.bytes, user.description].joinedByBlanks }

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
public final class Users {
  public private(set) var context: RuleContext
  public var log = AccessLog()
  /// Whom every connection belongs to until it says otherwise.
  public let standard: UserPointer
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

  public static let standardName = ByteString("default")

  /// `acl-pubsub-default`.
  public var newUsersListenToAll: Bool {
    get { context.startsWithAllChannels }
    set { context.startsWithAllChannels = newValue }
  }

  public func find(_ name: Bytes) -> UserPointer? { byName[ByteString(name)] }

  /// In the order of their names.
  public var all: [UserPointer] {
    byName.values.sorted { a, b in a.pointee.name.bytes.lexicographicallyPrecedes(b.pointee.name.bytes) }
  }

  /// Whether who has not said who they are must do so first.
  public var mustAuthenticate: Bool { !standard.pointee.user.isOn || !standard.pointee.user.needsNoPassword }

  /// Creates a user, or changes it. Sessions that have it are to be told, see ``Executor/userChanged(_:)``.
  @discardableResult
  public func set(_ name: ByteString, to user: User) -> UserPointer {
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
  public func remove(_ name: ByteString) -> UserPointer? {
    if name == Self.standardName { return nil }
    return byName.removeValue(forKey: name)
  }

  public static func free(_ user: UserPointer) {
    user.deinitialize(count: 1)
    user.deallocate()
  }
}

extension SessionPointer {
  /// From now on, the session acts in the name of this user.
  public func act(as user: UserPointer?) {
    pointee.user = user
    updateRestriction()
  }

  /// Takes note of what the session's user may do now.
  public func updateRestriction() {
    if pointee.user?.pointee.permissions.isUnrestricted ?? true {
      pointee.flags.remove(.restricted)
    } else {
      pointee.flags.insert(.restricted)
    }
  }
}
