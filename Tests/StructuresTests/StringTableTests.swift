import Memory
import Structures
import Testing

@Test func stringTableBehavesAsASetOfStrings() {
  // Lengths on both sides of where the length takes more than a byte.
  let lengths = [0, 1, 7, 100, 253, 254, 255, 256, 1000, 70_000]
  for seed in 0..<10 {
    var random = SplitMix(state: UInt64(seed))
    var table = StringTable(hashKey: SipKey(k0: UInt64(seed), k1: 7))
    var model: Set<[UInt8]> = []
    for step in 0..<3000 {
      let length = step % 10 == 0 ? lengths[Int.random(in: 0..<lengths.count, using: &random)] : 6
      let string = Array("\(Int.random(in: 0..<400, using: &random))".utf8) + [UInt8](repeating: 0, count: length)
      let isRight = string.withBytes { bytes in
        if Int.random(in: 0..<3, using: &random) == 0 {
          table.remove(bytes) == (model.remove(string) != nil)
        } else {
          table.insert(bytes) == model.insert(string).inserted
        }
      }
      #expect(isRight, "seed \(seed) step \(step)")
      #expect(string.withBytes { table.contains($0) } == model.contains(string), "seed \(seed) step \(step)")
    }
    #expect(table.count == model.count, "seed \(seed)")
    #expect(contents(table) == model, "seed \(seed)")
    let copy = table.copy()
    while let string = table.random(&random) { _ = table.remove(string) }
    #expect(table.count == 0, "seed \(seed)")
    #expect(contents(copy) == model, "seed \(seed)")
    #expect(copy.memoryUsage(samples: 0) > model.reduce(0) { $0 + $1.count }, "seed \(seed)")
  }
}

private func contents(_ table: borrowing StringTable) -> Set<[UInt8]> {
  var found: Set<[UInt8]> = []
  table.forEach { string in
    let isNew = found.insert(string.array).inserted
    #expect(isNew)
  }
  return found
}

@Test func listpackLosesExactlyWhatIsUnwanted() {
  for seed in 0..<50 {
    var random = SplitMix(state: UInt64(seed))
    var list = Listpack.create()
    defer { list.free() }
    let elements = (0..<Int.random(in: 0..<200, using: &random)).map { i in
      i % 3 == 0 ? "\(i * 1000)" : String(repeating: "x", count: i) + "\(i)"
    }
    for element in elements { element.withBytes { list.append($0) } }
    let unwanted = Set(elements.filter { _ in Bool.random(using: &random) })
    var asked: [String] = []
    list.removeAll { value in
      let element =
        switch value {
        case .integer(let number): String(number)
        case .bytes(let bytes): bytes.string
        }
      asked.append(element)
      return unwanted.contains(element)
    }
    #expect(asked == elements, "seed \(seed)")
    #expect(Listpack.isValid(list.bytes), "seed \(seed)")
    var expected = Listpack.create()
    defer { expected.free() }
    for element in elements where !unwanted.contains(element) { element.withBytes { expected.append($0) } }
    #expect(list.bytes.array == expected.bytes.array, "seed \(seed)")
  }
}
