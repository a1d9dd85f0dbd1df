import CLua
import Memory
import RESP

/// What a script, or a function of a library, says of itself.
struct ScriptFlags: OptionSet {
  let rawValue: Int32

  static var noWrites: ScriptFlags { ScriptFlags(rawValue: Int32(MARTLET_NO_WRITES.rawValue)) }
  static var allowOOM: ScriptFlags { ScriptFlags(rawValue: Int32(MARTLET_ALLOW_OOM.rawValue)) }
  static var allowStale: ScriptFlags { ScriptFlags(rawValue: Int32(MARTLET_ALLOW_STALE.rawValue)) }
  static var noCluster: ScriptFlags { ScriptFlags(rawValue: Int32(MARTLET_NO_CLUSTER.rawValue)) }
  static var allowCrossSlotKeys: ScriptFlags { ScriptFlags(rawValue: Int32(MARTLET_ALLOW_CROSS_SLOT.rawValue)) }
  /// Says nothing of itself, as all scripts before there were flags: only what it really does is judged.
  static var undeclared: ScriptFlags { ScriptFlags(rawValue: 1 << 16) }

  /// As FUNCTION LIST names them.
  var names: [StaticString] {
    let all: [(ScriptFlags, StaticString)] = [
      (.noWrites, "no-writes"), (.allowOOM, "allow-oom"), (.allowStale, "allow-stale"), (.noCluster, "no-cluster"),
      (.allowCrossSlotKeys, "allow-cross-slot-keys"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }

  /// What the command that runs the script is to be judged by.
  func effective(_ flags: CommandFlags) -> CommandFlags {
    if contains(.undeclared) { return flags }
    var effective = flags.subtracting([.stale, .denyOOM, .write, .mayReplicate])
    if isDisjoint(with: [.allowOOM, .noWrites]) { effective.insert(.denyOOM) }
    if !contains(.noWrites) { effective.insert(.write) }
    if contains(.allowStale) { effective.insert(.stale) }
    return effective
  }
}

/// The line that a script may begin with: `#!lua flags=no-writes,allow-oom`.
struct Shebang {
  var flags: ScriptFlags = .undeclared
  /// Bytes that are not Lua.
  var length = 0

  struct Failure: Error {
    let message: ErrorText
  }

  init(_ code: Bytes) throws(Failure) {
    guard code.hasPrefix(Bytes("#!")) else { return }
    guard let end = (0..<code.count).first(where: { code[$0] == 10 }) else {
      throw Failure(message: "ERR Invalid script shebang")
    }
    length = end
    guard let words = splitQuoted(code[0..<end]), let engine = words.first else {
      throw Failure(message: "ERR Invalid engine in script shebang")
    }
    guard engine == Array("#!lua".utf8) else {
      throw Failure(message: engine.withBytes { "ERR Unexpected engine in script shebang: \($0)" })
    }
    flags = []
    for word in words.dropFirst() {
      guard word.starts(with: "flags=".utf8) else {
        throw Failure(message: word.withBytes { "ERR Unknown lua shebang option: \($0)" })
      }
      try read(word.dropFirst(6))
    }
  }

  private mutating func read(_ list: ArraySlice<UInt8>) throws(Failure) {
    if list.isEmpty { return }
    for name in list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let flag = name.withBytes { martlet_script_flag($0.slice, false) }
      if flag == 0 { throw Failure(message: name.withBytes { "ERR Unexpected flag in script shebang: \($0)" }) }
      flags.insert(ScriptFlags(rawValue: flag))
    }
  }
}

extension ArraySlice<UInt8> {
  func withBytes<R>(_ body: (Bytes) -> R) -> R { withUnsafeBytes { body(Bytes($0)) } }
}

extension Bytes {
  var slice: martlet_slice { martlet_slice(base: base, count: count) }

  init(_ slice: martlet_slice) {
    guard let base = slice.base else { self = .empty; return }
    self.init(base, count: slice.count)
  }
}
