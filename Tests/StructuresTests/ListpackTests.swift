import Memory
import Structures
import Testing

/// What a listpack is held against: integers as Redis takes them, everything else bytes.
private enum Element: Equatable {
  case integer(Int64)
  case bytes([UInt8])

  init(_ bytes: [UInt8]) { self = bytes.withBytes { parseInteger($0) }.map { .integer($0) } ?? .bytes(bytes) }

  init(_ value: Listpack.Value) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .bytes(let bytes): self = .bytes(bytes.array)
    }
  }
}

private func forwards(_ list: Listpack) -> [Element] {
  var found: [Element] = []
  var at = list.first
  while let current = at {
    found.append(Element(list.value(current)))
    at = list.next(current)
  }
  return found
}

private func backwards(_ list: Listpack) -> [Element] {
  var found: [Element] = []
  var at = list.last
  while let current = at {
    found.append(Element(list.value(current)))
    at = list.previous(current)
  }
  return found.reversed()
}

/// Values at every border of the format: widths of integers, of strings, of the length at the end.
private let borders: [[UInt8]] = {
  var values: [[UInt8]] = []
  for bits in [0, 7, 12, 15, 23, 31, 63] {
    for delta in -2...2 as ClosedRange<Int64> {
      let edge: Int64 = bits == 63 ? Int64.max - 2 : 1 << Int64(bits)
      values.append(Array(String(edge + delta).utf8))
      values.append(Array(String(-edge - delta).utf8))
    }
  }
  values.append(Array(String(Int64.min).utf8))
  values += ["", "-", "-0", "007", "+1", "1.5", " 1", "9223372036854775808", "a"].map { Array($0.utf8) }
  for count in [
    1, 62, 63, 64, 65, 125, 126, 127, 128, 4094, 4095, 4096, 4097, 16376, 16377, 16378, 16379, 16380, 20000,
  ] {
    values.append([UInt8](repeating: UInt8(ascii: "x"), count: count))
  }
  return values
}()

private func value(_ random: inout SplitMix) -> [UInt8] {
  switch Int.random(in: 0..<6, using: &random) {
  case 0: return borders.randomElement(using: &random)!
  case 1: return Array(String(Int64.random(in: Int64.min...Int64.max, using: &random)).utf8)
  case 2: return Array(String(Int64.random(in: -300...300, using: &random)).utf8)
  default:
    let count = Int.random(in: 0..<40, using: &random)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}

@Test func everyWidthOfTheFormatComesBackFromBothEnds() {
  var list = Listpack.create()
  defer { list.free() }
  for value in borders { value.withBytes { list.append($0) } }
  #expect(forwards(list) == borders.map { Element($0) })
  #expect(backwards(list) == borders.map { Element($0) })
  #expect(Listpack.isValid(list.bytes))
  for (i, value) in borders.enumerated() {
    #expect(Element(list.value(list.seek(i)!)) == Element(value))
    #expect(Element(list.value(list.seek(i - borders.count)!)) == Element(value))
  }
  #expect(list.seek(borders.count) == nil)
  #expect(list.seek(-borders.count - 1) == nil)
}

@Test func bytesAreThoseThatRedisWrites() {
  var list = Listpack.create()
  defer { list.free() }
  for text in ["1", "-1", "300", "70000", "hello", "9223372036854775807"] { text.withBytes { list.append($0) } }
  #expect(
    list.bytes.array == [
      37, 0, 0, 0, 6, 0,
      1, 1,
      0xdf, 0xff, 2,
      0xc1, 0x2c, 2,
      0xf2, 0x70, 0x11, 0x01, 4,
      0x85, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 6,
      0xf4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 9,
      0xff,
    ])
}

@Test func listpackBehavesAsAnArray() {
  for seed in 0..<30 {
    var random = SplitMix(state: UInt64(seed))
    var list = Listpack.create()
    defer { list.free() }
    var model: [[UInt8]] = []
    for _ in 0..<600 {
      let new = value(&random)
      let at = model.isEmpty ? 0 : Int.random(in: 0..<model.count, using: &random)
      switch Int.random(in: 0..<9, using: &random) {
      case 0:
        new.withBytes { list.prepend($0) }
        model.insert(new, at: 0)
      case 1, 2:
        new.withBytes { list.append($0) }
        model.append(new)
      case 3:
        new.withBytes { _ = list.insert($0, at: list.seek(at) ?? list.endPosition) }
        model.insert(new, at: at)
      case 4 where !model.isEmpty:
        new.withBytes { _ = list.insert($0, after: list.seek(at)!) }
        model.insert(new, at: at + 1)
      case 5, 6:
        if model.isEmpty { continue }
        new.withBytes { list.replace(list.seek(at)!, with: $0) }
        model[at] = new
      case 7 where !model.isEmpty:
        let count = Int.random(in: 1...3, using: &random)
        let removed = list.delete(list.seek(at)!, count: count)
        #expect(removed == min(count, model.count - at))
        model.removeSubrange(at..<at + removed)
      default:
        let number = Int64.random(in: -5000...5000, using: &random)
        list.append(number)
        model.append(Array(String(number).utf8))
      }
      #expect(list.count == model.count, "seed \(seed)")
      if !model.isEmpty {
        let wanted = model.randomElement(using: &random)!
        let found = wanted.withBytes { list.find($0, from: Listpack.headerSize, skip: 0) }
        #expect(found == list.seek(model.firstIndex { Element($0) == Element(wanted) }!), "seed \(seed)")
      }
    }
    let expected = model.map { Element($0) }
    #expect(forwards(list) == expected, "seed \(seed)")
    #expect(backwards(list) == expected, "seed \(seed)")
    #expect(Listpack.isValid(list.bytes), "seed \(seed)")
  }
}

@Test func findLooksOnlyAtEverySecond() {
  var list = Listpack.create()
  defer { list.free() }
  for text in ["a", "b", "b", "a", "7", "8", "8", "7"] { text.withBytes { list.append($0) } }
  func index(_ text: String) -> Int? {
    guard let at = text.withBytes({ list.find($0, from: Listpack.headerSize, skip: 1) }) else { return nil }
    return (0..<8).first { list.seek($0) == at }
  }
  #expect(index("a") == 0)
  #expect(index("b") == 2)
  #expect(index("7") == 4)
  #expect(index("8") == 6)
  #expect(index("c") == nil)
  #expect(index("07") == nil)
}

@Test func moreElementsThanTheHeaderCountsAreStillCounted() {
  var list = Listpack.create()
  defer { list.free() }
  for i in 0..<65_600 { list.append(Int64(i & 63)) }
  #expect(list.count == 65_600)
  list.delete(Listpack.headerSize, count: 100)
  #expect(list.count == 65_500)
  list.append(1)
  #expect(list.count == 65_501)
  #expect(Listpack.isValid(list.bytes))
}

@Test func corruptListpacksAreRefusedOrHarmless() {
  let seed = UInt64.random(in: 0 ... .max)
  var random = SplitMix(state: seed)
  var refused = 0
  for _ in 0..<20_000 {
    var list = Listpack.create()
    for _ in 0..<Int.random(in: 0..<8, using: &random) { value(&random).withBytes { list.append($0) } }
    // An exact copy, so that a sanitizer sees every byte read beyond it.
    var bytes = list.bytes.array
    list.free()
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      case 1: if bytes.count > 1 { bytes.removeLast(Int.random(in: 1..<min(bytes.count, 12), using: &random)) }
      default:
        bytes.insert(UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0...bytes.count, using: &random))
      }
    }
    bytes.withBytes { view in
      guard Listpack.isValid(view) else {
        refused += 1
        return
      }
      let copy = Listpack.copy(view)
      #expect(forwards(copy) == backwards(copy), "seed \(seed)")
      copy.free()
    }
  }
  #expect(refused > 10_000)
}

@Test func aWrongLengthCountOrEndIsRefused() {
  let good: [UInt8] = [9, 0, 0, 0, 1, 0, 5, 1, 0xff]
  #expect(good.withBytes { Listpack.isValid($0) })
  for i in [0, 4, 7, 8] {
    var bad = good
    bad[i] ^= 2
    #expect(!bad.withBytes { Listpack.isValid($0) }, "byte \(i)")
  }
  #expect(!good[..<8].withUnsafeBytes { Listpack.isValid(Bytes($0)) })
  #expect(![UInt8]().withBytes { Listpack.isValid($0) })
}

@Test func deadlineHeapHandsOutTheSoonest() {
  for seed in 0..<10 {
    var random = SplitMix(state: UInt64(seed))
    var heap = DeadlineHeap()
    let count = 2000
    let nodes = UnsafeMutablePointer<Deadline>.allocate(capacity: count)
    nodes.initialize(repeating: Deadline(), count: count)
    defer { nodes.deallocate() }
    var model: Set<Int> = []
    for _ in 0..<10_000 {
      let i = Int.random(in: 0..<count, using: &random)
      if nodes[i].isScheduled {
        heap.remove(nodes + i)
        model.remove(i)
      } else {
        nodes[i].milliseconds = Int64.random(in: 0..<500, using: &random)
        heap.insert(nodes + i)
        model.insert(i)
      }
      #expect(heap.count == model.count)
    }
    #expect(heap.count(before: 250) == model.filter { nodes[$0].milliseconds < 250 }.count)
    var last: Int64 = -1
    while let soonest = heap.soonest {
      #expect(soonest.pointee.milliseconds >= last)
      last = soonest.pointee.milliseconds
      heap.remove(soonest)
    }
    #expect(heap.count == 0)
  }
}
