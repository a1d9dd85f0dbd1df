import CLua
import CMartlet
import Memory
import RESP

/// A script that was compiled.
final class Script {
  let name: ByteString
  let flags: ScriptFlags
  let body: Blob
  let function: Int32
  /// Set by SCRIPT LOAD: then it stays until SCRIPT FLUSH. Others go when too many come after them.
  var isKept: Bool
  /// Rises with each use.
  var lastUse: UInt64 = 0

  fileprivate init(name: ByteString, flags: ScriptFlags, body: Bytes, function: Int32, isKept: Bool) {
    self.name = name
    self.flags = flags
    self.body = Blob.copy(body)
    self.function = function
    self.isKept = isKept
  }

  deinit { body.release() }
}

/// Scripts by their digests, and the interpreter that holds them.
final class ScriptCache {
  /// As many scripts that only EVAL brought are kept.
  private static let evictableLimit = 500

  private unowned(unsafe) let engine: ScriptEngine
  private var current: Interpreter?
  private var byDigest: [ScriptDigest: Script] = [:]
  /// By a keyed hash of the code, so that EVAL need not compute a digest each time.
  private var byCode: [UInt64: Script] = [:]
  private var uses: UInt64 = 0
  private var evictableCount = 0
  private(set) var evictedCount = 0
  private var bodyBytes = 0

  init(_ engine: ScriptEngine) { self.engine = engine }

  var count: Int { byDigest.count }
  var interpreterMemory: Int { current?.memory ?? 0 }
  /// What the scripts take beside what the interpreter holds.
  var memory: Int { bodyBytes + byDigest.count * (MemoryLayout<ScriptDigest>.stride + 160) }

  enum Failure: Error {
    case message(ErrorText)
  }

  func interpreter() throws(Failure) -> Interpreter {
    if let current { return current }
    guard let new = Interpreter(for: engine, isLibrary: false) else {
      throw .message("ERR not enough memory to run scripts")
    }
    current = new
    return new
  }

  func find(_ digest: ScriptDigest) -> Script? {
    guard let script = byDigest[digest] else { return nil }
    touch(script)
    return script
  }

  /// The script with this code, if it is known, without computing its digest.
  func find(code: Bytes, hash: UInt64) -> Script? {
    guard let script = byCode[hash], script.body.bytes.equals(code) else { return nil }
    touch(script)
    return script
  }

  private func touch(_ script: Script) {
    uses &+= 1
    script.lastUse = uses
  }

  /// The script with this code, compiled if it is new.
  func load(_ code: Bytes, hash: UInt64, isKept: Bool) throws(Failure) -> Script {
    let digest = ScriptDigest(of: code)
    if let known = byDigest[digest] {
      if isKept && !known.isKept {
        known.isKept = true
        evictableCount -= 1
      }
      byCode[hash] = known
      touch(known)
      return known
    }
    let script = try compile(code, digest, isKept: isKept)
    byDigest[digest] = script
    byCode[hash] = script
    bodyBytes += code.count
    touch(script)
    if !isKept {
      evictableCount += 1
      if evictableCount > Self.evictableLimit { evict() }
    }
    return script
  }

  private func compile(_ code: Bytes, _ digest: ScriptDigest, isKept: Bool) throws(Failure) -> Script {
    let shebang: Shebang
    do throws(Shebang.Failure) { shebang = try Shebang(code) } catch { throw .message(error.message) }
    let interpreter = try interpreter()
    let lua = code[shebang.length..<code.count]
    let function: Int32
    do throws(Interpreter.Failure) {
      function = try interpreter.compile(lua)
    } catch {
      throw .message(error.message.withBytes { "ERR \($0)" })
    }
    return Script(
      name: ByteString(digest.text), flags: shebang.flags, body: code, function: function, isKept: isKept)
  }

  /// Forgets the script that was used the longest ago.
  private func evict() {
    guard let oldest = byDigest.filter({ !$0.value.isKept }).min(by: { $0.value.lastUse < $1.value.lastUse }) else {
      return
    }
    byDigest[oldest.key] = nil
    for entry in byCode where entry.value === oldest.value { byCode[entry.key] = nil }
    bodyBytes -= oldest.value.body.count
    current?.release(oldest.value.function)
    evictableCount -= 1
    evictedCount += 1
  }

  func flush() {
    byDigest = [:]
    byCode = [:]
    bodyBytes = 0
    evictableCount = 0
    current = nil
  }
}

/// The SHA-1 of a script.
struct ScriptDigest: Hashable {
  private let words: (UInt64, UInt64, UInt32)

  static func == (a: ScriptDigest, b: ScriptDigest) -> Bool { a.words == b.words }

  func hash(into hasher: inout Hasher) {
    // As good as chance already.
    hasher.combine(words.0)
  }

  init(of code: Bytes) {
    var digest: (UInt64, UInt64, UInt32) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digest) { martlet_sha1(code.raw, code.count, $0.baseAddress!) }
    words = digest
  }

  /// Reads 40 hexadecimal digits; nil if these are others.
  init?(hexadecimal text: Bytes) {
    guard text.count == 40 else { return nil }
    var digest: (UInt64, UInt64, UInt32) = (0, 0, 0)
    let isValid = withUnsafeMutableBytes(of: &digest) { bytes in
      for i in 0..<20 {
        guard let high = Self.value(text[i * 2]), let low = Self.value(text[i * 2 + 1]) else { return false }
        bytes[i] = high << 4 | low
      }
      return true
    }
    guard isValid else { return nil }
    words = digest
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  var text: String {
    var copy = words
    return withUnsafeBytes(of: &copy) { bytes in
      let digits = Array("0123456789abcdef".utf8)
      return String(decoding: bytes.prefix(20).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }
}
