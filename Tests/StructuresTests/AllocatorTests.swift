import Memory
import Testing

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
