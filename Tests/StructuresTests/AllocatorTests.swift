import Memory
import Testing

@Test func usedBytesFollowWhatIsAllocatedAndFreed() {
  Allocator.registerThread()
  let before = Allocator.usedBytes
  let block = Allocator.allocate(1 << 20)
  #expect(Allocator.usedBytes >= before + (1 << 20))
  Allocator.free(block)
  #expect(Allocator.usedBytes < before + (1 << 20))
}
