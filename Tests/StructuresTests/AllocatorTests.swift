import Testing

@testable import Memory

@Test func usedBytesFollowWhatIsAllocatedAndFreed() {
  Allocator.registerThread()
  // Much more than what other tests take and give back meanwhile.
  let size = 1 << 30
  let before = Allocator.usedBytes
  let block = Allocator.allocate(size)
  #expect(Allocator.usedBytes >= before + size / 2)
  Allocator.free(block)
  #expect(Allocator.usedBytes < before + size / 2)
}

@Test func pagesAreMadeReadyAheadOfTheirUseAndNotBeyondTheMapping() {
  let page = HugePages.pageSize
  let start = 7 * page
  let size = 5 * page + 4096
  var mapping = HugePages.Mapping()
  #expect(mapping.next() == nil)
  var ready: [Int] = []
  func use(_ used: Int) {
    mapping.update(start: start, used: start + used, end: start + size)
    while let piece = mapping.next() {
      #expect(piece.address == start + ready.reduce(0, +))
      ready.append(piece.count)
    }
  }
  use(0)
  #expect(ready == [page, page])
  for used in stride(from: 4096, through: size, by: 4096) {
    use(used)
    let ahead = ready.reduce(0, +) - used
    #expect(ahead < HugePages.distance + page && ahead >= min(HugePages.distance, size - used))
  }
  #expect(ready == [page, page, page, page, page, 4096])
  // What was used before there was time is left to whoever used it.
  let next = start + 100 * page
  mapping.update(start: next, used: next + 40 * page + 100, end: next + 64 * page)
  #expect(mapping.next()?.address == next + 40 * page)
  mapping.giveUp()
  #expect(mapping.next() == nil)
}
