import CMartlet
import Keyspace
import Memory
import RESP
import Structures

// Places are members of sorted sets, whose scores are the bits of their geohashes: there is no type of its own.

extension CommandTable {
  /// Sorted sets of places on earth. https://redis.io/docs/latest/commands/?group=geo
  public static let geo: [Command] = geoPlaces + geoSearches

  private static let geoPlaces: [Command] = [
    Command(
      "GEOADD", arity: -5, [.write, .denyOOM], keys: [.one("RW", "update")], group: .geo, since: "3.2.0",
      summary: "Adds places to a sorted set, or moves them.",
      complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set.",
      syntax: "key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]", run: geoadd),
    Command(
      "GEODIST", arity: -4, [.readonly], keys: [.one("RO", "access")], group: .geo, since: "3.2.0",
      summary: "Returns the distance between two places.", syntax: "key member1 member2 [M | KM | FT | MI]",
      run: geodist),
    Command(
      "GEOHASH", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .geo, since: "3.2.0",
      summary: "Returns places as geohashes.", complexity: "O(1) for each member requested.",
      syntax: "key [member [member ...]]", run: geohash),
    Command(
      "GEOPOS", arity: -2, [.readonly], keys: [.one("RO", "access")], group: .geo, since: "3.2.0",
      summary: "Returns the longitudes and latitudes of places.", complexity: "O(1) for each member requested.",
      syntax: "key [member [member ...]]", run: geopos),
  ]
}

extension Call {
  /// The place whose longitude is at `index` and whose latitude follows; nil after the error was written.
  func point(_ index: Int, _ reply: inout ReplyWriter) -> Geohash.Point? {
    guard let longitude = double(index, &reply), let latitude = double(index + 1, &reply) else { return nil }
    let point = Geohash.Point(longitude: longitude, latitude: latitude)
    if point.isOnMap { return point }
    reply.error("ERR invalid longitude,latitude pair \(sixDecimals(longitude)),\(sixDecimals(latitude))")
    return nil
  }

  /// How many metres the unit at `index` has; nil after the error was written.
  func unit(_ index: Int, _ reply: inout ReplyWriter) -> Double? {
    let word = self[index]
    if word.equalsIgnoringCase("m") { return 1 }
    if word.equalsIgnoringCase("km") { return 1000 }
    if word.equalsIgnoringCase("ft") { return 0.3048 }
    if word.equalsIgnoringCase("mi") { return 1609.34 }
    reply.error("ERR unsupported unit provided. please use M, KM, FT, MI")
    return nil
  }
}

/// As C's `%f`.
private func sixDecimals(_ value: Double) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text in
    _ = withVaList([value]) { vsnprintf(text.baseAddress!, 400, "%f", $0) }
    return String(cString: text.baseAddress!)
  }
}

extension ReplyWriter {
  /// A distance, with four decimals.
  mutating func distance(_ value: Double) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { text in
      let rounded = min((value * 10_000).rounded(.toNearestOrEven), 0x1p62)
      let count = writeFixed(UInt64(rounded), decimals: 4, to: text.baseAddress!)
      bulk(Bytes(UnsafeRawPointer(text.baseAddress!), count: count))
    }
  }

  /// Longitude and latitude, with as many of 17 decimals as are needed.
  mutating func point(_ point: Geohash.Point) {
    array(2)
    degrees(point.longitude)
    degrees(point.latitude)
  }

  private mutating func degrees(_ value: Double) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: doubleTextCapacity) { text in
      var digits = scaled(value.magnitude, byTenToThe: 17)
      var decimals = 17
      while decimals > 0 && digits % 10 == 0 {
        digits /= 10
        decimals -= 1
      }
      let isNegative = value < 0 && digits > 0
      text[0] = UInt8(ascii: "-")
      let sign = isNegative ? 1 : 0
      let count = sign + writeFixed(digits, decimals: decimals, to: text.baseAddress! + sign)
      double(text: Bytes(UnsafeRawPointer(text.baseAddress!), count: count))
    }
  }
}

// MARK: Add

private func geoadd(_ call: Call, _ reply: inout ReplyWriter) {
  var arguments = ScoreArguments()
  var first = 2
  while first < call.count, arguments.take(call[first], allowing: [.onlyNew, .onlyExisting]) { first += 1 }
  let places = (call.count - first) / 3
  guard (call.count - first) % 3 == 0,
    !(arguments.options.contains(.onlyNew) && arguments.options.contains(.onlyExisting))
  else { return reply.syntaxError() }
  if places == 0 { return reply.syntaxError() }
  withUnsafeTemporaryAllocation(of: Double.self, capacity: places) { scores in
    for i in 0..<places {
      guard let point = call.point(first + i * 3, &reply) else { return }
      scores[i] = Double(Geohash(point).score)
    }
    let dirty = call.keyspace.pointee.dirty
    call.setScores(UnsafeBufferPointer(scores), members: first + 2, step: 3, arguments, &reply)
    if call.isPropagated && call.keyspace.pointee.dirty != dirty {
      propagate(call, first: first, UnsafeBufferPointer(scores))
    }
  }
}

/// Tells of a GEOADD as of the ZADD that it is.
private func propagate(_ call: Call, first: Int, _ scores: UnsafeBufferPointer<Double>) {
  var text: [UInt8] = []
  var ends: [Int] = []
  for score in scores {
    text.append(contentsOf: String(UInt64(score)).utf8)
    ends.append(text.count)
  }
  text.withBytes { text in
    var command = [Bytes("ZADD")]
    for i in 1..<first { command.append(call[i]) }
    var start = 0
    for (i, end) in ends.enumerated() {
      command.append(text[start..<end])
      command.append(call[first + i * 3 + 2])
      start = end
    }
    call.propagate(command)
  }
}

// MARK: Read

private func geodist(_ call: Call, _ reply: inout ReplyWriter) {
  var unit = 1.0
  if call.count == 5 {
    guard let given = call.unit(4, &reply) else { return }
    unit = given
  } else if call.count > 5 {
    return reply.syntaxError()
  }
  switch call.findSortedSet(1, .none, &reply) {
  case .wrongType: return
  case .missing: reply.null()
  case .found(let entry):
    guard let a = SortedSetValue.score(entry, call[2]), let b = SortedSetValue.score(entry, call[3]) else {
      return reply.null()
    }
    reply.distance(GeoShape.distance(Geohash(score: a).point, Geohash(score: b).point) / unit)
  }
}

private func geohash(_ call: Call, _ reply: inout ReplyWriter) {
  writePlaces(call, missing: { $0.null() }, &reply) { hash, reply in
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { text in
      let count = hash.write(to: text.baseAddress!)
      reply.bulk(Bytes(UnsafeRawPointer(text.baseAddress!), count: count))
    }
  }
}

private func geopos(_ call: Call, _ reply: inout ReplyWriter) {
  writePlaces(call, missing: { $0.nullArray() }, &reply) { hash, reply in reply.point(hash.point) }
}

/// Writes something of each member from argument 2 on.
private func writePlaces(
  _ call: Call, missing: (inout ReplyWriter) -> Void, _ reply: inout ReplyWriter,
  _ write: (Geohash, inout ReplyWriter) -> Void
) {
  let found = call.findSortedSet(1, .none, &reply)
  if case .wrongType = found { return }
  reply.array(call.count - 2)
  for i in 2..<max(2, call.count) {
    if case .found(let entry) = found, let score = SortedSetValue.score(entry, call[i]) {
      write(Geohash(score: score), &reply)
    } else {
      missing(&reply)
    }
  }
}
