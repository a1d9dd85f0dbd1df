import CLua
import Memory
import RESP

/// A function that a library offers.
public struct LibraryFunction {
  public let name: ByteString
  public let description: ByteString?
  let flags: ScriptFlags
  /// The interpreter's.
  let reference: Int32

  /// As FUNCTION LIST names them.
  public var flagNames: [StaticString] { flags.names }
}

/// A library of functions. The interpreter keeps its functions until nobody knows the library any more.
public final class Library {
  public let name: ByteString
  /// With the line that names it: what is saved, and loaded again.
  public let code: [UInt8]
  public private(set) var functions: [LibraryFunction] = []
  private let interpreter: Interpreter

  fileprivate init(name: ByteString, code: Bytes, interpreter: Interpreter) {
    self.name = name
    self.code = code.array
    self.interpreter = interpreter
  }

  deinit {
    for function in functions { interpreter.release(function.reference) }
  }

  /// False if there is a function of this name.
  func add(_ function: LibraryFunction) -> Bool {
    if functions.contains(where: { $0.name.lowercased == function.name.lowercased }) { return false }
    functions.append(function)
    return true
  }

  static func isValidName(_ name: Bytes) -> Bool {
    !name.isEmpty
      && name.buffer.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

extension ByteString {
  fileprivate var lowercased: ByteString {
    let isUpper: (UInt8) -> Bool = { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
    return bytes.contains(where: isUpper) ? bytes.map { isUpper($0) ? $0 | 32 : $0 }.withBytes { ByteString($0) } : self
  }
}

/// The line that a library begins with: `#!lua name=mylib`.
private struct LibraryHeader {
  var engine: [UInt8]
  var name: [UInt8]
  var length: Int

  init(_ code: Bytes) throws(Libraries.Failure) {
    guard code.hasPrefix(Bytes("#!")) else { throw Libraries.Failure("ERR Missing library metadata") }
    guard let end = (0..<code.count).first(where: { code[$0] == 10 }) else {
      throw Libraries.Failure("ERR Invalid library metadata")
    }
    length = end
    guard let words = splitQuoted(code[0..<end]), let first = words.first else {
      throw Libraries.Failure("ERR Invalid library metadata")
    }
    engine = Array(first.dropFirst(2))
    var given: [UInt8]?
    for word in words.dropFirst() {
      guard word.withBytes({ $0.count >= 5 && $0[0..<5].equalsIgnoringCase("name=") }) else {
        throw Libraries.Failure(word.withBytes { "ERR Invalid metadata value given: \($0)" })
      }
      if given != nil {
        throw Libraries.Failure("ERR Invalid metadata value, name argument was given multiple times")
      }
      given = Array(word.dropFirst(5))
    }
    guard let given else { throw Libraries.Failure("ERR Library name was not given") }
    name = given
  }
}

/// All libraries, and the interpreter that holds them.
public final class Libraries {
  public struct Failure: Error {
    public let message: ErrorText
    fileprivate init(_ message: ErrorText) { self.message = message }
  }

  private typealias Contents = [ByteString: Library]

  private unowned(unsafe) let engine: ScriptEngine
  private var interpreter: Interpreter?
  private var libraries: Contents = [:]
  /// By names in lower case: which case a caller uses does not matter.
  private var functions: [ByteString: (Library, LibraryFunction)] = [:]

  init(_ engine: ScriptEngine) { self.engine = engine }

  public var count: Int { libraries.count }
  public var functionCount: Int { functions.count }
  public var interpreterMemory: Int { interpreter?.memory ?? 0 }
  public var memory: Int {
    libraries.values.reduce(0) { $0 + $1.code.count + 160 } + functions.count * 160
  }
  /// By name, so that what is saved and listed is always the same.
  public var all: [Library] {
    libraries.values.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
  }

  func function(_ name: Bytes) -> LibraryFunction? { functions[ByteString(name).lowercased]?.1 }

  func job(_ name: Bytes, firstKey: Int, keyCount: Int) -> ScriptEngine.Job? {
    guard let interpreter, let function = function(name) else { return nil }
    return ScriptEngine.Job(
      interpreter: interpreter, function: function.reference, flags: function.flags, name: function.name,
      isEval: false, firstKey: firstKey, keyCount: keyCount)
  }

  // MARK: Loading

  /// Adds the library with this code. Returns its name.
  public func load(_ code: Bytes, replacing: Bool) throws(Failure) -> ByteString {
    let library = try compile(code) { libraries[$0] != nil && !replacing }
    try add([library], replacing: true)
    return library.name
  }

  /// As ``load(_:replacing:)``, for one that a file brought.
  public func restore(_ code: [UInt8]) throws(Failure) {
    try add([try compile(code) { _ in false }], replacing: true)
  }

  /// Adds several libraries, or none.
  public func load(_ codes: [[UInt8]], flushing: Bool, replacing: Bool) throws(Failure) {
    var new: [Library] = []
    for code in codes {
      let library = try compile(code) { name in new.contains { $0.name == name } }
      let isKnown = library.functions.contains { function in
        new.contains { $0.functions.contains { $0.name == function.name } }
      }
      if isKnown { throw Failure("ERR Function already exists") }
      new.append(library)
    }
    if flushing {
      libraries = [:]
      functions = [:]
    }
    try add(new, replacing: replacing)
  }

  private func compile(_ code: [UInt8], isTaken: (ByteString) -> Bool) throws(Failure) -> Library {
    let result: Result<Library, Failure> = code.withBytes { code in
      do throws(Failure) {
        return .success(try compile(code, isTaken: isTaken))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func compile(_ code: Bytes, isTaken: (ByteString) -> Bool) throws(Failure) -> Library {
    let header = try LibraryHeader(code)
    guard header.name.withBytes(Library.isValidName) else {
      throw Failure(
        """
        ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
        """)
    }
    guard header.engine.withBytes({ $0.equalsIgnoringCase("lua") }) else {
      throw Failure(header.engine.withBytes { "ERR Engine '\($0)' not found" })
    }
    let name = header.name.withBytes { ByteString($0) }
    if isTaken(name) { throw Failure(name.withBytes { "ERR Library '\($0)' already exists" }) }
    if interpreter == nil { interpreter = Interpreter(for: engine, isLibrary: true) }
    guard let interpreter else { throw Failure("ERR not enough memory to run functions") }
    let library = Library(name: name, code: code, interpreter: interpreter)
    do throws(Interpreter.Failure) {
      try engine.load(library, code[header.length..<code.count], interpreter)
    } catch {
      throw Failure(error.message.withBytes { "ERR \($0)" })
    }
    if library.functions.isEmpty { throw Failure("ERR No functions registered") }
    return library
  }

  private func add(_ new: [Library], replacing: Bool) throws(Failure) {
    for library in new where libraries[library.name] != nil && !replacing {
      throw Failure(library.name.withBytes { "ERR Library \($0) already exists" })
    }
    let replaced = new.map(\.name)
    for library in new {
      for function in library.functions {
        if let (owner, _) = functions[function.name.lowercased], !replaced.contains(owner.name) {
          throw Failure(function.name.withBytes { "ERR Function \($0) already exists" })
        }
      }
    }
    for library in new { remove(library.name) }
    for library in new {
      libraries[library.name] = library
      for function in library.functions { functions[function.name.lowercased] = (library, function) }
    }
  }

  private func remove(_ name: ByteString) {
    guard let library = libraries.removeValue(forKey: name) else { return }
    for function in library.functions { functions[function.name.lowercased] = nil }
  }

  /// False if there is no such library.
  public func delete(_ name: Bytes) -> Bool {
    let name = ByteString(name)
    guard libraries[name] != nil else { return false }
    remove(name)
    return true
  }

  public func flush() {
    libraries = [:]
    functions = [:]
    interpreter = nil
  }
}
