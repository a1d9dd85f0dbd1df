import Memory
import Structures

public typealias CommandReference = UnsafeMutablePointer<CommandEntry>

/// A command as the executor sees it: what dispatch needs, and its statistics.
public struct CommandEntry {
  /// What it is called by, which may not be what it is called.
  let name: Bytes
  public let run: Handler
  public let arity: Int
  public let flags: CommandFlags
  /// Index of the first key's argument if it is fixed, else 0.
  public let firstKey: Int
  /// Whether no other argument is a key.
  let hasOnlyFirstKey: Bool
  /// Where further keys are if every `step`-th argument is one, as of ``KeySpec/Find``; step 0: it is not so simple.
  let simpleKeys: (last: Int, step: Int)
  /// Whether some of the arguments can be keys.
  let hasKeys: Bool
  /// Whether `keyAccess` tells of all keys; else they have to be searched for.
  let hasFixedKeys: Bool
  let keyAccess: UnsafeMutableBufferPointer<KeyAccess>
  let channels: ChannelUse
  public let declaration: Command
  /// Lower case, with its container: `config|get`.
  public let fullName: String
  public let parent: CommandReference?
  /// EXEC, which is told by what it ran.
  let isExec: Bool
  public var statistics = CommandStatistics()
  public private(set) var subcommands: [CommandReference] = []
  /// Index among all commands and subcommands, for bit sets of permissions.
  public let index: Int

  fileprivate init(_ declaration: Command, name: Bytes, parent: CommandReference?, index: Int) {
    self.name = name
    run = declaration.run
    arity = declaration.arity
    flags = declaration.flags
    self.declaration = declaration
    self.parent = parent
    self.index = index
    hasKeys = declaration.hasKeys
    let accesses = declaration.keys.filter { !$0.isNotKey }.map { KeyAccess($0) }
    hasFixedKeys = declaration.keyFinder == nil && !accesses.contains { $0 == nil }
    keyAccess = .allocate(capacity: accesses.count)
    for (i, access) in accesses.enumerated() {
      if hasFixedKeys, let access { keyAccess.initializeElement(at: i, to: access) }
    }
    channels = declaration.channels
    let own = declaration.name.description.lowercased()
    fullName = parent.map { $0.pointee.fullName + "|" + own } ?? own
    isExec = fullName == "exec"
    if let spec = declaration.keys.first, case .index(let first) = spec.begin, case .range(let last, _, _) = spec.find {
      firstKey = first
      hasOnlyFirstKey = last == 0 && declaration.keys.count == 1
    } else {
      firstKey = 0
      hasOnlyFirstKey = false
    }
    if declaration.keys.count == 1, declaration.keyFinder == nil, let spec = declaration.keys.first, !spec.isNotKey,
      !spec.isIncomplete, case .index = spec.begin, case .range(let last, let step, 0) = spec.find
    {
      simpleKeys = (last, step)
    } else {
      simpleKeys = (0, 0)
    }
  }

  fileprivate mutating func addSubcommand(_ reference: CommandReference) { subcommands.append(reference) }

  public var hasSubcommands: Bool { !subcommands.isEmpty }

  public func subcommand(_ name: Bytes) -> CommandReference? {
    subcommands.first { name.equalsIgnoringCase($0.pointee.name) }
  }

  public func accepts(count: Int) -> Bool { arity >= 0 ? count == arity : count >= -arity }
}

public struct CommandStatistics {
  public var calls = 0
  /// Time spent, in ticks of the processor's counter.
  public var ticks: UInt64 = 0
  public var rejectedCalls = 0
  public var failedCalls = 0
  public var latency: UnsafeMutablePointer<LogarithmicHistogram>?
}

/// All commands, found by name without regard to case.
///
/// Names of up to 16 bytes are compared as two words in an open-addressed table; the
/// few longer ones go by a dictionary. Entries are never moved, and live as long as the table.
public final class CommandTable {
  private struct Slot {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var command: CommandReference?
    /// The name's length if it consists of letters, else -1.
    var letters = -1
  }

  private static let slotCount = 2048
  private let slots: UnsafeMutablePointer<Slot>
  private var longNames: [String: CommandReference] = [:]
  public private(set) var commands: [CommandReference] = []
  public private(set) var totalCount = 0

  /// - Parameter renamed: by lower-case name, what a command is called instead; with an empty name it cannot be
  ///   called (`rename-command`). Everything else stays as declared.
  public init(families: [[Command]], renaming renamed: [String: String] = [:]) {
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(repeating: Slot(), count: Self.slotCount)
    for family in families {
      for command in family { add(command, calledBy: renamed[command.name.description.lowercased()]) }
    }
  }

  deinit {
    for command in all {
      command.pointee.statistics.latency?.deallocate()
      command.pointee.keyAccess.deallocate()
      command.deinitialize(count: 1)
      command.deallocate()
    }
    slots.deallocate()
  }

  private func add(_ declaration: Command, calledBy newName: String?) {
    let name = newName.map { Self.immortal($0) } ?? Bytes(declaration.name)
    let reference = makeEntry(declaration, name: name, parent: nil)
    commands.append(reference)
    for subcommand in declaration.subcommands {
      reference.pointee.addSubcommand(makeEntry(subcommand, name: Bytes(subcommand.name), parent: reference))
    }
    if name.isEmpty { return }
    if name.count > 16 {
      longNames[name.string.lowercased()] = reference
      return
    }
    let (low, high) = Self.words(name)
    var at = Self.start(low, high)
    while slots[at].command != nil { at = (at + 1) & (Self.slotCount - 1) }
    let isPlain = name.buffer.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= asciiLowercased($0) }
    slots[at] = Slot(low: low, high: high, command: reference, letters: isPlain ? name.count : -1)
  }

  /// A copy that lives as long as the table's entries: for ever.
  private static func immortal(_ text: String) -> Bytes {
    text.withBytes { bytes in
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
      copy.initialize(from: bytes.base, count: bytes.count)
      return Bytes(UnsafeRawPointer(copy), count: bytes.count)
    }
  }

  private func makeEntry(_ declaration: Command, name: Bytes, parent: CommandReference?) -> CommandReference {
    let reference = CommandReference.allocate(capacity: 1)
    reference.initialize(to: CommandEntry(declaration, name: name, parent: parent, index: totalCount))
    totalCount += 1
    return reference
  }

  /// The command called `name`.
  @inline(__always)
  public func find(_ name: Bytes) -> CommandReference? {
    if name.count > 16 { return longNames[name.string.lowercased()] }
    let (low, high) = Self.words(name)
    var at = Self.start(low, high)
    while let command = slots[at].command {
      // Folding case by one bit leaves letters what they are; of other bytes it makes one of two, hence the second look.
      if slots[at].low == low && slots[at].high == high
        && (name.count == slots[at].letters || name.equalsIgnoringCase(command.pointee.name))
      {
        return command
      }
      at = (at &+ 1) & (Self.slotCount &- 1)
    }
    return nil
  }

  /// The name's bytes in two words, upper and lower case alike.
  @inline(__always)
  private static func words(_ name: Bytes) -> (UInt64, UInt64) {
    let n = name.count
    let base = name.raw
    let fold: UInt64 = 0x2020_2020_2020_2020
    if n >= 8 {
      return (
        base.loadUnaligned(as: UInt64.self) | fold,
        base.loadUnaligned(fromByteOffset: n &- 8, as: UInt64.self) | fold ^ UInt64(truncatingIfNeeded: n) &<< 56
      )
    }
    if n >= 4 {
      let low = UInt64(base.loadUnaligned(as: UInt32.self))
      let high = UInt64(base.loadUnaligned(fromByteOffset: n &- 4, as: UInt32.self))
      return ((low | high &<< 32) | fold, UInt64(truncatingIfNeeded: n))
    }
    var low: UInt64 = 0
    for i in 0..<n { low = low &<< 8 | UInt64(base.load(fromByteOffset: i, as: UInt8.self)) }
    return (low | fold, UInt64(truncatingIfNeeded: n))
  }

  @inline(__always)
  private static func start(_ low: UInt64, _ high: UInt64) -> Int {
    Int(truncatingIfNeeded: ((low ^ (high &* 31)) &* 0x9e37_79b9_7f4a_7c15) &>> 53)
  }

  /// The command or subcommand with this full name, such as `get` or `config|set`.
  public func find(fullName: Bytes) -> CommandReference? {
    guard let bar = (0..<fullName.count).first(where: { fullName[$0] == UInt8(ascii: "|") }) else {
      return find(fullName)
    }
    return find(fullName[0..<bar])?.pointee.subcommand(fullName[bar + 1..<fullName.count])
  }

  /// The command or subcommand that is declared with this full name, whatever it is called now.
  public func find(declaredName name: Bytes) -> CommandReference? {
    let bar = name.buffer.firstIndex(of: UInt8(ascii: "|")) ?? name.count
    let command = commands.first { name[0..<bar].equalsIgnoringCase(Bytes($0.pointee.declaration.name)) }
    return bar == name.count ? command : command?.pointee.subcommand(name[bar + 1..<name.count])
  }

  /// The commands that were not taken away by `rename-command`.
  public var callable: [CommandReference] { commands.filter { !$0.pointee.name.isEmpty } }

  /// Every command and subcommand, in the order of their indices.
  public var all: [CommandReference] { commands.flatMap { [$0] + $0.pointee.subcommands } }

  private lazy var categories = all.map(\.pointee.declaration.accessCategories)

  /// The commands and subcommands of a category.
  public func members(of category: AccessCategories) -> [CommandReference] {
    zip(all, categories).filter { $0.1.contains(category) }.map(\.0)
  }

  public func resetStatistics() {
    for command in all {
      command.pointee.statistics.latency?.deallocate()
      command.pointee.statistics = CommandStatistics()
    }
  }
}
