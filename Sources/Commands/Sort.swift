import CMartlet
import Keyspace
import Memory
import RESP
import Structures

// SORT gathers views of all elements, and what each is to be sorted by: a number or a text. Of texts it has copies, in
// one run of bytes, because looking up the next may end what the last one was a view of. The elements stay where they
// are, since nothing that is looked up changes them.

extension CommandTable {
  /// SORT: the elements of a list, set or sorted set in order.
  public static let sorting: [Command] = [
    Command(
      "SORT", arity: -2, [.write, .denyOOM, .movableKeys, .outsideGroupCategory],
      keys: [.one("RO", "access"), patternKeys, KeySpec(.unknown, .unknown, ["OW", "update"])], group: .generic,
      categories: ["set", "sortedset", "list", "dangerous"], since: "1.0.0",
      summary: "Sorts the elements of a list, a set or a sorted set, and may store the result.", complexity: complexity,
      syntax: """
        key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA] \
        [STORE destination]
        """,
      keyFinder: keys, run: { sort($0, mayStore: true, &$1) }),
    Command(
      "SORT_RO", arity: -2, [.readonly, .movableKeys, .outsideGroupCategory],
      keys: [.one("RO", "access"), patternKeys], group: .generic,
      categories: ["set", "sortedset", "list", "dangerous"], since: "7.0.0",
      summary: "Returns the elements of a list, a set or a sorted set in order.", complexity: complexity,
      syntax:
        "key [BY by-pattern] [LIMIT offset count] [GET get-pattern [GET get-pattern ...]] [ASC | DESC] [ALPHA]",
      keyFinder: KeyFinder { _ in [FoundKey(1, ["RO", "access"])] }, run: { sort($0, mayStore: false, &$1) }),
  ]

  /// The keys that BY and GET make of the elements: nobody knows them before.
  private static let patternKeys = KeySpec(.unknown, .unknown, ["RO", "access"])

  private static let complexity: StaticString =
    "O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements."

  private static let keys = KeyFinder { arguments in
    var found = [FoundKey(1, ["RO", "access"])]
    var i = 2
    while i < arguments.count {
      let word = arguments[i]
      if word.equalsIgnoringCase("limit" as StaticString) {
        i += 2
      } else if word.equalsIgnoringCase("get" as StaticString) || word.equalsIgnoringCase("by" as StaticString) {
        i += 1
      } else if word.equalsIgnoringCase("store" as StaticString) && i + 1 < arguments.count {
        // The last one counts.
        found = [found[0], FoundKey(i + 1, ["OW", "update"])]
      }
      i += 1
    }
    return found
  }
}

private func sort(_ call: Call, mayStore: Bool, _ reply: inout ReplyWriter) {
  guard var options = SortOptions(call, mayStore: mayStore, &reply) else { return }
  let source = call.find(1)
  if let source, ![.list, .set, .sortedSet].contains(source.valueType) { return reply.wrongType() }
  if options.staysAsItIs && options.destination != nil && source?.valueType == .set { options.sortAsText() }
  // Some elements live only as long as this.
  var list: ListElements?
  defer { withExtendedLifetime(list) {} }
  let elements: [StringValue]
  if options.staysAsItIs {
    elements = source.map { elementsAsTheyAre($0, options, &list) } ?? []
  } else {
    var sorting = Sorting(source.map { allElements($0, &list) } ?? [], options)
    guard sorting.weigh(call) else {
      return reply.error("ERR One or more scores can't be converted into double")
    }
    elements = sorting.result()
  }
  if let destination = options.destination {
    store(call, elements, options.get, destination, &reply)
  } else {
    write(call, elements, options.get, &reply)
  }
}

// MARK: Elements

private func allElements(_ source: Entry, _ list: inout ListElements?) -> [StringValue] {
  var elements: [StringValue] = []
  switch source.valueType {
  case .list:
    let all = ListElements(source)
    list = all
    return all.values
  case .set:
    elements.reserveCapacity(SetValue.count(source))
    SetValue.forEach(source) { elements.append($0) }
  default:
    elements.reserveCapacity(SortedSetValue.count(source))
    SortedSetValue.forEach(source) { elements.append($0.name) }
  }
  return elements
}

/// The wanted elements in the order that they have; backwards if that is asked for and there is an order.
private func elementsAsTheyAre(
  _ source: Entry, _ options: SortOptions, _ list: inout ListElements?
) -> [StringValue] {
  var elements: [StringValue] = []
  switch source.valueType {
  case .list:
    let count = ListValue.count(source)
    let range = options.range(of: count)
    if range.isEmpty { return [] }
    let wanted = options.isDescending ? count - range.upperBound..<count - range.lowerBound : range
    let some = ListElements(source, wanted, isReversed: options.isDescending)
    list = some
    return some.values
  case .set:
    elements = Array(allElements(source, &list)[options.range(of: SetValue.count(source))])
  default:
    let count = SortedSetValue.count(source)
    let range = options.range(of: count)
    if range.isEmpty { return [] }
    let ranks = options.isDescending ? count - range.upperBound..<count - range.lowerBound : range
    SortedSetValue.forEach(source, ranks, isReversed: options.isDescending) { elements.append($0.name) }
  }
  return elements
}

// MARK: Order

/// Elements on the way to their order.
private struct Sorting {
  private struct Item {
    let index: Int
    var number = 0.0
    /// Where in ``texts`` its text is; nil if nothing was found for it, which comes first.
    var text: Range<Int>?
  }

  private let elements: [StringValue]
  private let options: SortOptions
  private var items: [Item] = []
  private var texts: [UInt8] = []

  init(_ elements: [StringValue], _ options: SortOptions) {
    self.elements = elements
    self.options = options
  }

  /// Finds out what each element is sorted by. False if that had to be a number and was not.
  mutating func weigh(_ call: Call) -> Bool {
    var lookup = SortLookup(call)
    // A stored list must be the same on every machine, whatever its locale.
    let collates = options.destination == nil && !martlet_collates_bytes()
    var areNumbers = true
    items.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      var item = Item(index: index)
      if let weight = options.by.map({ lookup.value($0, of: element) }) ?? element {
        if options.isAlphabetic {
          item.text = weight.withBytes { append($0, collates: collates) }
        } else if let number = number(weight) {
          item.number = number
        } else {
          areNumbers = false
        }
      }
      items.append(item)
    }
    return areNumbers
  }

  private func number(_ weight: StringValue) -> Double? {
    if case .integer(let number) = weight { return Double(number) }
    return weight.withBytes { bytes in
      var value = 0.0
      return martlet_read_double(bytes.base, bytes.count, &value) ? value : nil
    }
  }

  private mutating func append(_ text: Bytes, collates: Bool) -> Range<Int> {
    let start = texts.count
    var text = text
    // In Redis, texts end at a NUL when they are compared for an answer, not when they are for a list.
    if options.destination == nil, let end = text.buffer.firstIndex(of: 0) { text = text[0..<end] }
    if collates {
      let length = martlet_collation_key(text.base, text.count, nil, 0)
      texts.append(contentsOf: repeatElement(0, count: length + 1))
      texts.withUnsafeMutableBytes { all in
        _ = martlet_collation_key(text.base, text.count, all.baseAddress! + start, length + 1)
      }
    } else {
      texts.append(contentsOf: text.buffer)
    }
    return start..<texts.count
  }

  /// The wanted elements in order.
  mutating func result() -> [StringValue] {
    let range = options.range(of: items.count)
    let wanted = range.upperBound
    if wanted < items.count / 4 {
      keepFirst(wanted)
    } else {
      let unsorted = items
      items = unsorted.sorted { isBefore($0, $1) }
    }
    return items[range].map { elements[$0.index] }
  }

  /// Leaves only the first `count` items in order. Twice as many are kept at a time, so that of the others each is
  /// sorted once among few.
  private mutating func keepFirst(_ count: Int) {
    var kept: [Item] = []
    kept.reserveCapacity(2 * count + 1)
    for item in items {
      if kept.count == 2 * count + 1 {
        kept.sort { isBefore($0, $1) }
        kept.removeSubrange(count...)
      }
      kept.append(item)
    }
    kept.sort { isBefore($0, $1) }
    items = Array(kept.prefix(count))
  }

  private func isBefore(_ a: Item, _ b: Item) -> Bool {
    let order = compare(a, b)
    // Equal ones stay in the order they came in, backwards or not.
    if order == 0 { return a.index < b.index }
    return options.isDescending ? order > 0 : order < 0
  }

  private func compare(_ a: Item, _ b: Item) -> Int {
    if options.isAlphabetic {
      guard let first = a.text, let second = b.text else { return (a.text == nil ? 0 : 1) - (b.text == nil ? 0 : 1) }
      return texts.withBytes { $0[first].compare($0[second]) }
    }
    if a.number != b.number { return a.number < b.number ? -1 : 1 }
    return elements[a.index].withBytes { first in elements[b.index].withBytes { first.compare($0) } }
  }
}

// MARK: Result

private func write(_ call: Call, _ elements: [StringValue], _ get: [SortPattern], _ reply: inout ReplyWriter) {
  if get.isEmpty {
    reply.array(elements.count)
    for element in elements { reply.fieldValue(element) }
    return
  }
  reply.array(elements.count * get.count)
  var lookup = SortLookup(call)
  for element in elements {
    for pattern in get { reply.fieldValue(lookup.value(pattern, of: element)) }
  }
}

private func store(
  _ call: Call, _ elements: [StringValue], _ get: [SortPattern], _ destination: Int, _ reply: inout ReplyWriter
) {
  let count = get.isEmpty ? elements.count : elements.count * get.count
  reply.integer(count)
  guard count > 0 else {
    if let old = call.find(destination, .silent) { call.delete(destination, old) }
    return
  }
  // Built on its own, since the destination may be what is sorted, or what a pattern names.
  let list = call.keyspace.pointee.makeList(key: call[destination])
  var lookup = SortLookup(call)
  for element in elements {
    if get.isEmpty { call.keyspace.pointee.push(list, element, at: .tail) }
    for pattern in get {
      let value = lookup.value(pattern, of: element) ?? .bytes(.empty)
      call.keyspace.pointee.push(list, value, at: .tail)
    }
  }
  call.keyspace.pointee.put(call.database, list, hash: call.hash(destination))
  call.changed(destination, .list, "sortstore", count: count)
}
