import Keyspace
import Memory
import RESP
import Structures

/// Where BY and GET of SORT look for what belongs to an element.
enum SortPattern {
  /// `#`: the element itself.
  case element
  /// No place for the element: nothing is found.
  case constant
  /// `weight_*`: the string under this key, the element put in the asterisk's place.
  case key(before: Bytes, after: Bytes)
  /// `object_*->price`: as a key, but a field of the hash there.
  case field(before: Bytes, after: Bytes, name: Bytes)

  init(_ text: Bytes) {
    // As in Redis, nothing that stands after a NUL has a meaning.
    let end = text.buffer.firstIndex(of: 0) ?? text.count
    if text[0..<end].equals(Bytes("#")) {
      self = .element
      return
    }
    guard let star = text[0..<end].buffer.firstIndex(of: UInt8(ascii: "*")) else {
      self = .constant
      return
    }
    let before = text[0..<star]
    let first = star + 1
    // An arrow with nothing after it is part of the key.
    guard let arrow = Self.arrow(in: text, first..<end), arrow + 2 < end else {
      self = .key(before: before, after: text[first..<text.count])
      return
    }
    self = .field(before: before, after: text[first..<arrow], name: text[arrow + 2..<text.count])
  }

  private static func arrow(in text: Bytes, _ range: Range<Int>) -> Int? {
    range.dropLast().first { text[$0] == UInt8(ascii: "-") && text[$0 + 1] == UInt8(ascii: ">") }
  }
}

/// Looks up what patterns name, with one buffer for all the keys.
struct SortLookup {
  private let call: Call
  private let options: Keyspace.LookupOptions
  private var key: [UInt8] = []

  init(_ call: Call) {
    self.call = call
    options = call.session.pointee.flags.contains(.noTouch) ? .noTouch : .none
  }

  /// What `pattern` names for an element; valid until the next look-up.
  mutating func value(_ pattern: SortPattern, of element: StringValue) -> StringValue? {
    switch pattern {
    case .element: return element
    case .constant: return nil
    case .key(let before, let after):
      guard let entry = find(before, element, after), entry.isString else { return nil }
      return StringValue(entry)
    case .field(let before, let after, let name):
      guard let entry = find(before, element, after), entry.type == ValueType.hash.rawValue else { return nil }
      if HashValue.hasFieldDeadlines(entry) {
        let hash = call.keyspace.pointee.hash(entry.key)
        guard call.keyspace.pointee.expireFields(call.database, of: entry, hash: hash) else { return nil }
      }
      return HashValue.find(entry, name, now: call.now)
    }
  }

  private mutating func find(_ before: Bytes, _ element: StringValue, _ after: Bytes) -> Entry? {
    key.removeAll(keepingCapacity: true)
    key.append(contentsOf: before.buffer)
    element.withBytes { key.append(contentsOf: $0.buffer) }
    key.append(contentsOf: after.buffer)
    return key.withBytes { key in
      call.keyspace.pointee.lookup(call.database, key, hash: call.keyspace.pointee.hash(key), options)
        .map { Entry(address: $0.pointee) }
    }
  }
}
