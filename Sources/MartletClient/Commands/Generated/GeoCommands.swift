// swift-format-ignore-file
// Written by tools/generate from the server's declarations: change those, and run `swift run generate-commands`.

/// Adds places to a sorted set, or moves them.
///
/// `GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]`, since 3.2.0. O(log(N)) for each item added, where N is the number of elements in the sorted set.
public struct GEOADD: Command {
  public typealias Response = Int
  public static var name: String { "GEOADD" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Condition: Sendable {
    case nx
    case xx
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .nx: e.append(word: "NX")
      case .xx: e.append(word: "XX")
      }
    }
  }
  public var key: RESPArgument
  public var condition: Condition?
  public var ch: Bool
  public var data: [(longitude: Double, latitude: Double, member: RESPArgument)]
  public init(_ key: some RESPEncodable, _ data: [(longitude: Double, latitude: Double, member: RESPArgument)], condition: Condition? = nil, ch: Bool = false) {
    self.key = key.respArgument
    self.condition = condition
    self.ch = ch
    self.data = data
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEOADD")
    e.append(key)
    if let condition { condition.encode(into: &e) }
    if ch { e.append(word: "CH") }
    for item in data {
      e.append(.double(item.longitude))
      e.append(.double(item.latitude))
      e.append(item.member)
    }
  }
}

/// Returns the distance between two places.
///
/// `GEODIST key member1 member2 [M | KM | FT | MI]`, since 3.2.0. O(1)
public struct GEODIST: Command {
  public typealias Response = Double?
  public static var name: String { "GEODIST" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Unit: Sendable {
    case m
    case km
    case ft
    case mi
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .m: e.append(word: "M")
      case .km: e.append(word: "KM")
      case .ft: e.append(word: "FT")
      case .mi: e.append(word: "MI")
      }
    }
  }
  public var key: RESPArgument
  public var member1: RESPArgument
  public var member2: RESPArgument
  public var unit: Unit?
  public init(_ key: some RESPEncodable, _ member1: some RESPEncodable, _ member2: some RESPEncodable, unit: Unit? = nil) {
    self.key = key.respArgument
    self.member1 = member1.respArgument
    self.member2 = member2.respArgument
    self.unit = unit
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEODIST")
    e.append(key)
    e.append(member1)
    e.append(member2)
    if let unit { unit.encode(into: &e) }
  }
}

/// Returns places as geohashes.
///
/// `GEOHASH key [member [member ...]]`, since 3.2.0. O(1) for each member requested.
public struct GEOHASH: Command {
  public typealias Response = [RESPString?]
  public static var name: String { "GEOHASH" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: [RESPArgument]
  public init(_ key: some RESPEncodable, member: [RESPArgument] = []) {
    self.key = key.respArgument
    self.member = member
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEOHASH")
    e.append(key)
    e.append(member)
  }
}

/// Returns the longitudes and latitudes of places.
///
/// `GEOPOS key [member [member ...]]`, since 3.2.0. O(1) for each member requested.
public struct GEOPOS: Command {
  public typealias Response = [GeoPosition?]
  public static var name: String { "GEOPOS" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public var key: RESPArgument
  public var member: [RESPArgument]
  public init(_ key: some RESPEncodable, member: [RESPArgument] = []) {
    self.key = key.respArgument
    self.member = member
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEOPOS")
    e.append(key)
    e.append(member)
  }
}

/// Returns or stores the places within a circle.
///
/// `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
public struct GEORADIUS: Command {
  /// Returns or stores the places within a circle.
  ///
  /// `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  public struct WithDetails: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "GEORADIUS" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var longitude: Double
    public var latitude: Double
    public var radius: Double
    public var unit: Unit
    public var withcoord: Bool
    public var withdist: Bool
    public var withhash: Bool
    public var count: Count?
    public var order: Order?
    public init(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: Count? = nil, order: Order? = nil) {
      self.key = key.respArgument
      self.longitude = longitude
      self.latitude = latitude
      self.radius = radius
      self.unit = unit
      self.withcoord = withcoord
      self.withdist = withdist
      self.withhash = withhash
      self.count = count
      self.order = order
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEORADIUS")
      e.append(key)
      e.append(.double(longitude))
      e.append(.double(latitude))
      e.append(.double(radius))
      unit.encode(into: &e)
      if withcoord { e.append(word: "WITHCOORD") }
      if withdist { e.append(word: "WITHDIST") }
      if withhash { e.append(word: "WITHHASH") }
      if let count { count.encode(into: &e) }
      if let order { order.encode(into: &e) }
    }
  }
  /// Returns or stores the places within a circle.
  ///
  /// `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  public struct Store: Command {
    public typealias Response = Int
    public static var name: String { "GEORADIUS" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public enum Store: Sendable {
      case store(RESPArgument)
      case storedist(RESPArgument)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .store(let value):
          e.append(word: "STORE")
          e.append(value)
        case .storedist(let value):
          e.append(word: "STOREDIST")
          e.append(value)
        }
      }
    }
    public var key: RESPArgument
    public var longitude: Double
    public var latitude: Double
    public var radius: Double
    public var unit: Unit
    public var count: Count?
    public var order: Order?
    public var store: Store
    public init(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: Unit, store: Store, count: Count? = nil, order: Order? = nil) {
      self.key = key.respArgument
      self.longitude = longitude
      self.latitude = latitude
      self.radius = radius
      self.unit = unit
      self.count = count
      self.order = order
      self.store = store
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEORADIUS")
      e.append(key)
      e.append(.double(longitude))
      e.append(.double(latitude))
      e.append(.double(radius))
      unit.encode(into: &e)
      if let count { count.encode(into: &e) }
      if let order { order.encode(into: &e) }
      store.encode(into: &e)
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "GEORADIUS" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Unit: Sendable {
    case m
    case km
    case ft
    case mi
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .m: e.append(word: "M")
      case .km: e.append(word: "KM")
      case .ft: e.append(word: "FT")
      case .mi: e.append(word: "MI")
      }
    }
  }
  public struct Count: Sendable {
    public var count: Int
    public var any: Bool
    public init(count: Int, any: Bool = false) {
      self.count = count
      self.any = any
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "COUNT")
      e.append(.integer(count))
      if any { e.append(word: "ANY") }
    }
  }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public var key: RESPArgument
  public var longitude: Double
  public var latitude: Double
  public var radius: Double
  public var unit: Unit
  public var count: Count?
  public var order: Order?
  public init(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: Unit, count: Count? = nil, order: Order? = nil) {
    self.key = key.respArgument
    self.longitude = longitude
    self.latitude = latitude
    self.radius = radius
    self.unit = unit
    self.count = count
    self.order = order
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEORADIUS")
    e.append(key)
    e.append(.double(longitude))
    e.append(.double(latitude))
    e.append(.double(radius))
    unit.encode(into: &e)
    if let count { count.encode(into: &e) }
    if let order { order.encode(into: &e) }
  }
}

/// Returns or stores the places within a circle around one of them.
///
/// `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
public struct GEORADIUSBYMEMBER: Command {
  /// Returns or stores the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  public struct WithDetails: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "GEORADIUSBYMEMBER" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var member: RESPArgument
    public var radius: Double
    public var unit: Unit
    public var withcoord: Bool
    public var withdist: Bool
    public var withhash: Bool
    public var count: Count?
    public var order: Order?
    public init(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: Count? = nil, order: Order? = nil) {
      self.key = key.respArgument
      self.member = member.respArgument
      self.radius = radius
      self.unit = unit
      self.withcoord = withcoord
      self.withdist = withdist
      self.withhash = withhash
      self.count = count
      self.order = order
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEORADIUSBYMEMBER")
      e.append(key)
      e.append(member)
      e.append(.double(radius))
      unit.encode(into: &e)
      if withcoord { e.append(word: "WITHCOORD") }
      if withdist { e.append(word: "WITHDIST") }
      if withhash { e.append(word: "WITHHASH") }
      if let count { count.encode(into: &e) }
      if let order { order.encode(into: &e) }
    }
  }
  /// Returns or stores the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  public struct Store: Command {
    public typealias Response = Int
    public static var name: String { "GEORADIUSBYMEMBER" }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public enum Store: Sendable {
      case store(RESPArgument)
      case storedist(RESPArgument)
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .store(let value):
          e.append(word: "STORE")
          e.append(value)
        case .storedist(let value):
          e.append(word: "STOREDIST")
          e.append(value)
        }
      }
    }
    public var key: RESPArgument
    public var member: RESPArgument
    public var radius: Double
    public var unit: Unit
    public var count: Count?
    public var order: Order?
    public var store: Store
    public init(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: Unit, store: Store, count: Count? = nil, order: Order? = nil) {
      self.key = key.respArgument
      self.member = member.respArgument
      self.radius = radius
      self.unit = unit
      self.count = count
      self.order = order
      self.store = store
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEORADIUSBYMEMBER")
      e.append(key)
      e.append(member)
      e.append(.double(radius))
      unit.encode(into: &e)
      if let count { count.encode(into: &e) }
      if let order { order.encode(into: &e) }
      store.encode(into: &e)
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "GEORADIUSBYMEMBER" }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Unit: Sendable {
    case m
    case km
    case ft
    case mi
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .m: e.append(word: "M")
      case .km: e.append(word: "KM")
      case .ft: e.append(word: "FT")
      case .mi: e.append(word: "MI")
      }
    }
  }
  public struct Count: Sendable {
    public var count: Int
    public var any: Bool
    public init(count: Int, any: Bool = false) {
      self.count = count
      self.any = any
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "COUNT")
      e.append(.integer(count))
      if any { e.append(word: "ANY") }
    }
  }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public var key: RESPArgument
  public var member: RESPArgument
  public var radius: Double
  public var unit: Unit
  public var count: Count?
  public var order: Order?
  public init(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: Unit, count: Count? = nil, order: Order? = nil) {
    self.key = key.respArgument
    self.member = member.respArgument
    self.radius = radius
    self.unit = unit
    self.count = count
    self.order = order
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEORADIUSBYMEMBER")
    e.append(key)
    e.append(member)
    e.append(.double(radius))
    unit.encode(into: &e)
    if let count { count.encode(into: &e) }
    if let order { order.encode(into: &e) }
  }
}

/// Returns the places within a circle around one of them.
///
/// `GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
public struct GEORADIUSBYMEMBER_RO: Command {
  /// Returns the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  public struct WithDetails: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "GEORADIUSBYMEMBER_RO" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var member: RESPArgument
    public var radius: Double
    public var unit: Unit
    public var withcoord: Bool
    public var withdist: Bool
    public var withhash: Bool
    public var count: Count?
    public var order: Order?
    public init(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: Count? = nil, order: Order? = nil) {
      self.key = key.respArgument
      self.member = member.respArgument
      self.radius = radius
      self.unit = unit
      self.withcoord = withcoord
      self.withdist = withdist
      self.withhash = withhash
      self.count = count
      self.order = order
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEORADIUSBYMEMBER_RO")
      e.append(key)
      e.append(member)
      e.append(.double(radius))
      unit.encode(into: &e)
      if withcoord { e.append(word: "WITHCOORD") }
      if withdist { e.append(word: "WITHDIST") }
      if withhash { e.append(word: "WITHHASH") }
      if let count { count.encode(into: &e) }
      if let order { order.encode(into: &e) }
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "GEORADIUSBYMEMBER_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Unit: Sendable {
    case m
    case km
    case ft
    case mi
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .m: e.append(word: "M")
      case .km: e.append(word: "KM")
      case .ft: e.append(word: "FT")
      case .mi: e.append(word: "MI")
      }
    }
  }
  public struct Count: Sendable {
    public var count: Int
    public var any: Bool
    public init(count: Int, any: Bool = false) {
      self.count = count
      self.any = any
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "COUNT")
      e.append(.integer(count))
      if any { e.append(word: "ANY") }
    }
  }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public var key: RESPArgument
  public var member: RESPArgument
  public var radius: Double
  public var unit: Unit
  public var count: Count?
  public var order: Order?
  public init(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: Unit, count: Count? = nil, order: Order? = nil) {
    self.key = key.respArgument
    self.member = member.respArgument
    self.radius = radius
    self.unit = unit
    self.count = count
    self.order = order
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEORADIUSBYMEMBER_RO")
    e.append(key)
    e.append(member)
    e.append(.double(radius))
    unit.encode(into: &e)
    if let count { count.encode(into: &e) }
    if let order { order.encode(into: &e) }
  }
}

/// Returns the places within a circle.
///
/// `GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
public struct GEORADIUS_RO: Command {
  /// Returns the places within a circle.
  ///
  /// `GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  public struct WithDetails: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "GEORADIUS_RO" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var longitude: Double
    public var latitude: Double
    public var radius: Double
    public var unit: Unit
    public var withcoord: Bool
    public var withdist: Bool
    public var withhash: Bool
    public var count: Count?
    public var order: Order?
    public init(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: Count? = nil, order: Order? = nil) {
      self.key = key.respArgument
      self.longitude = longitude
      self.latitude = latitude
      self.radius = radius
      self.unit = unit
      self.withcoord = withcoord
      self.withdist = withdist
      self.withhash = withhash
      self.count = count
      self.order = order
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEORADIUS_RO")
      e.append(key)
      e.append(.double(longitude))
      e.append(.double(latitude))
      e.append(.double(radius))
      unit.encode(into: &e)
      if withcoord { e.append(word: "WITHCOORD") }
      if withdist { e.append(word: "WITHDIST") }
      if withhash { e.append(word: "WITHHASH") }
      if let count { count.encode(into: &e) }
      if let order { order.encode(into: &e) }
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "GEORADIUS_RO" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum Unit: Sendable {
    case m
    case km
    case ft
    case mi
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .m: e.append(word: "M")
      case .km: e.append(word: "KM")
      case .ft: e.append(word: "FT")
      case .mi: e.append(word: "MI")
      }
    }
  }
  public struct Count: Sendable {
    public var count: Int
    public var any: Bool
    public init(count: Int, any: Bool = false) {
      self.count = count
      self.any = any
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "COUNT")
      e.append(.integer(count))
      if any { e.append(word: "ANY") }
    }
  }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public var key: RESPArgument
  public var longitude: Double
  public var latitude: Double
  public var radius: Double
  public var unit: Unit
  public var count: Count?
  public var order: Order?
  public init(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: Unit, count: Count? = nil, order: Order? = nil) {
    self.key = key.respArgument
    self.longitude = longitude
    self.latitude = latitude
    self.radius = radius
    self.unit = unit
    self.count = count
    self.order = order
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEORADIUS_RO")
    e.append(key)
    e.append(.double(longitude))
    e.append(.double(latitude))
    e.append(.double(radius))
    unit.encode(into: &e)
    if let count { count.encode(into: &e) }
    if let order { order.encode(into: &e) }
  }
}

/// Returns the places within a circle or a rectangle.
///
/// `GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]`, since 6.2.0. O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape
public struct GEOSEARCH: Command {
  /// Returns the places within a circle or a rectangle.
  ///
  /// `GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]`, since 6.2.0. O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape
  public struct WithDetails: Command {
    public typealias Response = [RESPValue]
    public static var name: String { "GEOSEARCH" }
    public static var isReadOnly: Bool { true }
    public var keys: [RESPArgument] { [key] }
    public var routingKey: RESPArgument? { key }
    public var key: RESPArgument
    public var from: From
    public var by: By
    public var order: Order?
    public var count: Count?
    public var withcoord: Bool
    public var withdist: Bool
    public var withhash: Bool
    public init(_ key: some RESPEncodable, from: From, by: By, order: Order? = nil, count: Count? = nil, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false) {
      self.key = key.respArgument
      self.from = from
      self.by = by
      self.order = order
      self.count = count
      self.withcoord = withcoord
      self.withdist = withdist
      self.withhash = withhash
    }
    public func encode(into e: inout CommandEncoder) {
      e.append(word: "GEOSEARCH")
      e.append(key)
      from.encode(into: &e)
      by.encode(into: &e)
      if let order { order.encode(into: &e) }
      if let count { count.encode(into: &e) }
      if withcoord { e.append(word: "WITHCOORD") }
      if withdist { e.append(word: "WITHDIST") }
      if withhash { e.append(word: "WITHHASH") }
    }
  }
  public typealias Response = [RESPString]
  public static var name: String { "GEOSEARCH" }
  public static var isReadOnly: Bool { true }
  public var keys: [RESPArgument] { [key] }
  public var routingKey: RESPArgument? { key }
  public enum From: Sendable {
    case frommember(RESPArgument)
    case fromlonlat(longitude: Double, latitude: Double)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .frommember(let value):
        e.append(word: "FROMMEMBER")
        e.append(value)
      case .fromlonlat(let longitude, let latitude):
        e.append(word: "FROMLONLAT")
        e.append(.double(longitude))
        e.append(.double(latitude))
      }
    }
  }
  public enum By: Sendable {
    public enum Unit: Sendable {
      case m
      case km
      case ft
      case mi
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .m: e.append(word: "M")
        case .km: e.append(word: "KM")
        case .ft: e.append(word: "FT")
        case .mi: e.append(word: "MI")
        }
      }
    }
    case byradius(radius: Double, unit: Unit)
    case bybox(width: Double, height: Double, unit: Unit)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .byradius(let radius, let unit):
        e.append(word: "BYRADIUS")
        e.append(.double(radius))
        unit.encode(into: &e)
      case .bybox(let width, let height, let unit):
        e.append(word: "BYBOX")
        e.append(.double(width))
        e.append(.double(height))
        unit.encode(into: &e)
      }
    }
  }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public struct Count: Sendable {
    public var count: Int
    public var any: Bool
    public init(count: Int, any: Bool = false) {
      self.count = count
      self.any = any
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "COUNT")
      e.append(.integer(count))
      if any { e.append(word: "ANY") }
    }
  }
  public var key: RESPArgument
  public var from: From
  public var by: By
  public var order: Order?
  public var count: Count?
  public init(_ key: some RESPEncodable, from: From, by: By, order: Order? = nil, count: Count? = nil) {
    self.key = key.respArgument
    self.from = from
    self.by = by
    self.order = order
    self.count = count
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEOSEARCH")
    e.append(key)
    from.encode(into: &e)
    by.encode(into: &e)
    if let order { order.encode(into: &e) }
    if let count { count.encode(into: &e) }
  }
}

/// Stores the places within a circle or a rectangle under a key.
///
/// `GEOSEARCHSTORE destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]`, since 6.2.0. O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape
public struct GEOSEARCHSTORE: Command {
  public typealias Response = Int
  public static var name: String { "GEOSEARCHSTORE" }
  public var keys: [RESPArgument] { [destination] + [source] }
  public var routingKey: RESPArgument? { destination }
  public enum From: Sendable {
    case frommember(RESPArgument)
    case fromlonlat(longitude: Double, latitude: Double)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .frommember(let value):
        e.append(word: "FROMMEMBER")
        e.append(value)
      case .fromlonlat(let longitude, let latitude):
        e.append(word: "FROMLONLAT")
        e.append(.double(longitude))
        e.append(.double(latitude))
      }
    }
  }
  public enum By: Sendable {
    public enum Unit: Sendable {
      case m
      case km
      case ft
      case mi
      func encode(into e: inout CommandEncoder) {
        switch self {
        case .m: e.append(word: "M")
        case .km: e.append(word: "KM")
        case .ft: e.append(word: "FT")
        case .mi: e.append(word: "MI")
        }
      }
    }
    case byradius(radius: Double, unit: Unit)
    case bybox(width: Double, height: Double, unit: Unit)
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .byradius(let radius, let unit):
        e.append(word: "BYRADIUS")
        e.append(.double(radius))
        unit.encode(into: &e)
      case .bybox(let width, let height, let unit):
        e.append(word: "BYBOX")
        e.append(.double(width))
        e.append(.double(height))
        unit.encode(into: &e)
      }
    }
  }
  public enum Order: Sendable {
    case asc
    case desc
    func encode(into e: inout CommandEncoder) {
      switch self {
      case .asc: e.append(word: "ASC")
      case .desc: e.append(word: "DESC")
      }
    }
  }
  public struct Count: Sendable {
    public var count: Int
    public var any: Bool
    public init(count: Int, any: Bool = false) {
      self.count = count
      self.any = any
    }
    func encode(into e: inout CommandEncoder) {
      e.append(word: "COUNT")
      e.append(.integer(count))
      if any { e.append(word: "ANY") }
    }
  }
  public var destination: RESPArgument
  public var source: RESPArgument
  public var from: From
  public var by: By
  public var order: Order?
  public var count: Count?
  public var storedist: Bool
  public init(_ destination: some RESPEncodable, _ source: some RESPEncodable, from: From, by: By, order: Order? = nil, count: Count? = nil, storedist: Bool = false) {
    self.destination = destination.respArgument
    self.source = source.respArgument
    self.from = from
    self.by = by
    self.order = order
    self.count = count
    self.storedist = storedist
  }
  public func encode(into e: inout CommandEncoder) {
    e.append(word: "GEOSEARCHSTORE")
    e.append(destination)
    e.append(source)
    from.encode(into: &e)
    by.encode(into: &e)
    if let order { order.encode(into: &e) }
    if let count { count.encode(into: &e) }
    if storedist { e.append(word: "STOREDIST") }
  }
}

extension CommandSending {
  /// Adds places to a sorted set, or moves them.
  ///
  /// `GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]`, since 3.2.0. O(log(N)) for each item added, where N is the number of elements in the sorted set.
  @discardableResult
  public func geoadd(_ key: some RESPEncodable, _ data: [(longitude: Double, latitude: Double, member: RESPArgument)], condition: GEOADD.Condition? = nil, ch: Bool = false) async throws -> Int {
    try await send(GEOADD(key, data, condition: condition, ch: ch))
  }

  /// Returns the distance between two places.
  ///
  /// `GEODIST key member1 member2 [M | KM | FT | MI]`, since 3.2.0. O(1)
  @discardableResult
  public func geodist(_ key: some RESPEncodable, _ member1: some RESPEncodable, _ member2: some RESPEncodable, unit: GEODIST.Unit? = nil) async throws -> Double? {
    try await send(GEODIST(key, member1, member2, unit: unit))
  }

  /// Returns places as geohashes.
  ///
  /// `GEOHASH key [member [member ...]]`, since 3.2.0. O(1) for each member requested.
  @discardableResult
  public func geohash(_ key: some RESPEncodable, member: [RESPArgument] = []) async throws -> [RESPString?] {
    try await send(GEOHASH(key, member: member))
  }

  /// Returns the longitudes and latitudes of places.
  ///
  /// `GEOPOS key [member [member ...]]`, since 3.2.0. O(1) for each member requested.
  @discardableResult
  public func geopos(_ key: some RESPEncodable, member: [RESPArgument] = []) async throws -> [GeoPosition?] {
    try await send(GEOPOS(key, member: member))
  }

  /// Returns or stores the places within a circle.
  ///
  /// `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadius(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: GEORADIUS.Unit, count: GEORADIUS.Count? = nil, order: GEORADIUS.Order? = nil) async throws -> [RESPString] {
    try await send(GEORADIUS(key, longitude: longitude, latitude: latitude, radius: radius, unit: unit, count: count, order: order))
  }

  /// Returns or stores the places within a circle.
  ///
  /// `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusWithDetails(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: GEORADIUS.Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: GEORADIUS.Count? = nil, order: GEORADIUS.Order? = nil) async throws -> [RESPValue] {
    try await send(GEORADIUS.WithDetails(key, longitude: longitude, latitude: latitude, radius: radius, unit: unit, withcoord: withcoord, withdist: withdist, withhash: withhash, count: count, order: order))
  }

  /// Returns or stores the places within a circle.
  ///
  /// `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusStore(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: GEORADIUS.Unit, store: GEORADIUS.Store.Store, count: GEORADIUS.Count? = nil, order: GEORADIUS.Order? = nil) async throws -> Int {
    try await send(GEORADIUS.Store(key, longitude: longitude, latitude: latitude, radius: radius, unit: unit, store: store, count: count, order: order))
  }

  /// Returns or stores the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusbymember(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: GEORADIUSBYMEMBER.Unit, count: GEORADIUSBYMEMBER.Count? = nil, order: GEORADIUSBYMEMBER.Order? = nil) async throws -> [RESPString] {
    try await send(GEORADIUSBYMEMBER(key, member, radius: radius, unit: unit, count: count, order: order))
  }

  /// Returns or stores the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusbymemberWithDetails(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: GEORADIUSBYMEMBER.Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: GEORADIUSBYMEMBER.Count? = nil, order: GEORADIUSBYMEMBER.Order? = nil) async throws -> [RESPValue] {
    try await send(GEORADIUSBYMEMBER.WithDetails(key, member, radius: radius, unit: unit, withcoord: withcoord, withdist: withdist, withhash: withhash, count: count, order: order))
  }

  /// Returns or stores the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE storekey | STOREDIST storedistkey]`, since 3.2.0. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusbymemberStore(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: GEORADIUSBYMEMBER.Unit, store: GEORADIUSBYMEMBER.Store.Store, count: GEORADIUSBYMEMBER.Count? = nil, order: GEORADIUSBYMEMBER.Order? = nil) async throws -> Int {
    try await send(GEORADIUSBYMEMBER.Store(key, member, radius: radius, unit: unit, store: store, count: count, order: order))
  }

  /// Returns the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusbymemberRO(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: GEORADIUSBYMEMBER_RO.Unit, count: GEORADIUSBYMEMBER_RO.Count? = nil, order: GEORADIUSBYMEMBER_RO.Order? = nil) async throws -> [RESPString] {
    try await send(GEORADIUSBYMEMBER_RO(key, member, radius: radius, unit: unit, count: count, order: order))
  }

  /// Returns the places within a circle around one of them.
  ///
  /// `GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusbymemberROWithDetails(_ key: some RESPEncodable, _ member: some RESPEncodable, radius: Double, unit: GEORADIUSBYMEMBER_RO.Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: GEORADIUSBYMEMBER_RO.Count? = nil, order: GEORADIUSBYMEMBER_RO.Order? = nil) async throws -> [RESPValue] {
    try await send(GEORADIUSBYMEMBER_RO.WithDetails(key, member, radius: radius, unit: unit, withcoord: withcoord, withdist: withdist, withhash: withhash, count: count, order: order))
  }

  /// Returns the places within a circle.
  ///
  /// `GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusRO(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: GEORADIUS_RO.Unit, count: GEORADIUS_RO.Count? = nil, order: GEORADIUS_RO.Order? = nil) async throws -> [RESPString] {
    try await send(GEORADIUS_RO(key, longitude: longitude, latitude: latitude, radius: radius, unit: unit, count: count, order: order))
  }

  /// Returns the places within a circle.
  ///
  /// `GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]`, since 3.2.10. O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.
  @discardableResult
  public func georadiusROWithDetails(_ key: some RESPEncodable, longitude: Double, latitude: Double, radius: Double, unit: GEORADIUS_RO.Unit, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false, count: GEORADIUS_RO.Count? = nil, order: GEORADIUS_RO.Order? = nil) async throws -> [RESPValue] {
    try await send(GEORADIUS_RO.WithDetails(key, longitude: longitude, latitude: latitude, radius: radius, unit: unit, withcoord: withcoord, withdist: withdist, withhash: withhash, count: count, order: order))
  }

  /// Returns the places within a circle or a rectangle.
  ///
  /// `GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]`, since 6.2.0. O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape
  @discardableResult
  public func geosearch(_ key: some RESPEncodable, from: GEOSEARCH.From, by: GEOSEARCH.By, order: GEOSEARCH.Order? = nil, count: GEOSEARCH.Count? = nil) async throws -> [RESPString] {
    try await send(GEOSEARCH(key, from: from, by: by, order: order, count: count))
  }

  /// Returns the places within a circle or a rectangle.
  ///
  /// `GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]`, since 6.2.0. O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape
  @discardableResult
  public func geosearchWithDetails(_ key: some RESPEncodable, from: GEOSEARCH.From, by: GEOSEARCH.By, order: GEOSEARCH.Order? = nil, count: GEOSEARCH.Count? = nil, withcoord: Bool = false, withdist: Bool = false, withhash: Bool = false) async throws -> [RESPValue] {
    try await send(GEOSEARCH.WithDetails(key, from: from, by: by, order: order, count: count, withcoord: withcoord, withdist: withdist, withhash: withhash))
  }

  /// Stores the places within a circle or a rectangle under a key.
  ///
  /// `GEOSEARCHSTORE destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]`, since 6.2.0. O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape
  @discardableResult
  public func geosearchstore(_ destination: some RESPEncodable, _ source: some RESPEncodable, from: GEOSEARCHSTORE.From, by: GEOSEARCHSTORE.By, order: GEOSEARCHSTORE.Order? = nil, count: GEOSEARCHSTORE.Count? = nil, storedist: Bool = false) async throws -> Int {
    try await send(GEOSEARCHSTORE(destination, source, from: from, by: by, order: order, count: count, storedist: storedist))
  }
}
