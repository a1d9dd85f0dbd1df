import Memory
import Structures

/// Lists, in one of two forms:
///
/// - a listpack of the elements, while they fit into one of the size that `list-max-listpack-size` allows. The key's
///   entry points to it;
/// - a ``Quicklist``, to which the entry then points. A list that shrank to half of that size is made a
///   listpack again.
///
/// A list in a database has at least one element: its key goes with the last one.
public enum ListValue {
  /// The forms, told apart.
  enum Form {
    case listpack(Listpack)
    case quicklist(UnsafeMutablePointer<Quicklist>)
  }

  @inline(__always)
  static func form(_ entry: Entry) -> Form {
    isListpack(entry) ? .listpack(Listpack(address: entry.pointer)) : .quicklist(quicklist(entry))
  }

  @inline(__always)
  static func isListpack(_ entry: Entry) -> Bool { entry.encoding == Encoding.listpack.rawValue }

  @inline(__always)
  static func quicklist(_ entry: Entry) -> UnsafeMutablePointer<Quicklist> {
    assert(entry.encoding == Encoding.quicklist.rawValue)
    return entry.pointer.assumingMemoryBound(to: Quicklist.self)
  }

  // MARK: Life

  /// Frees what the payload of `entry` points to. May run on any thread.
  static func free(_ entry: Entry) {
    switch form(entry) {
    case .listpack(let list): list.free()
    case .quicklist(let list): Quicklist.free(list)
    }
  }

  /// How many allocations freeing the value takes, roughly.
  static func freeEffort(_ entry: Entry) -> Int { isListpack(entry) ? 1 : quicklist(entry).pointee.nodeCount }

  /// Gives `fresh`, whose type and encoding are those of `entry`, a deep copy of its value.
  static func copy(_ entry: Entry, into fresh: Entry) {
    switch form(entry) {
    case .listpack(let list): fresh.pointer = Listpack.copy(list.bytes).address
    case .quicklist(let list): fresh.pointer = UnsafeMutableRawPointer(Quicklist.copy(list))
    }
  }

  /// Bytes that the value takes beside the entry, estimated from `samples` nodes (0: all).
  static func memoryUsage(_ entry: Entry, samples: Int) -> Int {
    switch form(entry) {
    case .listpack(let list): list.allocatedBytes
    case .quicklist(let list): list.pointee.allocatedBytes(samples: samples)
    }
  }

  /// What OBJECT ENCODING answers.
  static func encodingName(_ entry: Entry) -> StaticString { isListpack(entry) ? "listpack" : "quicklist" }

  // MARK: Read

  @inline(__always)
  public static func count(_ entry: Entry) -> Int {
    switch form(entry) {
    case .listpack(let list): list.count
    case .quicklist(let list): list.pointee.count
    }
  }

  /// The first or last element; valid until the list changes.
  @inline(__always)
  public static func element(_ entry: Entry, at end: ListEnd) -> StringValue {
    switch form(entry) {
    case .listpack(let list): StringValue(list.value(end == .head ? Listpack.headerSize : list.last!))
    case .quicklist(let list): StringValue(list.pointee.element(at: end))
    }
  }

  /// Visits `count` elements from the one at `start` on, which must be there, those that lie side by side at once. They
  /// are valid only for the call.
  public static func forEachRun(
    _ entry: Entry, from start: Int, count: Int, _ visit: (Quicklist.Run) -> Bool
  ) {
    switch form(entry) {
    case .listpack(let list):
      guard count > 0, let at = list.seek(start) else { return }
      _ = visit(.packed(list, at: at, count: count))
    case .quicklist(let list): list.pointee.forEachRun(from: start, count: count, visit)
    }
  }

  /// As `forEachRun`, towards the head: runs are to be walked backwards.
  public static func forEachRunBackwards(
    _ entry: Entry, from start: Int, count: Int, _ visit: (Quicklist.Run) -> Bool
  ) {
    switch form(entry) {
    case .listpack(let list):
      guard count > 0, let at = list.seek(start) else { return }
      _ = visit(.packed(list, at: at, count: count))
    case .quicklist(let list): list.pointee.forEachRunBackwards(from: start, count: count, visit)
    }
  }

  static func hasCompressedNodes(_ entry: Entry) -> Bool {
    isListpack(entry) ? false : quicklist(entry).pointee.hasCompressedNodes
  }

  /// Visits all elements in order. An element is valid only for the call: see ``ListElements`` to keep them.
  public static func forEach(_ entry: Entry, _ visit: (StringValue) -> Void) {
    forEachRun(entry, from: 0, count: count(entry)) { run in
      run.forEach(visit)
      return true
    }
  }
}

extension Quicklist.Run {
  /// Visits the elements, towards the tail.
  public func forEach(_ visit: (StringValue) -> Void) {
    switch self {
    case .plain(let blob): visit(.blob(blob))
    case .packed(let list, var at, let count):
      for _ in 0..<count {
        visit(StringValue(list.value(at)))
        at = list.skip(at)
      }
    }
  }
}

extension Quicklist.Run {
  /// Visits the elements, towards the head.
  public func forEachBackwards(_ visit: (StringValue) -> Void) {
    switch self {
    case .plain(let blob): visit(.blob(blob))
    case .packed(let list, var at, let count):
      for i in 1...count {
        visit(StringValue(list.value(at)))
        if i < count { at = list.previous(at)! }
      }
    }
  }
}

extension StringValue {
  /// An element of a long list.
  @inline(__always)
  init(_ element: Quicklist.Element) {
    switch element {
    case .integer(let number): self = .integer(number)
    case .bytes(let bytes): self = .bytes(bytes)
    case .blob(let blob): self = .blob(blob)
    }
  }
}
