import Memory
import Structures
import Testing

/// A quicklist beside an array that must always hold the same.
private final class Subject {
  let list = Quicklist.allocate()
  var model: [String] = []
  var limits: QuicklistLimits

  init(_ limits: QuicklistLimits) { self.limits = limits }

  deinit { Quicklist.free(list) }

  /// All elements, as they are met on a walk from `start`.
  func elements(from start: Int, count: Int, backwards: Bool = false) -> [String] {
    var found: [String] = []
    let visit = { (run: Quicklist.Run) -> Bool in
      switch run {
      case .plain(let blob): found.append(blob.bytes.string)
      case .packed(let list, var at, let count):
        for i in 0..<count {
          found.append(text(list.value(at)))
          if i < count - 1 { at = backwards ? list.previous(at)! : list.skip(at) }
        }
      }
      return true
    }
    if backwards {
      list.pointee.forEachRunBackwards(from: start, count: count, visit)
    } else {
      list.pointee.forEachRun(from: start, count: count, visit)
    }
    return found
  }

  func push(_ element: String, at end: ListEnd) {
    element.withBytes { list.pointee.push($0, at: end, limits) }
    model.insert(element, at: end == .head ? 0 : model.count)
  }

  func check(_ comment: String) {
    #expect(list.pointee.count == model.count, "\(comment)")
    #expect(elements(from: 0, count: model.count) == model, "\(comment)")
    if !model.isEmpty {
      let backwards = elements(from: model.count - 1, count: model.count, backwards: true)
      #expect(backwards == model.reversed(), "\(comment)")
    }
    for i in 0..<list.pointee.nodeCount { checkNode(i, comment) }
  }

  /// No node is larger than it may be, and none near an end is compressed.
  private func checkNode(_ i: Int, _ comment: String) {
    let isOuter = i < limits.compressDepth || i >= list.pointee.nodeCount - limits.compressDepth
    switch list.pointee.storedNode(i) {
    case .packed(let bytes):
      #expect(Listpack.isValid(bytes), "\(comment)")
      let elements = Listpack.copy(bytes)
      defer { elements.free() }
      // A node of one element has whatever size that has.
      if elements.count > 1 { #expect(!limits.areExceeded(bytes: bytes.count, count: elements.count), "\(comment)") }
    case .plain: break
    case .compressed: #expect(limits.compressDepth > 0 && !isOuter, "\(comment): node \(i)")
    }
  }
}

private func text(_ value: Listpack.Value) -> String {
  switch value {
  case .integer(let number): String(number)
  case .bytes(let bytes): bytes.string
  }
}

private func text(_ element: Quicklist.Element) -> String {
  switch element {
  case .integer(let number): String(number)
  case .bytes(let bytes): bytes.string
  case .blob(let blob): blob.bytes.string
  }
}

/// Long enough for nodes to fill up, with some that need a node of their own and many that are equal.
private func element(_ random: inout SplitMix) -> String {
  switch Int.random(in: 0..<20, using: &random) {
  case 0: ""
  case 1: String(repeating: "L", count: Int.random(in: 0..<20_000, using: &random))
  case 2...4: String(repeating: "m", count: Int.random(in: 0..<900, using: &random))
  case 5...9: String(Int64.random(in: -70_000...70_000, using: &random))
  case 10: String(Int64.random(in: .min ... .max, using: &random))
  default: "e\(Int.random(in: 0..<6, using: &random))"
  }
}

@Test func quicklistBehavesAsAnArrayWhateverItsLimits() {
  for seed in 0..<24 {
    var random = SplitMix(state: UInt64(seed))
    let size = [-2, -1, 1, 3, 64, -5][seed % 6]
    let subject = Subject(QuicklistLimits(listpackSize: size, compressDepth: [0, 1, 2, 5][seed / 6]))
    if seed % 5 == 4 { subject.limits.forcePlainThreshold(40) }
    for step in 0..<1500 {
      change(subject, &random)
      if step % 60 == 0 || step > 1490 { subject.check("seed \(seed) step \(step)") }
    }
  }
}

private func change(_ subject: Subject, _ random: inout SplitMix) {
  let list = subject.list
  let count = subject.model.count
  let fresh = element(&random)
  let end: ListEnd = Bool.random(using: &random) ? .head : .tail
  guard count > 0 else { return subject.push(fresh, at: end) }
  let index = Int.random(in: 0..<count, using: &random)
  switch Int.random(in: 0..<16, using: &random) {
  case 0...6: subject.push(fresh, at: end)
  case 7, 8:
    let expected = subject.model.remove(at: end == .head ? 0 : count - 1)
    #expect(text(list.pointee.element(at: end)) == expected)
    list.pointee.removeElement(at: end, subject.limits)
  case 9, 10:
    fresh.withBytes { list.pointee.replace(index, with: $0, subject.limits) }
    subject.model[index] = fresh
  case 11, 12, 13:
    let pivot = subject.model[index]
    let isAfter = Bool.random(using: &random)
    guard let place = pivot.withBytes({ list.pointee.find(Listpack.Needle($0)) }) else {
      Issue.record("an element is not found")
      return
    }
    fresh.withBytes { list.pointee.insert($0, beside: place, after: isAfter, subject.limits) }
    subject.model.insert(fresh, at: subject.model.firstIndex(of: pivot)! + (isAfter ? 1 : 0))
  case 14:
    let removed = Int.random(in: 0...min(count - index, count > 200 ? 150 : 3), using: &random)
    list.pointee.remove(from: index, count: removed, subject.limits)
    subject.model.removeSubrange(index..<index + removed)
  default:
    let needle = subject.model[index]
    let limit = Int.random(in: 1...5, using: &random) == 1 ? Int.max : Int.random(in: 1...3, using: &random)
    let places = subject.model.indices.filter { subject.model[$0] == needle }
    let going = end == .head ? places.prefix(limit) : places.suffix(limit)
    let removed = needle.withBytes {
      list.pointee.removeMatches(Listpack.Needle($0), limit: limit, from: end, subject.limits)
    }
    #expect(removed == going.count)
    for i in going.reversed() { subject.model.remove(at: i) }
  }
}

@Test func aWalkStartsAnywhereAndEndsWhenToldTo() {
  let subject = Subject(QuicklistLimits(listpackSize: 10, compressDepth: 1))
  for i in 0..<500 { subject.push("element \(i) " + String(repeating: "x", count: 30), at: .tail) }
  for start in [0, 1, 9, 10, 11, 250, 489, 499] {
    for count in [0, 1, 10, 11, 200] where start + count <= 500 {
      #expect(subject.elements(from: start, count: count) == Array(subject.model[start..<start + count]))
    }
    for count in [0, 1, 10, 11, 200] where count <= start + 1 {
      let expected = Array(subject.model[start + 1 - count..<start + 1].reversed())
      #expect(subject.elements(from: start, count: count, backwards: true) == expected)
    }
  }
  var runs = 0
  subject.list.pointee.forEachRun(from: 0, count: 500) { _ in
    runs += 1
    return runs < 3
  }
  #expect(runs == 3)
}

@Test func nodesAwayFromTheEndsAreCompressedAndTakeLess() {
  let plain = Subject(QuicklistLimits(listpackSize: -2, compressDepth: 0))
  let compressed = Subject(QuicklistLimits(listpackSize: -2, compressDepth: 1))
  for i in 0..<20_000 {
    plain.push("a rather similar text \(i % 100)", at: .tail)
    compressed.push("a rather similar text \(i % 100)", at: i % 2 == 0 ? .tail : .head)
  }
  #expect(compressed.list.pointee.allocatedBytes(samples: 0) < plain.list.pointee.allocatedBytes(samples: 0) / 3)
  compressed.check("pushed at both ends")
  var kinds: [Bool] = []
  for i in 0..<compressed.list.pointee.nodeCount {
    if case .compressed = compressed.list.pointee.storedNode(i) { kinds.append(true) } else { kinds.append(false) }
  }
  #expect(kinds == [false] + Array(repeating: true, count: kinds.count - 2) + [false])
}

@Test func aChangedDepthAppliesToWhatIsTouched() {
  let subject = Subject(QuicklistLimits(listpackSize: 10, compressDepth: 1))
  for i in 0..<200 { subject.push("element \(i % 5) " + String(repeating: "x", count: 30), at: .tail) }
  subject.limits.configure(listpackSize: 10, compressDepth: 0)
  // Now that nobody decompresses ahead, the ends meet compressed nodes.
  for _ in 0..<150 {
    let last = text(subject.list.pointee.element(at: .tail))
    #expect(last == subject.model.removeLast())
    subject.list.pointee.removeElement(at: .tail, subject.limits)
  }
  for i in 0..<30 {
    subject.push("new \(i)", at: .tail)
    subject.push("new \(i)", at: .head)
  }
  #expect(subject.elements(from: 0, count: subject.model.count) == subject.model)
}

@Test func randomBytesSurviveCompressionTriedInVain() {
  var random = SplitMix(state: 7)
  let limits = QuicklistLimits(listpackSize: -1, compressDepth: 1)
  let list = Quicklist.allocate()
  defer { Quicklist.free(list) }
  var model: [[UInt8]] = []
  for _ in 0..<300 {
    let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
    bytes.withBytes { list.pointee.push($0, at: .tail, limits) }
    model.append(bytes)
  }
  for (i, expected) in model.enumerated() {
    list.pointee.forEachRun(from: i, count: 1) { run in
      guard case .packed(let list, let at, _) = run, case .bytes(let bytes) = list.value(at) else { return false }
      #expect(bytes.array == expected)
      return true
    }
  }
}

@Test func largeElementsAreSharedWithWhoHoldsThem() {
  let limits = QuicklistLimits()
  let list = Quicklist.allocate()
  defer { Quicklist.free(list) }
  let long = String(repeating: "x", count: 50_000)
  long.withBytes { list.pointee.push($0, at: .tail, limits) }
  guard case .blob(let blob) = list.pointee.element(at: .tail) else {
    Issue.record("a large element is no blob")
    return
  }
  blob.retain()
  list.pointee.removeElement(at: .tail, limits)
  #expect(list.pointee.count == 0 && list.pointee.nodeCount == 0)
  #expect(blob.bytes.string == long)
  list.pointee.push(blob, at: .head, limits)
  blob.release()
  #expect(text(list.pointee.element(at: .head)) == long)
}

@Test func aQueueDoesNotGrowTheArrayOfNodes() {
  let subject = Subject(QuicklistLimits(listpackSize: 1, compressDepth: 0))
  for i in 0..<10 { subject.push("\(i)", at: .tail) }
  let before = subject.list.pointee.allocatedBytes(samples: 0)
  for i in 0..<5000 {
    subject.push("\(i % 10)", at: .tail)
    subject.list.pointee.removeElement(at: .head, subject.limits)
    subject.model.removeFirst()
  }
  subject.check("after 5000 turns")
  #expect(subject.list.pointee.allocatedBytes(samples: 0) <= before + 400)
}

@Test func limitsAreReadAsRedisReadsThem() {
  func limit(_ size: Int) -> QuicklistLimits { QuicklistLimits(listpackSize: size, compressDepth: 0) }
  for (size, bytes) in [
    (-1, 4096), (-2, 8192), (-3, 16384), (-4, 32768), (-5, 65536), (-6, 65536), (Int.min + 1, 65536),
  ] {
    #expect(!limit(size).areExceeded(bytes: bytes, count: 1_000_000))
    #expect(limit(size).areExceeded(bytes: bytes + 1, count: 1))
    #expect(limit(size).allowListpack(bytes: bytes / 2, count: 1, hasShrunk: true))
    #expect(!limit(size).allowListpack(bytes: bytes / 2 + 1, count: 1, hasShrunk: true))
  }
  for (size, count) in [(0, 1), (1, 1), (5, 5), (Int.max, Int.max)] {
    #expect(!limit(size).areExceeded(bytes: 8192, count: count))
    #expect(limit(size).areExceeded(bytes: 8193, count: 1))
    if count < Int.max { #expect(limit(size).areExceeded(bytes: 10, count: count + 1)) }
    #expect(limit(size).allowListpack(bytes: 100_000, count: count / 2, hasShrunk: true))
    #expect(!limit(size).allowListpack(bytes: 10, count: count / 2 + 1, hasShrunk: true))
  }
}
