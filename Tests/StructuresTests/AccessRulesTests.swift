import Commands
import Memory
import RESP
import Structures
import Testing

extension SplitMix {
  fileprivate mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
  fileprivate mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }
}

/// Rules of access control lists, without a server.
@Suite struct AccessRulesTests {
  private let table = CommandTable(families: CommandTable.families)
  private var context: RuleContext { RuleContext(table) }

  /// A user made by rules, which must be right.
  private func user(_ rules: String...) throws -> User { try user(rules) }

  private func user(_ rules: [String]) throws -> User {
    var user = User(context)
    try user.apply(rules.map { Array($0.utf8) }, context)
    return user
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// What is denied of a command given as words; nil: nothing.
  private func denial(_ permissions: borrowing Permissions, _ words: [String]) -> Denial? {
    let joined = Array(words.joined().utf8)
    return joined.withUnsafeBytes { buffer in
      let base = buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
      var at = 0
      let views = words.map { word in
        defer { at += word.utf8.count }
        return Bytes(base + at, count: word.utf8.count)
      }
      guard let command = find(words) else { return .command }
      return views.withUnsafeBufferPointer { permissions.denial(command, $0) }
    }
  }

  private func find(_ words: [String]) -> CommandReference? {
    guard let command = words[0].withBytes({ table.find($0) }) else { return nil }
    guard command.pointee.hasSubcommands, words.count > 1 else { return command }
    return words[1].withBytes { command.pointee.subcommand($0) }
  }

  private func denial(_ user: User, _ command: String) -> Denial? {
    denial(Permissions(user), command.split(separator: " ").map(String.init))
  }

  // MARK: Description

  @Test(arguments: [
    ("", "off sanitize-payload resetchannels -@all"),
    ("on nopass ~* &* +@all", "on nopass sanitize-payload ~* &* +@all"),
    ("ON NoPass AllKeys allChannels ALLCOMMANDS", "on nopass sanitize-payload ~* &* +@all"),
    ("skip-sanitize-payload", "off skip-sanitize-payload resetchannels -@all"),
    ("~a %R~b %W~b %R~c %rw~d", "off sanitize-payload ~a ~b %R~c ~d resetchannels -@all"),
    ("&news &news &more", "off sanitize-payload resetchannels &news &more -@all"),
    ("+@all -@hash -@slow +hget", "off sanitize-payload resetchannels +@all -@hash -@slow +hget"),
    ("+@all -@hash +hget -@hash", "off sanitize-payload resetchannels +@all +hget -@hash"),
    ("+@hash +@slow +@SET +@slow +@hash", "off sanitize-payload resetchannels -@all +@set +@slow +@hash"),
    ("+xinfo|help +xinfo|help +xinfo", "off sanitize-payload resetchannels -@all +xinfo"),
    ("+xinfo +xinfo|stream -xinfo|groups +xinfo", "off sanitize-payload resetchannels -@all +xinfo"),
    ("+get|a +get|A +get|b", "off sanitize-payload resetchannels -@all +get|a +get|b"),
    ("+get|a +get", "off sanitize-payload resetchannels -@all +get"),
    ("+HGET -hget", "off sanitize-payload resetchannels -@all -hget"),
    ("+get -@all", "off sanitize-payload resetchannels -@all"),
    (
      "+get (~a +set) ( ~b &c )",
      "off sanitize-payload resetchannels -@all +get (~a resetchannels -@all +set) (~b resetchannels &c -@all)"
    ),
    ("(+get) clearselectors ()", "off sanitize-payload resetchannels -@all (resetchannels -@all)"),
    ("on ~* +@all (+get) >secret reset", "off sanitize-payload resetchannels -@all"),
  ])
  func rulesAreDescribedInTheShortestWayThatLeadsThere(_ rules: String, _ description: String) throws {
    #expect(text(try user(rules.split(separator: " ").map(String.init)).description) == description)
  }

  @Test func aSelectorBeginsWithAllChannelsIfTheServerSaysSo() throws {
    let generous = RuleContext(table, startsWithAllChannels: true)
    var user = User(generous)
    try user.apply([Array("()".utf8), Array("resetchannels".utf8)], generous)
    #expect(text(user.description) == "off sanitize-payload resetchannels -@all (&* -@all)")
  }

  // MARK: Mistakes

  @Test(arguments: [
    ("%~a", RuleError.syntax), ("%", .syntax), ("%x~a", .syntax), ("%RR~a", .syntax), ("~a b", .syntax),
    ("&a\tb", .syntax),
    ("nonsense", .syntax), (")", .syntax), ("(nopass)", .syntax), ("((+get))", .syntax), ("(+get ~k", .syntax),
    ("+get|", .syntax), ("+get|a b", .syntax), ("+", .unknownCommand), ("-", .unknownCommand), ("+@", .unknownCommand),
    ("+@nothing", .unknownCommand), ("+nothing", .unknownCommand), ("-get|a", .unknownCommand),
    ("+xinfo|nothing", .unknownCommand), ("+get|a|b", .unknownCommand), ("+xinfo|help|a", .argumentOfSubcommand),
    ("#abc", .malformedHash), ("!ABCDEF", .malformedHash), ("<nobody", .unknownPassword),
    ("(~* ~a)", .keysAfterAllKeys), ("(&* &a)", .channelsAfterAllChannels),
  ])
  func aBadRuleIsRefusedForItsReasonAndChangesNothing(_ rule: String, _ reason: RuleError) throws {
    var user = try user("on", ">secret", "+get", "~k")
    let before = user.description
    do throws(UserError) {
      try user.apply([Array("+set".utf8), Array(rule.utf8)], context)
      Issue.record("\(rule) was accepted")
    } catch {
      guard case .rule(let told, let why) = error else {
        // A parenthesis without an end is found before any rule is looked at.
        #expect(rule == "(+get ~k")
        return
      }
      #expect(told == Array(rule.utf8))
      #expect(why == reason)
    }
    #expect(user.description == before)
  }

  @Test func patternsCannotFollowAllOfThem() throws {
    #expect(throws: UserError.self) { try user("~*", "~a") }
    #expect(throws: UserError.self) { try user("allkeys", "%R~a") }
    #expect(throws: UserError.self) { try user("&*", "&a") }
    #expect(text(try user("~*", "resetkeys", "~a").root.keyDescription) == "~a")
  }

  @Test func aSelectorMayBeSpreadOverArguments() throws {
    let user = try user("(~a", "+get", ")", "(", "~b", "+get)", "(~c +get)")
    #expect(user.others.map { text($0.keyDescription) } == ["~a", "~b", "~c"])
    do throws(UserError) {
      _ = try User.gatherSelectors(["+get", "(~a", "(~b"].map { Array($0.utf8) })
      Issue.record("accepted")
    } catch {
      if case .unmatchedParenthesis(let argument) = error {
        #expect(text(argument) == "(~a")
      } else {
        Issue.record("\(error)")
      }
    }
  }

  @Test func anyBytesAreARuleOrAMistake() {
    let seed: UInt64 = 7
    var random = SplitMix(state: seed)
    let alphabet = Array("()~%&+-@|<>#! RWrw*get,set\0\r\n\u{7f}".utf8) + [0x80, 0xff]
    var user = User(context)
    for _ in 0..<1500 {
      let rules = (0..<random.below(4)).map { _ in (0..<random.below(9)).map { _ in random.one(of: alphabet) } }
      try? user.apply(rules, context)
      #expect(!user.description.isEmpty, "seed \(seed)")
      if user.others.count > 20 { user = User(context) }
    }
  }

  // MARK: Passwords

  @Test func onlyThePasswordsThatWereSetAreAccepted() throws {
    func accepts(_ user: User, _ password: String) -> Bool { password.withBytes { user.accepts($0) } }
    var user = try user("on", ">one", "#" + text(Array("two".withBytes { PasswordHash(of: $0) }.digits)))
    #expect(accepts(user, "one") && accepts(user, "two") && !accepts(user, "three") && !accepts(user, ""))
    try user.apply(["<one"].map { Array($0.utf8) }, context)
    #expect(!accepts(user, "one") && accepts(user, "two"))
    try user.apply(["off"].map { Array($0.utf8) }, context)
    #expect(!accepts(user, "two"))
    try user.apply(["on", "nopass"].map { Array($0.utf8) }, context)
    #expect(accepts(user, "anything") && user.passwords.isEmpty)
    try user.apply(["resetpass"].map { Array($0.utf8) }, context)
    #expect(!accepts(user, "") && !accepts(user, "two"))
  }

  @Test func aHashIsThatOfTheStandard() {
    let digits = "abc".withBytes { PasswordHash(of: $0) }.digits
    #expect(text(digits) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(digits.withBytes { PasswordHash(digits: $0) } == "abc".withBytes { PasswordHash(of: $0) })
  }

  // MARK: Checks

  @Test(arguments: [
    ("+@all ~*", "GET k", nil), ("+get", "GET k", Denial.key(1)), ("~*", "GET k", .command),
    ("+get ~a* ~b*", "GET b1", nil), ("+mget ~a* ~b*", "MGET a b c d", .key(3)),
    ("+@all %R~r %W~w", "COPY r w", nil), ("+@all %R~r %W~w", "COPY w r", .key(1)),
    ("+@all %W~w", "SET w v", nil), ("+@all %W~w", "SET w v GET", .key(1)), ("+@all %R~r", "EXISTS r", nil),
    ("+@all %W~w", "EXISTS w", nil), ("+@all ~a", "EXISTS b", .key(1)),
    ("+@all ~k", "EVAL s 1 k x", nil), ("+@all ~k", "EVAL s 2 k x", .key(4)), ("+@all ~k", "EVAL s 9 x", nil),
    ("+@all ~k", "EVAL s -1 x", nil), ("+@all ~d ~k", "ZUNIONSTORE d 2 k x", .key(4)),
    ("+@all ~d ~k", "ZUNIONSTORE x nonsense k", nil), ("+@all ~k", "XREAD COUNT 1 STREAMS k x 0 0", .key(5)),
    ("+@all ~k", "SORT k STORE d", .key(3)), ("+xinfo|stream ~k", "XINFO STREAM k", nil),
    ("+xinfo|stream ~k", "XINFO GROUPS k", .command), ("+@all -xinfo|groups ~k", "XINFO GROUPS k", .command),
    ("+@all &a* &b", "SUBSCRIBE a1 b", nil), ("+@all &a*", "SUBSCRIBE a1 b", .channel(2)),
    ("+@all &a*", "PSUBSCRIBE a*", nil), ("+@all &a*", "PSUBSCRIBE a1*", .channel(1)),
    ("+@all &a", "PUBLISH a a", nil), ("+@all &a", "PUBLISH b a", .channel(1)),
    ("+@all &a", "SPUBLISH b a", .channel(1)),
    ("+@all &a", "UNSUBSCRIBE b", nil), ("+get|a ~*", "GET A", nil), ("+get|a ~*", "GET b", .command),
    // The selector that came furthest says what is wrong.
    ("+mget ~k (+mget ~k ~l)", "MGET k l m", .key(3)), ("+mget ~k (+mget ~k ~l)", "MGET l m", .key(2)),
    ("+get ~a (+set ~b)", "SET b v", nil), ("+get ~a (+set ~b)", "GET b", .key(1)),
  ])
  func whatIsDeniedIsWhatTheRulesLeaveOut(_ rules: String, _ command: String, _ expected: Denial?) throws {
    var words: [String] = []
    for word in rules.split(separator: " ") {
      words.append(String(word))
    }
    #expect(denial(try user(words), command) == expected)
  }

  @Test func whoMayDoEverythingIsKnownAsSuch() throws {
    func isUnrestricted(_ user: User) -> Bool { Permissions(user).isUnrestricted }
    #expect(isUnrestricted(.allowedEverything(context)))
    #expect(isUnrestricted(try user("(+@all ~* &*)")))
    for rules in [["+@all", "~*"], ["+@all", "&*"], ["~*", "&*", "+@all", "-get"], ["+@all", "~*", "(+@all &*)"]] {
      #expect(!isUnrestricted(try user(rules)), "\(rules)")
    }
  }

  /// Random users: their description makes the same user again, and the compiled check agrees with one that looks at
  /// the rules themselves.
  @Test func descriptionsAndChecksHoldForRandomUsers() throws {
    let seed: UInt64 = 8
    var random = SplitMix(state: seed)
    let rules = [
      "+@all", "-@all", "+@read", "-@write", "+@string", "-@string", "+@pubsub", "+get", "-get", "+mget", "+set",
      "-set",
      "+xinfo", "-xinfo|stream", "+xinfo|groups", "+get|a", "+eval", "+copy", "+publish", "~a*", "~b", "%R~c*", "%W~d*",
      "%R~b", "%W~c*", "~*", "resetkeys", "&a*", "&b", "&*", "resetchannels", "clearselectors",
    ]
    let selectors = ["(+get ~a*)", "(+@all %R~c*)", "(+set %W~d*)", "(+@pubsub &b)", "(+@read ~*)", "()"]
    let names = ["a", "a1", "b", "c", "cc", "d", "dd", "e"]
    for _ in 0..<150 {
      var user = User(context)
      for _ in 0..<random.below(12) {
        let rule = random.below(100) < 15 ? random.one(of: selectors) : random.one(of: rules)
        try? user.apply([Array(rule.utf8)], context)
      }
      var again = User(context)
      try again.apply(user.rules, context)
      #expect(again.description == user.description, "seed \(seed)")
      #expect(
        again.selectors.map(\.commands) == user.selectors.map(\.commands), "seed \(seed): \(text(user.description))")
      let permissions = Permissions(user)
      for _ in 0..<30 {
        let (a, b) = (random.one(of: names), random.one(of: names))
        let command = random.one(of: [
          ["GET", a], ["SET", a, "v"], ["SET", a, "v", "GET"], ["MGET", a, b], ["COPY", a, b], ["XINFO", "STREAM", a],
          ["XINFO", "GROUPS", a], ["EVAL", "s", "2", a, b], ["EVAL", "s", "7", a], ["PUBLISH", a, b],
          ["SUBSCRIBE", a, b],
          ["PSUBSCRIBE", a + "*"], ["PING"],
        ])
        guard find(command) != nil else { continue }
        #expect(
          (denial(permissions, command) == nil) == isAllowed(user, command),
          "seed \(seed): \(text(user.description)): \(command)")
      }
    }
  }

  private func isAllowed(_ user: User, _ words: [String]) -> Bool {
    guard let command = find(words) else { return false }
    let needed: [(key: String, permissions: KeyPermissions)] =
      switch words[0] {
      case "GET", "XINFO": words.count > 2 ? [(words[2], .read)] : [(words[1], .read)]
      case "SET": [(words[1], words.count > 3 ? .all : .write)]
      case "MGET": words[1...].map { ($0, .read) }
      case "COPY": [(words[1], .read), (words[2], .write)]
      case "EVAL": words[2] == "2" ? words[3...].map { ($0, .all) } : []
      default: []
      }
    let channels = ["PUBLISH": words.prefix(2).dropFirst(), "SUBSCRIBE": words[1...], "PSUBSCRIBE": words[1...]]
    return user.selectors.contains { selector in
      let isFirstArgument =
        selector.firstArguments[command.pointee.index]?.contains { $0.string == words.dropFirst().first } ?? false
      guard selector.commands.contains(command) || isFirstArgument else { return false }
      func matches(_ pattern: ByteString, _ text: String) -> Bool {
        pattern.withBytes { pattern in text.withBytes { globMatches(pattern: pattern, $0) } }
      }
      let keysAreAllowed = needed.allSatisfy { key, permissions in
        selector.allowsAllKeys
          || selector.keys.contains { $0.permissions.isSuperset(of: permissions) && matches($0.pattern, key) }
      }
      let channelsAreAllowed = (channels[words[0]] ?? []).allSatisfy { channel in
        selector.allowsAllChannels
          || selector.channels.contains {
            words[0] == "PSUBSCRIBE" ? $0.string == channel : matches($0, channel)
          }
      }
      return keysAreAllowed && channelsAreAllowed
    }
  }

  // MARK: Channels of who listens already

  @Test func listenersStayWhileTheirChannelsAre() throws {
    let old = try user("&a", "&b*")
    #expect(try user("&b*", "&a", "&c").keepsChannels(of: old))
    #expect(try user("allchannels").keepsChannels(of: old))
    #expect(try user("(&a)", "&b*").keepsChannels(of: old))
    #expect(try !user("&a").keepsChannels(of: old))
    #expect(try !user("&a", "&b*").keepsChannels(of: user("allchannels")))
    #expect("b1".withBytes { old.allowsChannel($0, isPattern: false) })
    #expect(!"b1*".withBytes { old.allowsChannel($0, isPattern: true) })
  }

  // MARK: Files

  @Test func aFileMakesUsersOrSaysWhatIsWrongInEachLine() throws {
    func read(_ text: String) throws(AccessFile.Failure) -> [String] {
      try AccessFile.users(Array(text.utf8), path: "users.acl", context).map {
        "\($0.name.string): \(self.text($0.user.description))"
      }
    }
    #expect(
      try read("user a on nopass\r\n\n  user b (+get ~k) &c  \nuser  on\n") == [
        "a: on nopass sanitize-payload resetchannels -@all",
        "b: off sanitize-payload resetchannels &c -@all (~k resetchannels -@all +get)",
        ": on sanitize-payload resetchannels -@all",
      ])
    let mistakes = [
      ("# comment", "users.acl:1 should start with user keyword followed by the username. "),
      ("user", "users.acl:1 should start with user keyword followed by the username. "),
      ("user a\nuser b\nuser a", "WARNING: Duplicate user 'a' found on line 3. "),
      ("user a\u{b}b", "'users.acl:1: username 'a\u{b}b' contains invalid characters. "),
      ("user a (+get", "users.acl:1: Unmatched parenthesis in selector definition."),
      (
        "\nuser a nonsense ~* ~b +nope +@nope",
        "users.acl:2: Syntax error. users.acl:2: Error in applying operation '+nope': Unknown command or category name in ACL. users.acl:2: Error in applying operation '+@nope': Unknown command or category name in ACL. "
      ),
    ]
    for (file, errors) in mistakes {
      do throws(AccessFile.Failure) {
        _ = try read(file)
        Issue.record("\(file) was accepted")
      } catch {
        #expect(
          text(error.text.bytes) == errors
            + "WARNING: ACL errors detected, no change to the previously active ACL rules was performed")
      }
    }
  }

  // MARK: Log

  @Test func theLogCountsWhatGoesOnAndForgetsTheOldest() {
    var log = AccessLog()
    log.maximumLength = 3
    func note(_ object: String, _ reason: AccessLog.Reason = .key, at now: Int64, client: String = "") {
      log.note(
        AccessLog.Entry(
          reason, .topLevel, object: ByteString(object), userName: ByteString("u"), client: client, now: now))
    }
    note("a", at: 0, client: "first")
    note("b", at: 10)
    note("a", at: 60_000, client: "second")
    #expect(log.entries.map(\.object.string) == ["a", "b"])
    #expect(log.entries[0].count == 2 && log.entries[0].created == 0 && log.entries[0].updated == 60_000)
    #expect(log.entries[0].client == "second" && log.entries[0].id == 0)
    note("a", at: 120_001)
    #expect(log.entries.map(\.count) == [1, 2, 1] && log.entries[0].id == 2)
    note("a", .command, at: 120_002)
    #expect(log.entries.map(\.object.string) == ["a", "a", "a"] && log.entries.map(\.id) == [3, 2, 0])
    #expect(log.counts.keys == 4 && log.counts.commands == 1)
    log.reset()
    #expect(log.entries.isEmpty && log.counts.keys == 4)
  }
}
