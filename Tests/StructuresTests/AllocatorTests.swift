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
  var newest = HugePages.Newest()
  #expect(!newest.isShort && newest.next() == nil)
  newest = HugePages.Newest(address: start, count: size)
  var ready: [Int] = []
  func makeReady() {
    while let piece = newest.next() {
      #expect(piece.address == start + ready.reduce(0, +))
      ready.append(piece.count)
    }
    #expect(!newest.isShort)
  }
  makeReady()
  #expect(ready == [page, page])
  // Ranges elsewhere, and in the middle, say nothing.
  newest.noteUse(before: start - page, rest: page)
  newest.noteUse(before: start + page, rest: page)
  #expect(!newest.isShort)
  for used in stride(from: 4096, through: size, by: 4096) {
    newest.noteUse(before: start + used, rest: size - used)
    makeReady()
    let ahead = ready.reduce(0, +) - used
    #expect(ahead < HugePages.distance + page && ahead >= min(HugePages.distance, size - used))
  }
  #expect(ready == [page, page, page, page, page, 4096])
  // What was used before there was time is left to whoever used it.
  newest = HugePages.Newest(address: start, count: 64 * page)
  newest.noteUse(before: start + 40 * page + 100, rest: 24 * page - 100)
  #expect(newest.next()?.address == start + 40 * page)
}
