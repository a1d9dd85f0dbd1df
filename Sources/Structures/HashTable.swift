import CMartlet
import Memory

/// A hash table of ``Entry`` that never stops to grow: linear hashing over cache-line buckets.
///
/// A table that doubles has to move everything at some moment, and whoever asks then waits. Linear
/// hashing (W. Litwin, "Linear hashing: a new tool for file and table addressing", VLDB 1980) splits
/// one bucket at a time: with 2^L + s buckets, hash bits L decide, but for the first s buckets,
/// which are split already, bits L + 1 do. Each insertion that brings the load above its target
/// splits bucket s into s and 2^L + s; each removal that brings it far below merges them again. The
/// worst step touches two short chains.
///
/// A bucket is one cache line: seven tags of one byte, a control byte, seven slots of eight bytes.
/// A tag is a byte of the hash, never 0; a 0 marks a free slot. All seven are compared at once as
/// one word. A bucket that overflows keeps the address of the next one in its last slot, and bit 0 of
/// the control byte says so. Not yet split buckets overflow for a while, on average one in ten. The other
/// seven bits of the control byte mark slots, for whoever must come by every entry once: see ``unmarkAll()``.
///
/// Buckets lie in segments of 1,024 under a directory, so that growth never copies them (tables of
/// up to one segment double that segment instead: 32 kB at most).
///
/// SCAN: a cursor counts buckets of level L in reversed bit order, as Redis does, and visits a
/// bucket together with its split-off half. Whatever splits or merges happen between two calls, a bucket
/// visited stays visited and one not yet visited is still to come.
public struct HashTable: ~Copyable {
  public typealias Slot = UnsafeMutablePointer<UnsafeMutableRawPointer>
  typealias Bucket = UnsafeMutablePointer<UInt64>

  private static let slotsPerBucket = 7
  private static let segmentShift = 10
  private static let segmentBuckets = 1 << segmentShift
  private static let initialBuckets = 2
  /// Entries per two buckets at which the table grows, and under which it shrinks.
  private static let growLoad = 9
  private static let shrinkLoad = 3

  private var directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private var directoryCapacity: Int
  private var segments = 1
  /// Buckets that the first segment has room for; ``segmentBuckets`` once there are several.
  private var firstSegmentCapacity: Int
  /// 2^level - 1.
  private var levelMask: Int
  /// Buckets of this level that are split already.
  private var split = 0
  /// Whether what lies here are ``PackedString``s, not entries: see ``StringTable``.
  private let holdsStrings: Bool

  public private(set) var count = 0
  public private(set) var overflowBuckets = 0
  /// While true, removals do not merge buckets: an iteration is under way.
  public var isShrinkingPaused = false
  /// The same for a walk over what is not marked, which must not miss an entry that a merge takes back to where it was.
  public var keepsUnmarkedInOrder = false
  /// What a mark looks like at present, for each of a bucket's slots: seven zeros or seven ones.
  private var marked: UInt64 = 0

  public init() { self.init(holdsStrings: false) }

  init(holdsStrings: Bool) {
    self.holdsStrings = holdsStrings
    directoryCapacity = 1
    directory = Allocator.allocate(MemoryLayout<UnsafeMutableRawPointer>.stride)
      .assumingMemoryBound(to: UnsafeMutableRawPointer.self)
    firstSegmentCapacity = Self.initialBuckets
    let segment = Allocator.allocate(Self.initialBuckets * 64)
    directory.initialize(to: segment)
    levelMask = Self.initialBuckets - 1
    for i in 0..<Self.initialBuckets { Self.clear(Self.bucket(in: segment, i)) }
  }

  /// Frees the buckets. The entries are whoever's who put them in; see ``drain(_:)``.
  deinit {
    for i in 0..<bucketCount { freeOverflow(of: bucket(i)) }
    for i in 0..<segments { Allocator.free(directory[i]) }
    Allocator.free(UnsafeMutableRawPointer(directory))
  }

  public var isEmpty: Bool { count == 0 }
  public var bucketCount: Int { levelMask + 1 + split }

  /// Bytes of buckets and directory, as the allocator rounds them.
  public var allocatedBytes: Int {
    let perSegment = segments > 1 ? Self.segmentBuckets * 64 : firstSegmentCapacity * 64
    return segments * perSegment + overflowBuckets * 64 + directoryCapacity * 8
  }

  // MARK: Buckets

  @inline(__always)
  private static func bucket(in segment: UnsafeMutableRawPointer, _ index: Int) -> Bucket {
    (segment + (index &<< 6)).assumingMemoryBound(to: UInt64.self)
  }

  @inline(__always)
  private func bucket(_ index: Int) -> Bucket {
    Self.bucket(in: directory[index &>> Self.segmentShift], index & (Self.segmentBuckets &- 1))
  }

  @inline(__always)
  private func index(of hash: UInt64) -> Int {
    let h = Int(truncatingIfNeeded: hash)
    let low = h & levelMask
    return low < split ? h & (levelMask &<< 1 | 1) : low
  }

  /// The tag of a hash: its top byte, 1 instead of 0.
  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt64 {
    let top = hash &>> 56
    return top == 0 ? 1 : top
  }

  /// The high bit of every byte of `word` that equals `tag`. The control byte never matches.
  ///
  /// The shorter well-known test for zero bytes also reports a byte above a match now and then: here
  /// that might be a free slot, whose address must not be followed.
  @inline(__always)
  private static func matches(_ word: UInt64, _ tag: UInt64) -> UInt64 {
    let x = word ^ (tag &* 0x0101_0101_0101_0101)
    let carried = (x & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7f7f_7f7f_7f7f_7f7f
    return ~(carried | x) & 0x0080_8080_8080_8080
  }

  @inline(__always)
  private static func slot(_ bucket: Bucket, _ i: Int) -> Slot {
    UnsafeMutableRawPointer(bucket + 1 + i).assumingMemoryBound(to: UnsafeMutableRawPointer.self)
  }

  private static func clear(_ bucket: Bucket) { bucket.pointee = 0 }

  @inline(__always)
  private func keyOf(_ item: UnsafeMutableRawPointer) -> Bytes {
    holdsStrings ? PackedString(address: item).bytes : Entry(address: item).key
  }

  @inline(__always)
  private static func overflow(of bucket: Bucket) -> Bucket? {
    guard bucket.pointee &>> 56 & 1 != 0 else { return nil }
    return slot(bucket, slotsPerBucket - 1).pointee.assumingMemoryBound(to: UInt64.self)
  }

  private mutating func addOverflow(to bucket: Bucket) -> Bucket {
    let fresh = Allocator.allocate(64).assumingMemoryBound(to: UInt64.self)
    fresh.pointee = 0
    overflowBuckets += 1
    // The last slot's entry moves over to make place for the link.
    let last = Self.slotsPerBucket - 1
    let tag = bucket.pointee &>> UInt64(last * 8) & 0xff
    if tag != 0 { Self.put(Self.slot(bucket, last).pointee, tag, mark: Self.mark(bucket.pointee, last), fresh, 0) }
    Self.slot(bucket, last).pointee = UnsafeMutableRawPointer(fresh)
    bucket.pointee = bucket.pointee & 0xfe00_ffff_ffff_ffff | 1 &<< 56
    return fresh
  }

  private func freeOverflow(of bucket: Bucket) {
    var next = Self.overflow(of: bucket)
    while let current = next {
      next = Self.overflow(of: current)
      Allocator.free(UnsafeMutableRawPointer(current))
    }
  }

  // MARK: Look-up

  /// Asks for the cache line that a look-up of `hash` begins with.
  @inline(__always)
  public func prefetchBucket(hash: UInt64) {
    martlet_prefetch(UnsafeRawPointer(bucket(index(of: hash))))
  }

  /// Asks for the entry that a look-up of `hash` probably finds; its bucket should be near by now.
  ///
  /// - Parameter toTheEnd: whether the whole chain will be looked through, as ``visitUnmarked(of:_:)`` does.
  @inline(__always)
  public func prefetchEntry(hash: UInt64, toTheEnd: Bool = false) {
    let bucket = bucket(index(of: hash))
    let found = Self.matches(bucket.pointee, Self.tag(hash))
    if found != 0 {
      let entry = Self.slot(bucket, found.trailingZeroBitCount &>> 3).pointee
      martlet_prefetch(entry)
      martlet_prefetch(entry + 64)
      if !toTheEnd { return }
    }
    if let next = Self.overflow(of: bucket) { martlet_prefetch(UnsafeRawPointer(next)) }
  }

  /// The slot that holds the entry of `key`. Valid until the next insertion or removal.
  @inline(__always)
  public func find(_ key: Bytes, hash: UInt64) -> Slot? {
    let tag = Self.tag(hash)
    var bucket = bucket(index(of: hash))
    while true {
      var found = Self.matches(bucket.pointee, tag)
      while found != 0 {
        let slot = Self.slot(bucket, found.trailingZeroBitCount &>> 3)
        if keyOf(slot.pointee).equals(key) { return slot }
        found &= found &- 1
      }
      guard let next = Self.overflow(of: bucket) else { return nil }
      bucket = next
    }
  }

  /// The slot that holds `entry` itself, which must be in the table.
  public func slot(of entry: Entry, hash: UInt64) -> Slot {
    let tag = Self.tag(hash)
    var bucket: Bucket? = bucket(index(of: hash))
    while let current = bucket {
      var found = Self.matches(current.pointee, tag)
      while found != 0 {
        let slot = Self.slot(current, found.trailingZeroBitCount &>> 3)
        if slot.pointee == entry.address { return slot }
        found &= found &- 1
      }
      bucket = Self.overflow(of: current)
    }
    preconditionFailure("the entry is not in this table")
  }

  // MARK: Change

  /// Adds an entry whose key must not be in the table yet.
  ///
  /// - Parameter rehash: the hash function, for the entries that a split moves.
  @inline(__always)
  public mutating func insert(_ entry: Entry, hash: UInt64, key: SipKey) {
    place(entry.address, tag: Self.tag(hash), mark: marked & 1, in: index(of: hash))
    count &+= 1
    if count &* 2 > bucketCount &* Self.growLoad { splitBucket(key) }
  }

  @inline(__always)
  private mutating func place(_ entry: UnsafeMutableRawPointer, tag: UInt64, mark: UInt64, in index: Int) {
    var bucket = bucket(index)
    while true {
      if let next = Self.overflow(of: bucket) {
        // The head has six slots; look for a free one before walking on.
        if let free = Self.freeSlot(bucket.pointee | 0x00ff_0000_0000_0000) {
          Self.put(entry, tag, mark: mark, bucket, free)
          return
        }
        bucket = next
      } else if let free = Self.freeSlot(bucket.pointee) {
        Self.put(entry, tag, mark: mark, bucket, free)
        return
      } else {
        bucket = addOverflow(to: bucket)
      }
    }
  }

  @inline(__always)
  private static func freeSlot(_ word: UInt64) -> Int? {
    let free = (word &- 0x0001_0101_0101_0101) & ~word & 0x0080_8080_8080_8080
    return free == 0 ? nil : free.trailingZeroBitCount &>> 3
  }

  @inline(__always)
  private static func put(
    _ entry: UnsafeMutableRawPointer, _ tag: UInt64, mark: UInt64, _ bucket: Bucket, _ i: Int
  ) {
    slot(bucket, i).pointee = entry
    let place = UInt64(truncatingIfNeeded: 57 &+ i)
    bucket.pointee = bucket.pointee & ~(1 &<< place) | mark &<< place | tag &<< UInt64(truncatingIfNeeded: i &<< 3)
  }

  /// Takes the entry of `key` out and returns it.
  public mutating func remove(_ key: Bytes, hash: UInt64, sipKey: SipKey) -> Entry? {
    guard let slot = find(key, hash: hash) else { return nil }
    let entry = Entry(address: slot.pointee)
    remove(slot: slot, hash: hash, sipKey: sipKey)
    return entry
  }

  /// Empties `slot`, which must hold an entry of that hash.
  public mutating func remove(slot: Slot, hash: UInt64, sipKey: SipKey) {
    let head = bucket(index(of: hash))
    var bucket = head
    var previous: Bucket?
    let address = UnsafeMutableRawPointer(slot)
    while true {
      let start = UnsafeMutableRawPointer(bucket)
      if address > start && address < start + 64 { break }
      guard let next = Self.overflow(of: bucket) else { preconditionFailure("the slot is not of this hash") }
      previous = bucket
      bucket = next
    }
    let i = (address - UnsafeMutableRawPointer(bucket)) / 8 - 1
    bucket.pointee &= ~(0xff &<< UInt64(i * 8))
    count -= 1
    if previous != nil || Self.overflow(of: bucket) != nil { compact(head) }
    if !isShrinkingPaused && !keepsUnmarkedInOrder && count * 2 < bucketCount * Self.shrinkLoad
      && bucketCount > Self.initialBuckets
    {
      mergeBucket(sipKey)
    }
  }

  /// Fills the holes of a chain from its end, and frees overflow buckets that are no longer needed.
  private mutating func compact(_ head: Bucket) {
    var bucket = head
    while let next = Self.overflow(of: bucket) {
      var beforeLast = bucket
      var last = next
      while let further = Self.overflow(of: last) {
        beforeLast = last
        last = further
      }
      while let free = Self.freeSlot(bucket.pointee | 0x00ff_0000_0000_0000) {
        let used = last.pointee & 0x00ff_ffff_ffff_ffff
        if used == 0 { break }
        let i = (63 - used.leadingZeroBitCount) / 8
        let tag = used &>> UInt64(i * 8) & 0xff
        let mark = Self.mark(last.pointee, i)
        last.pointee &= ~(0xff &<< UInt64(i * 8))
        Self.put(Self.slot(last, i).pointee, tag, mark: mark, bucket, free)
      }
      if last.pointee & 0x00ff_ffff_ffff_ffff == 0 {
        beforeLast.pointee &= 0xfe00_ffff_ffff_ffff
        Allocator.free(UnsafeMutableRawPointer(last))
        overflowBuckets -= 1
      } else {
        bucket = next
      }
    }
  }

  // MARK: Growth

  /// Gives an empty table the buckets that so many entries will want, so that none need be split on the way there.
  public mutating func reserve(_ expected: Int) {
    guard count == 0 else { return }
    while expected > bucketCount / 2 * Self.growLoad {
      makeRoom(forBucket: bucketCount)
      Self.clear(bucket(bucketCount))
      countSplit()
    }
  }

  private mutating func countSplit() {
    if split == levelMask {
      levelMask = levelMask << 1 | 1
      split = 0
    } else {
      split += 1
    }
  }

  @inline(never)
  private mutating func splitBucket(_ key: SipKey) {
    let from = split
    let to = levelMask + 1 + split
    makeRoom(forBucket: to)
    let source = bucket(from)
    let highBit = UInt64(levelMask + 1)
    Self.clear(bucket(to))
    countSplit()
    moveChain(at: source, key: key) { hash in hash & highBit == 0 ? from : to }
  }

  @inline(never)
  private mutating func mergeBucket(_ key: SipKey) {
    if split == 0 {
      levelMask >>= 1
      split = levelMask
    } else {
      split -= 1
    }
    let into = split
    let gone = levelMask + 1 + split
    moveChain(at: bucket(gone), key: key) { _ in into }
    releaseRoom(fromBucket: gone)
  }

  /// Empties a bucket with its overflow and places each of its entries anew.
  private mutating func moveChain(at head: Bucket, key: SipKey, to target: (UInt64) -> Int) {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { copy in
      var next: Bucket? = head
      var isHead = true
      while let current = next {
        memcpy(copy.baseAddress!, current, 64)
        let bucket = copy.baseAddress!.assumingMemoryBound(to: UInt64.self)
        next = Self.overflow(of: bucket)
        if isHead {
          Self.clear(current)
        } else {
          Allocator.free(UnsafeMutableRawPointer(current))
          overflowBuckets -= 1
        }
        isHead = false
        let slots = next == nil ? Self.slotsPerBucket : Self.slotsPerBucket - 1
        // The keys are hashed again, so each entry is a cache miss: have them all under way at once.
        for i in 0..<slots where bucket.pointee &>> UInt64(i * 8) & 0xff != 0 {
          martlet_prefetch(Self.slot(bucket, i).pointee)
        }
        for i in 0..<slots where bucket.pointee &>> UInt64(i * 8) & 0xff != 0 {
          let entry = Self.slot(bucket, i).pointee
          let hash = sipHash13(keyOf(entry), key: key)
          place(entry, tag: Self.tag(hash), mark: Self.mark(bucket.pointee, i), in: target(hash))
        }
      }
    }
  }

  private mutating func makeRoom(forBucket index: Int) {
    let segment = index >> Self.segmentShift
    if segment == 0 {
      guard index >= firstSegmentCapacity else { return }
      firstSegmentCapacity = min(max(firstSegmentCapacity * 2, index + 1), Self.segmentBuckets)
      directory[0] = Allocator.reallocate(directory[0], to: firstSegmentCapacity * 64)
      return
    }
    guard segment >= segments else { return }
    if segments == directoryCapacity {
      directoryCapacity *= 2
      directory = Allocator.reallocate(UnsafeMutableRawPointer(directory), to: directoryCapacity * 8)
        .assumingMemoryBound(to: UnsafeMutableRawPointer.self)
    }
    directory[segments] = Allocator.allocate(Self.segmentBuckets * 64)
    segments += 1
  }

  private mutating func releaseRoom(fromBucket index: Int) {
    // One spare segment is kept, so that a load that swings around a border does not allocate.
    let needed = (index + Self.segmentBuckets - 1) >> Self.segmentShift
    while segments > max(needed, 1) + 1 {
      segments -= 1
      Allocator.free(directory[segments])
    }
    if index <= firstSegmentCapacity / 4 && segments == 1 && firstSegmentCapacity > Self.initialBuckets {
      firstSegmentCapacity /= 2
      directory[0] = Allocator.reallocate(directory[0], to: firstSegmentCapacity * 64)
    }
  }

  // MARK: Walks

  /// Visits the bucket that `cursor` stands for and returns the next cursor, 0 at the end.
  ///
  /// Every entry that is in the table from a walk's first call to its last is visited at least once,
  /// whatever is inserted and removed between the calls. `visit` must not change the table.
  public func scan(_ cursor: UInt64, _ visit: (Entry) -> Void) -> UInt64 {
    let mask = UInt64(levelMask)
    let low = Int(cursor & mask)
    visitChain(low, visit)
    if low < split { visitChain(low + levelMask + 1, visit) }
    // Count up in the reversed order of the bits under the mask.
    var next = cursor | ~mask
    next = next.bitReversed &+ 1
    return next.bitReversed
  }

  private func visitChain(_ index: Int, _ visit: (Entry) -> Void) {
    var next: Bucket? = bucket(index)
    while let current = next {
      next = Self.overflow(of: current)
      let slots = next == nil ? Self.slotsPerBucket : Self.slotsPerBucket - 1
      for i in 0..<slots where current.pointee &>> UInt64(i * 8) & 0xff != 0 {
        visit(Entry(address: Self.slot(current, i).pointee))
      }
    }
  }

  /// Visits every entry. `visit` must not change the table.
  public func forEach(_ visit: (Entry) -> Void) {
    for i in 0..<bucketCount { visitChain(i, visit) }
  }

  /// Visits entries until `visit` returns false.
  public func forEachWhile(_ visit: (Entry) -> Bool) {
    var goesOn = true
    for i in 0..<bucketCount where goesOn {
      visitChain(i) { if goesOn { goesOn = visit($0) } }
    }
  }

  // MARK: Marks

  // Whoever must come by each entry once, and by an entry that is about to change before that, needs a bit for each. It
  // lies in the entry's bucket, where look-ups come by anyway, and goes with the entry. Which of its two states says
  // that the entry is marked changes with each time that all marks are taken away, so that this costs nothing. New
  // entries are born marked.

  /// Takes all marks away. Requires that every entry is marked, as those of a new table are.
  public mutating func unmarkAll() { marked ^= 0x7f }

  /// The bit of a slot: a mark if it equals the last bit of `marked`.
  @inline(__always)
  private static func mark(_ word: UInt64, _ i: Int) -> UInt64 { word &>> UInt64(truncatingIfNeeded: 57 &+ i) & 1 }

  /// Visits the entries of a bucket with its overflow that are not marked, and marks them.
  ///
  /// Over all buckets, those included that come meanwhile, it comes by every entry, while ``keepsUnmarkedInOrder``
  /// is set: a split moves entries only to where a walk is yet to come. `visit` must not change the table.
  public func visitUnmarked(inBucket index: Int, _ visit: (Entry) -> Void) {
    var next: Bucket? = bucket(index)
    while let current = next {
      next = Self.overflow(of: current)
      let word = current.pointee
      let unmarked = word &>> 57 ^ marked
      if unmarked == 0 { continue }
      current.pointee = word ^ unmarked &<< 57
      let slots = next == nil ? Self.slotsPerBucket : Self.slotsPerBucket - 1
      for i in 0..<slots where unmarked &>> UInt64(i) & 1 != 0 && word &>> UInt64(i * 8) & 0xff != 0 {
        visit(Entry(address: Self.slot(current, i).pointee))
      }
    }
  }

  /// The same for the entry with this hash, and perhaps others: their keys are not touched.
  @inline(__always)
  public func visitUnmarked(of hash: UInt64, _ visit: (Entry) -> Void) {
    let tag = Self.tag(hash)
    var next: Bucket? = bucket(index(of: hash))
    while let current = next {
      next = Self.overflow(of: current)
      var found = Self.matches(current.pointee, tag)
      while found != 0 {
        let i = found.trailingZeroBitCount &>> 3
        if Self.mark(current.pointee, i) != marked & 1 {
          current.pointee ^= 1 &<< UInt64(truncatingIfNeeded: 57 &+ i)
          visit(Entry(address: Self.slot(current, i).pointee))
        }
        found &= found &- 1
      }
    }
  }

  /// Whether a key's entry is marked, or not there at all.
  public func isMarked(_ key: Bytes, hash: UInt64) -> Bool {
    guard let slot = find(key, hash: hash) else { return true }
    var next: Bucket? = bucket(index(of: hash))
    while let current = next {
      let i = slot - Self.slot(current, 0)
      if (0..<Self.slotsPerBucket).contains(i) { return Self.mark(current.pointee, i) == marked & 1 }
      next = Self.overflow(of: current)
    }
    preconditionFailure("the slot is not of this hash")
  }

  /// Asks for what a walk over unmarked entries will meet soon: the farther, the less is known of it.
  public func prefetchUnmarked(after index: Int) {
    let count = bucketCount
    if index + 12 < count { martlet_prefetch(UnsafeRawPointer(bucket(index + 12))) }
    if index + 6 < count { prefetchUnmarked(of: bucket(index + 6)) }
    if index + 3 < count, let next = Self.overflow(of: bucket(index + 3)) { prefetchUnmarked(of: next) }
  }

  private func prefetchUnmarked(of bucket: Bucket) {
    var slots = Self.slotsPerBucket
    if let next = Self.overflow(of: bucket) {
      martlet_prefetch(UnsafeRawPointer(next))
      slots -= 1
    }
    let word = bucket.pointee
    let unmarked = word &>> 57 ^ marked
    for i in 0..<slots where unmarked &>> UInt64(i) & 1 != 0 && word &>> UInt64(i * 8) & 0xff != 0 {
      let entry = Self.slot(bucket, i).pointee
      martlet_prefetch(entry)
      martlet_prefetch(entry + 64)
    }
  }

  /// Takes all entries out, handing each to `body`, and leaves the table empty with its buckets.
  public mutating func drain(_ body: (Entry) -> Void) {
    for i in 0..<bucketCount {
      let head = bucket(i)
      visitChain(i, body)
      freeOverflow(of: head)
      Self.clear(head)
    }
    overflowBuckets = 0
    count = 0
  }

  /// An entry, each with the same probability; nil if there is none.
  ///
  /// A place is drawn among all places of all chains and drawn again while it is empty, so that
  /// entries of long chains are no less likely. Expected draws: under ten at normal load.
  public func randomEntry(_ random: inout some RandomNumberGenerator) -> Entry? {
    guard count > 0 else { return nil }
    // A chain that is not split yet holds nine entries on average: five buckets are never exceeded. A
    // table that was drained far below its size falls back to walking on from a random bucket.
    let places = 6 + 6 + 6 + 6 + 7
    for _ in 0..<256 {
      let draw = random.next()
      let chainIndex = Int(((draw & 0xffff_ffff) &* UInt64(bucketCount)) >> 32)
      var place = Int(((draw >> 32) &* UInt64(places)) >> 32)
      var next: Bucket? = bucket(chainIndex)
      while let current = next {
        next = Self.overflow(of: current)
        let slots = next == nil ? Self.slotsPerBucket : Self.slotsPerBucket - 1
        if place < slots {
          if current.pointee &>> UInt64(place * 8) & 0xff != 0 {
            return Entry(address: Self.slot(current, place).pointee)
          }
          break
        }
        place -= slots
      }
    }
    var found: Entry?
    let start = Int.random(in: 0..<bucketCount, using: &random)
    for i in 0..<bucketCount where found == nil {
      let at = start + i < bucketCount ? start + i : start + i - bucketCount
      visitChain(at) { if found == nil { found = $0 } }
    }
    return found
  }

  /// How many chains have 0, 1, 2 … entries, for DEBUG HTSTATS.
  public func chainLengths() -> [Int] {
    var lengths: [Int] = []
    for i in 0..<bucketCount {
      var n = 0
      visitChain(i) { _ in n += 1 }
      while lengths.count <= n { lengths.append(0) }
      lengths[n] += 1
    }
    return lengths
  }
}

extension UInt64 {
  /// The bits in reversed order.
  var bitReversed: UInt64 {
    var v = self
    v = v >> 1 & 0x5555_5555_5555_5555 | (v & 0x5555_5555_5555_5555) << 1
    v = v >> 2 & 0x3333_3333_3333_3333 | (v & 0x3333_3333_3333_3333) << 2
    v = v >> 4 & 0x0f0f_0f0f_0f0f_0f0f | (v & 0x0f0f_0f0f_0f0f_0f0f) << 4
    return v.byteSwapped
  }
}
