import CLua
import Memory

/// A Lua interpreter. There are two: what EVAL runs and what libraries hold do not see each other.
final class Interpreter {
  private let lua: OpaquePointer

  /// What scripts may take of memory, all together. Lua holds up to twice as much as is in use.
  static let memoryLimit = 1 << 30

  /// Nil if there is no memory for it.
  ///
  /// - Parameter engine: whom the interpreter calls, and who must outlive it.
  init?(for engine: ScriptEngine, isLibrary: Bool) {
    var host = scriptHost
    let context = Unmanaged.passUnretained(engine).toOpaque()
    guard
      let lua = martlet_lua_open(
        &host, context, Interpreter.memoryLimit, isLibrary, engine.version, engine.versionNumber)
    else { return nil }
    self.lua = lua
  }

  deinit { martlet_lua_close(lua) }

  var memory: Int { martlet_lua_memory(lua) }

  struct Failure: Error {
    let message: [UInt8]
  }

  /// Compiles the code of a script. The function lives until it is released.
  func compile(_ code: Bytes) throws(Failure) -> Int32 {
    var error = martlet_slice()
    let function = martlet_lua_compile(lua, code.slice, &error)
    if function < 0 { throw Failure(message: Bytes(error).array) }
    return function
  }

  /// Runs the code of a library, whose functions are registered with the engine.
  func load(_ code: Bytes) throws(Failure) {
    var error = martlet_slice()
    if !martlet_lua_load_library(lua, code.slice, &error) { throw Failure(message: Bytes(error).array) }
  }

  func release(_ function: Int32) { martlet_lua_release(lua, function) }

  func execute(_ run: inout martlet_lua_run) { martlet_lua_execute(lua, &run) }
}

// What the interpreter calls. Nothing here may call it back.

private let scriptHost = martlet_lua_host(
  call: { context, arguments, count in
    engine(context).runCommand(
      UnsafeRawPointer(arguments!).assumingMemoryBound(to: Bytes.self), count: count)
  },
  reply: { context, kind, bytes, number, value in
    engine(context).reply(kind, Bytes(bytes), Int(number), value)
  },
  format: { _, value, text in writeShortest(value, to: text!) },
  interrupted: { context in engine(context).mustEnd() },
  log: { context, level, text in engine(context).log(level, Bytes(text)) },
  may_run: { context, arguments, count in
    engine(context).mayRun(UnsafeRawPointer(arguments!).assumingMemoryBound(to: Bytes.self), count: count)
  },
  set_protocol: { context, version in engine(context).setProtocol(version) },
  set_propagation: { context, targets in engine(context).setPropagation(targets) },
  register_function: { context, name, description, flags, reference in
    engine(context).register(
      Bytes(name), description: description.base == nil ? nil : Bytes(description), ScriptFlags(rawValue: flags),
      reference: reference
    ).slice
  })

@inline(__always)
private func engine(_ context: UnsafeMutableRawPointer?) -> ScriptEngine {
  Unmanaged<ScriptEngine>.fromOpaque(context!).takeUnretainedValue()
}

/// Writes a number with as few digits as tell it from all others, and returns how many bytes that are, at most 40.
private func writeShortest(_ value: Double, to text: UnsafeMutablePointer<UInt8>) -> Int {
  if value.magnitude < 1e17, value.rounded(.towardZero) == value {
    if value == 0 {
      let isNegative = value.sign == .minus
      if isNegative { text[0] = UInt8(ascii: "-") }
      text[isNegative ? 1 : 0] = UInt8(ascii: "0")
      return isNegative ? 2 : 1
    }
    return writeDouble(value, to: text)
  }
  if value.isNaN || value.isInfinite {
    let word: StaticString = value.isNaN ? (value.sign == .minus ? "-nan" : "nan") : value < 0 ? "-inf" : "inf"
    text.update(from: word.utf8Start, count: word.utf8CodeUnitCount)
    return word.utf8CodeUnitCount
  }
  return writeShortestFraction(value, to: text)
}

/// As ``writeShortest(_:to:)``: `0.1`, `1.5e-07`, `1e+20`.
private func writeShortestFraction(_ value: Double, to text: UnsafeMutablePointer<UInt8>) -> Int {
  var digits: [UInt8] = []
  var exponent = 0
  var seenPoint = false
  // Swift's description has the fewest digits there are; only its notation is another.
  let parts = value.magnitude.description.split(separator: "e")
  for character in parts[0].utf8 {
    if character == UInt8(ascii: ".") {
      seenPoint = true
    } else {
      digits.append(character)
      if seenPoint { exponent -= 1 }
    }
  }
  if parts.count > 1 { exponent += Int(parts[1]) ?? 0 }
  while digits.count > 1, digits.first == 48 { digits.removeFirst() }
  while digits.count > 1, digits.last == 48 {
    digits.removeLast()
    exponent += 1
  }
  let written = (value < 0 ? [UInt8(ascii: "-")] : []) + notation(digits, exponent)
  written.withUnsafeBufferPointer { text.update(from: $0.baseAddress!, count: $0.count) }
  return written.count
}

/// Digits times a power of ten, as Redis's shortest doubles are written.
private func notation(_ digits: [UInt8], _ exponent: Int) -> [UInt8] {
  let leading = digits.count + exponent - 1
  let zero = UInt8(ascii: "0")
  let point = UInt8(ascii: ".")
  if exponent >= 0 && leading < digits.count + 7 { return digits + [UInt8](repeating: zero, count: exponent) }
  if exponent < 0 && (exponent > -7 || abs(leading) < 4) {
    let whole = digits.count + exponent
    if whole <= 0 { return [zero, point] + [UInt8](repeating: zero, count: -whole) + digits }
    return digits[..<whole] + [point] + digits[whole...]
  }
  var text = [digits[0]]
  if digits.count > 1 { text += [point] + digits[1...] }
  text += [UInt8(ascii: "e"), UInt8(ascii: leading < 0 ? "-" : "+")]
  return text + Array(String(abs(leading)).utf8)
}
