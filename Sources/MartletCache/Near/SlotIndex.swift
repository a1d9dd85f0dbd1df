/// Finds slots by a hash: an open-addressed table of slot numbers with the hash's lower half beside each.
///
/// What a slot holds, and whether it is the one meant, only the caller knows; so a search is a walk over candidates. Several
/// slots may have the same hash. A removal shifts the following run back, so there are no tombstones and a search ends at
/// the first empty place however long the table has been in use.
@usableFromInline
struct SlotIndex: Sendable {
  @usableFromInline
  struct Place: Sendable {
    @usableFromInline var hash: UInt32
    /// The slot's number and one; 0 is an empty place.
    @usableFromInline var slotAndOne: UInt32

    @inlinable
    init(hash: UInt32 = 0, slotAndOne: UInt32 = 0) {
      self.hash = hash
      self.slotAndOne = slotAndOne
    }
  }

  @usableFromInline var places: ContiguousArray<Place>
  @usableFromInline var mask: Int
  private(set) var count = 0

  init() {
    places = ContiguousArray(repeating: Place(), count: 16)
    mask = 15
  }

  /// Where the search for a hash begins; pass it to `next`.
  @inlinable
  func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

  /// The next slot whose hash equals in its lower half, from `place` on, which moves behind it.
  @inlinable
  func next(_ hash: UInt64, _ place: inout Int) -> Int? {
    let half = UInt32(truncatingIfNeeded: hash)
    while true {
      let found = places[place]
      if found.slotAndOne == 0 { return nil }
      place = (place + 1) & mask
      if found.hash == half { return Int(found.slotAndOne) - 1 }
    }
  }

  mutating func insert(_ slot: Int, hash: UInt64) {
    // A quarter is kept free, which keeps the runs short.
    if (count + 1) * 4 > places.count * 3 { grow() }
    count += 1
    put(Place(hash: UInt32(truncatingIfNeeded: hash), slotAndOne: UInt32(slot) + 1))
  }

  /// Removes a slot that was inserted with this hash.
  mutating func remove(_ slot: Int, hash: UInt64) {
    var hole = start(hash)
    while places[hole].slotAndOne != UInt32(slot) + 1 {
      assert(places[hole].slotAndOne != 0, "the slot is not in the index")
      hole = (hole + 1) & mask
    }
    count -= 1
    var place = hole
    while true {
      place = (place + 1) & mask
      let moved = places[place]
      if moved.slotAndOne == 0 { break }
      // It may fill the hole if its search begins at the hole or before it.
      let home = Int(moved.hash) & mask
      if (place - home) & mask >= (place - hole) & mask {
        places[hole] = moved
        hole = place
      }
    }
    places[hole] = Place()
  }

  private mutating func put(_ new: Place) {
    var place = Int(new.hash) & mask
    while places[place].slotAndOne != 0 { place = (place + 1) & mask }
    places[place] = new
  }

  private mutating func grow() {
    let old = places
    places = ContiguousArray(repeating: Place(), count: old.count * 2)
    mask = places.count - 1
    for place in old where place.slotAndOne != 0 { put(place) }
  }
}
