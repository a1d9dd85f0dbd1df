import Keyspace
import Memory
import RESP
import Structures

extension CommandTable {
  static let geoSearches: [Command] = [
    Command(
      "GEOSEARCH", arity: -7, [.readonly], keys: [.one("RO", "access")], group: .geo, since: "6.2.0",
      summary: "Returns the places within a circle or a rectangle.", complexity: searchComplexity,
      syntax:
        "key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]",
      run: { search($0, .search, &$1) }),
    Command(
      "GEOSEARCHSTORE", arity: -8, [.write, .denyOOM], keys: [.one("OW", "update"), .one("RO", "access", at: 2)],
      group: .geo, since: "6.2.0", summary: "Stores the places within a circle or a rectangle under a key.",
      complexity: searchComplexity,
      syntax:
        "destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]",
      run: { search($0, .searchStore, &$1) }),
    Command(
      "GEORADIUS", arity: -6, [.write, .denyOOM, .movableKeys],
      keys: [.one("RO", "access"), destination("STORE", from: 6), destination("STOREDIST", from: 6)], group: .geo,
      since: "3.2.0", summary: "Returns or stores the places within a circle.", complexity: radiusComplexity,
      syntax:
        "key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]",
      run: { search($0, .radius, &$1) }),
    Command(
      "GEORADIUSBYMEMBER", arity: -5, [.write, .denyOOM, .movableKeys],
      keys: [.one("RO", "access"), destination("STORE", from: 5), destination("STOREDIST", from: 5)], group: .geo,
      since: "3.2.0", summary: "Returns or stores the places within a circle around one of them.",
      complexity: radiusComplexity,
      syntax:
        "key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]",
      run: { search($0, .radiusByMember, &$1) }),
    Command(
      "GEORADIUS_RO", arity: -6, [.readonly], keys: [.one("RO", "access")], group: .geo, since: "3.2.10",
      summary: "Returns the places within a circle.", complexity: radiusComplexity,
      syntax:
        "key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]",
      run: { search($0, .radiusReadOnly, &$1) }),
    Command(
      "GEORADIUSBYMEMBER_RO", arity: -5, [.readonly], keys: [.one("RO", "access")], group: .geo, since: "3.2.10",
      summary: "Returns the places within a circle around one of them.", complexity: radiusComplexity,
      syntax:
        "key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]",
      run: { search($0, .radiusByMemberReadOnly, &$1) }),
  ]

  private static func destination(_ keyword: StaticString, from index: Int) -> KeySpec {
    KeySpec(.keyword(keyword, from: index), .range(last: 0, step: 1, limit: 0), ["OW", "update"])
  }

  private static let searchComplexity: StaticString =
    "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape"
  private static let radiusComplexity: StaticString =
    "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index."
}

/// The commands that search, which take their arguments in different ways.
private enum GeoCommand {
  case search
  case searchStore
  case radius
  case radiusByMember
  case radiusReadOnly
  case radiusByMemberReadOnly

  var isSearch: Bool { self == .search || self == .searchStore }
  var isByMember: Bool { self == .radiusByMember || self == .radiusByMemberReadOnly }
  var maySaveByOption: Bool { self == .radius || self == .radiusByMember }
  var keyIndex: Int { self == .searchStore ? 2 : 1 }

  /// Index of the first option.
  var firstOption: Int {
    switch self {
    case .search: 2
    case .searchStore: 3
    case .radius, .radiusReadOnly: 6
    case .radiusByMember, .radiusByMemberReadOnly: 5
    }
  }
}

private func search(_ call: Call, _ command: GeoCommand, _ reply: inout ReplyWriter) {
  let found = call.findSortedSet(command.keyIndex, .none, &reply)
  if case .wrongType = found { return }
  var entry: Entry?
  if case .found(let set) = found { entry = set }
  guard let query = GeoQuery(call, command, entry, &reply) else { return }
  guard let entry, let shape = query.shape else {
    guard let destination = query.destination else { return reply.array(0) }
    return call.storeSortedSet(nil, destination, event: "", &reply)
  }
  var matches = GeoMatches()
  matches.collect(entry, shape, limit: query.acceptsAny ? query.count : nil)
  matches.order(query.order, keeping: query.count)
  if let destination = query.destination {
    store(call, matches, query, destination, isSearch: command.isSearch, &reply)
  } else {
    answer(matches, query, &reply)
  }
}

private func answer(_ matches: GeoMatches, _ query: GeoQuery, _ reply: inout ReplyWriter) {
  reply.array(matches.items.count)
  let extras = (query.withDistance ? 1 : 0) + (query.withHash ? 1 : 0) + (query.withPoint ? 1 : 0)
  for match in matches.items {
    if extras > 0 { reply.array(extras + 1) }
    reply.fieldValue(match.member.name)
    if query.withDistance { reply.distance(match.distance / query.unit) }
    if query.withHash { reply.integer(Int(truncatingIfNeeded: Geohash(score: match.member.score).bits)) }
    if query.withPoint { reply.point(Geohash(score: match.member.score).point) }
  }
}

private func store(
  _ call: Call, _ matches: GeoMatches, _ query: GeoQuery, _ destination: Int, isSearch: Bool, _ reply: inout ReplyWriter
) {
  var builder = SortedSetBuilder(hashKey: call.keyspace.pointee.hashKey)
  for match in matches.items {
    let score = query.storesDistance ? match.distance / query.unit : match.member.score
    match.member.name.withBytes { builder.add($0, score) { _, fresh in fresh } }
  }
  let fresh = builder.finish(key: call[destination], in: call.keyspace)
  call.storeSortedSet(
    fresh, destination, event: isSearch ? "geosearchstore" : "georadiusstore", dirty: max(1, matches.items.count),
    &reply)
}

/// What is searched for, and what is to become of it.
private struct GeoQuery {
  /// Nil if there is nothing to search in.
  private(set) var shape: GeoShape?
  private(set) var unit = 1.0
  private(set) var withDistance = false
  private(set) var withHash = false
  private(set) var withPoint = false
  private(set) var storesDistance = false
  private(set) var order: GeoMatches.Order?
  /// The most places that are wanted.
  private(set) var count: Int?
  /// Any of them will do, not only the nearest.
  private(set) var acceptsAny = false
  /// Index of the key that the result is stored under.
  private(set) var destination: Int?

  private var center: Geohash.Point?
  private var extent: GeoShape.Extent?
  /// FROMMEMBER was given, whether there is such a member or not.
  private var isFromMember = false

  /// Nil after an error was written.
  init?(_ call: Call, _ command: GeoCommand, _ entry: Entry?, _ reply: inout ReplyWriter) {
    if command == .searchStore { destination = 1 }
    guard takeCircle(call, command, entry, &reply) else { return nil }
    var i = command.firstOption
    while i < call.count {
      if let used = takeOutput(call, i, command) {
        i += used
      } else if call.argument(i, is: "count") && i + 1 < call.count {
        guard let given = call.integer(i + 1, &reply) else { return nil }
        if given <= 0 {
          reply.error("ERR COUNT must be > 0")
          return nil
        }
        count = Int(given)
        i += 2
      } else {
        guard let used = command.isSearch ? takeShape(call, i, entry, &reply) : 0 else { return nil }
        if used == 0 {
          reply.syntaxError()
          return nil
        }
        i += used
      }
    }
    guard isConsistent(call, command, &reply) else { return nil }
    if count != nil && order == nil && !acceptsAny { order = .nearestFirst }
    if entry != nil, let center, let extent { shape = GeoShape(scaled(extent), around: center) }
  }

  /// The circle that GEORADIUS and its kin begin with. False after an error was written.
  private mutating func takeCircle(
    _ call: Call, _ command: GeoCommand, _ entry: Entry?, _ reply: inout ReplyWriter
  ) -> Bool {
    if command.isSearch { return true }
    if command.isByMember {
      // Without a key the rest is still read, since it tells what the reply is.
      guard let entry else { return true }
      guard takeMember(call, 2, entry, &reply) else { return false }
    } else {
      guard let point = call.point(2, &reply) else { return false }
      center = point
    }
    return takeRadius(call, command.firstOption - 2, &reply)
  }

  private mutating func takeMember(_ call: Call, _ i: Int, _ entry: Entry, _ reply: inout ReplyWriter) -> Bool {
    guard let score = SortedSetValue.score(entry, call[i]) else {
      reply.error("ERR could not decode requested zset member")
      return false
    }
    center = Geohash(score: score).point
    return true
  }

  private mutating func takeRadius(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Bool {
    guard let radius = call.double(i, orError: "ERR need numeric radius", &reply) else { return false }
    if radius < 0 {
      reply.error("ERR radius cannot be negative")
      return false
    }
    guard let unit = call.unit(i + 1, &reply) else { return false }
    self.unit = unit
    extent = .circle(radius: radius)
    return true
  }

  private mutating func takeBox(_ call: Call, _ i: Int, _ reply: inout ReplyWriter) -> Bool {
    guard let width = call.double(i, orError: "ERR need numeric width", &reply),
      let height = call.double(i + 1, orError: "ERR need numeric height", &reply)
    else { return false }
    if width < 0 || height < 0 {
      reply.error("ERR height or width cannot be negative")
      return false
    }
    guard let unit = call.unit(i + 2, &reply) else { return false }
    self.unit = unit
    extent = .box(width: width, height: height)
    return true
  }

  /// An option about the result: how many arguments it takes, nil if it is another.
  private mutating func takeOutput(_ call: Call, _ i: Int, _ command: GeoCommand) -> Int? {
    let word = call[i]
    if word.equalsIgnoringCase("withdist") {
      withDistance = true
    } else if word.equalsIgnoringCase("withhash") {
      withHash = true
    } else if word.equalsIgnoringCase("withcoord") {
      withPoint = true
    } else if word.equalsIgnoringCase("any") {
      acceptsAny = true
    } else if word.equalsIgnoringCase("asc") {
      order = .nearestFirst
    } else if word.equalsIgnoringCase("desc") {
      order = .farthestFirst
    } else if command == .searchStore && word.equalsIgnoringCase("storedist") {
      storesDistance = true
    } else if command.maySaveByOption && i + 1 < call.count && word.equalsIgnoringCase("store") {
      destination = i + 1
      storesDistance = false
      return 2
    } else if command.maySaveByOption && i + 1 < call.count && word.equalsIgnoringCase("storedist") {
      destination = i + 1
      storesDistance = true
      return 2
    } else {
      return nil
    }
    return 1
  }

  /// An option of GEOSEARCH about where: how many arguments it takes, 0 if it is another, nil after an error was written.
  private mutating func takeShape(_ call: Call, _ i: Int, _ entry: Entry?, _ reply: inout ReplyWriter) -> Int? {
    let word = call[i]
    let isBox = if case .box = extent { true } else { false }
    let isCircle = extent != nil && !isBox
    if i + 1 < call.count && word.equalsIgnoringCase("frommember") && (center == nil || isFromMember) {
      isFromMember = true
      if let entry, !takeMember(call, i + 1, entry, &reply) { return nil }
      return 2
    }
    if i + 2 < call.count && word.equalsIgnoringCase("fromlonlat") && !isFromMember {
      guard let point = call.point(i + 1, &reply) else { return nil }
      center = point
      return 3
    }
    if i + 2 < call.count && word.equalsIgnoringCase("byradius") && !isBox {
      return takeRadius(call, i + 1, &reply) ? 3 : nil
    }
    if i + 3 < call.count && word.equalsIgnoringCase("bybox") && !isCircle {
      return takeBox(call, i + 1, &reply) ? 4 : nil
    }
    return 0
  }

  /// False after an error was written.
  private func isConsistent(_ call: Call, _ command: GeoCommand, _ reply: inout ReplyWriter) -> Bool {
    if destination != nil && (withDistance || withHash || withPoint) {
      let name = command == .searchStore ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS"
      reply.error("ERR \(name) is not compatible with WITHDIST, WITHHASH and WITHCOORD options")
    } else if command.isSearch && center == nil && !isFromMember {
      reply.error("ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for \(call[0].string)")
    } else if command.isSearch && extent == nil {
      reply.error("ERR exactly one of BYRADIUS and BYBOX can be specified for \(call[0].string)")
    } else if acceptsAny && count == nil {
      reply.error("ERR the ANY argument requires COUNT argument")
    } else {
      return true
    }
    return false
  }

  /// In metres.
  private func scaled(_ extent: GeoShape.Extent) -> GeoShape.Extent {
    switch extent {
    case .circle(let radius): .circle(radius: radius * unit)
    case .box(let width, let height): .box(width: width * unit, height: height * unit)
    }
  }
}
