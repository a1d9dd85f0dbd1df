import Memory

/// Who may connect, and what they may do: a plain value, which rules change one by one.
public struct User {
  public private(set) var isOn = false
  public private(set) var needsNoPassword = false
  /// `skip-sanitize-payload`. Payloads are checked all the same.
  public private(set) var skipsSanitizing = false
  public private(set) var passwords: [PasswordHash] = []
  /// The user's own permissions.
  public private(set) var root: Selector
  /// Those of further selectors.
  public private(set) var others: [Selector] = []

  /// A new user, who may do nothing.
  public init(_ context: RuleContext) { root = Selector(context) }

  /// What `default` is unless it is told otherwise.
  public static func allowedEverything(_ context: RuleContext) -> User {
    var user = User(context)
    user.isOn = true
    user.needsNoPassword = true
    for rule: StaticString in ["+@all", "~*", "&*"] { try? user.root.apply(Bytes(rule), context) }
    return user
  }

  public var selectors: [Selector] { [root] + others }

  /// Whether a password is right, for a user who is on.
  public func accepts(_ password: Bytes) -> Bool {
    if !isOn { return false }
    if needsNoPassword { return true }
    let given = PasswordHash(of: password)
    return passwords.reduce(false) { found, known in known == given || found }
  }

  /// `requirepass`: the one password, or none at all.
  public mutating func setOnlyPassword(_ password: Bytes?) {
    passwords = password.map { [PasswordHash(of: $0)] } ?? []
    needsNoPassword = password == nil
  }

  // MARK: Rules

  public mutating func apply(_ rule: Bytes, _ context: RuleContext) throws(RuleError) {
    switch rule {
    case "": break
    case "on": isOn = true
    case "off": isOn = false
    case "skip-sanitize-payload": skipsSanitizing = true
    case "sanitize-payload": skipsSanitizing = false
    case "nopass":
      needsNoPassword = true
      passwords = []
    case "resetpass":
      needsNoPassword = false
      passwords = []
    case "clearselectors": others = []
    case "reset": self = User(context)
    default: try applyPrefixed(rule, context)
    }
  }

  private mutating func applyPrefixed(_ rule: Bytes, _ context: RuleContext) throws(RuleError) {
    let rest = rule[1..<rule.count]
    switch rule[0] {
    case UInt8(ascii: ">"): add(PasswordHash(of: rest))
    case UInt8(ascii: "<"): try remove(PasswordHash(of: rest))
    case UInt8(ascii: "#"): add(try Self.hash(rest))
    case UInt8(ascii: "!"): try remove(try Self.hash(rest))
    case UInt8(ascii: "(") where rule[rule.count - 1] == UInt8(ascii: ")"):
      var selector = Selector(context)
      for part in rule[1..<rule.count - 1].buffer.split(separator: UInt8(ascii: " ")) {
        try selector.apply(Bytes(UnsafeRawBufferPointer(rebasing: part)), context)
      }
      others.append(selector)
    default: try root.apply(rule, context)
    }
  }

  private static func hash(_ digits: Bytes) throws(RuleError) -> PasswordHash {
    guard let hash = PasswordHash(digits: digits) else { throw .malformedHash }
    return hash
  }

  private mutating func add(_ password: PasswordHash) {
    if !passwords.contains(password) { passwords.append(password) }
    needsNoPassword = false
  }

  private mutating func remove(_ password: PasswordHash) throws(RuleError) {
    guard let index = passwords.firstIndex(of: password) else { throw .unknownPassword }
    passwords.remove(at: index)
  }

  // MARK: Description

  public var flags: [StaticString] {
    var flags: [StaticString] = [isOn ? "on" : "off"]
    if needsNoPassword { flags.append("nopass") }
    flags.append(skipsSanitizing ? "skip-sanitize-payload" : "sanitize-payload")
    return flags
  }

  /// The rules that make a fresh user this one, one word each; a selector is one, too.
  public var rules: [[UInt8]] {
    flags.map { Bytes($0).array } + passwords.map { [UInt8(ascii: "#")] + $0.digits }
      + root.description.split(separator: UInt8(ascii: " ")).map { Array($0) }
      + others.map { [UInt8(ascii: "(")] + $0.description + [UInt8(ascii: ")")] }
  }

  /// As ACL LIST shows it and files hold it, without the name.
  public var description: [UInt8] { rules.joinedByBlanks }
}

/// Rules that do not make a user.
public enum UserError: Error {
  /// A selector begins with this argument and does not end.
  case unmatchedParenthesis([UInt8])
  case rule([UInt8], RuleError)
}

extension User {
  /// Takes a selector's rules together that were given as several arguments: `(+get`, `~key)`.
  public static func gatherSelectors(_ arguments: [[UInt8]]) throws(UserError) -> [[UInt8]] {
    var gathered: [[UInt8]] = []
    var open: (first: [UInt8], soFar: [UInt8])?
    for argument in arguments {
      let ends = argument.last == UInt8(ascii: ")")
      if let (first, soFar) = open {
        let joined = soFar + [UInt8(ascii: " ")] + argument
        open = ends ? nil : (first, joined)
        if ends { gathered.append(joined) }
      } else if argument.first == UInt8(ascii: "("), !ends {
        open = (argument, argument)
      } else {
        gathered.append(argument)
      }
    }
    if let open { throw .unmatchedParenthesis(open.first) }
    return gathered
  }

  /// Applies all of the rules, or none.
  public mutating func apply(_ arguments: [[UInt8]], _ context: RuleContext) throws(UserError) {
    var changed = self
    for rule in try Self.gatherSelectors(arguments) {
      do throws(RuleError) {
        // Typed errors do not pass through a closure that rethrows, hence the result.
        try rule.withBytes { bytes in Result { () throws(RuleError) in try changed.apply(bytes, context) } }.get()
      } catch {
        throw .rule(rule, error)
      }
    }
    self = changed
  }
}
