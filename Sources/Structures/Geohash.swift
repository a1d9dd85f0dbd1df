/// A cell of the grid over the earth: longitude and latitude are halved `step` times, and the bits that say which
/// half are interleaved, longitude's first. Cells that share their first bits lie in each other, so that all places of
/// a cell have scores in one range. https://en.wikipedia.org/wiki/Geohash
///
/// A place is kept as a cell of 26 steps, whose 52 bits a double holds exactly: its size is about 0.6 m at most. Scores
/// are shared with other servers in files and replies, so every operation here is done on doubles in the very order
/// that these do it.
public struct Geohash: Equatable {
  public let bits: UInt64
  public let step: Int

  public static let maximumStep = 26

  /// A range of degrees in each direction.
  public struct Bounds {
    public let longitude: (minimum: Double, maximum: Double)
    public let latitude: (minimum: Double, maximum: Double)

    /// What the web Mercator projection shows (EPSG:3857): there are no places near the poles.
    public static var mercator: Bounds {
      Bounds(longitude: (-180, 180), latitude: (-85.05112878, 85.05112878))
    }

    /// The whole earth, on which the geohashes that people write are based.
    public static var whole: Bounds { Bounds(longitude: (-180, 180), latitude: (-90, 90)) }
  }

  public struct Point {
    public let longitude: Double
    public let latitude: Double

    public init(longitude: Double, latitude: Double) {
      self.longitude = longitude
      self.latitude = latitude
    }

    public var isOnMap: Bool {
      let bounds = Bounds.mercator
      return longitude >= bounds.longitude.minimum && longitude <= bounds.longitude.maximum
        && latitude >= bounds.latitude.minimum && latitude <= bounds.latitude.maximum
    }
  }

  init(bits: UInt64, step: Int) {
    assert(step > 0 && step <= Self.maximumStep)
    self.bits = bits
    self.step = step
  }

  /// The cell that a place, which must be on the map, lies in.
  public init(_ point: Point, step: Int = maximumStep, in bounds: Bounds = .mercator) {
    precondition(point.isOnMap)
    let scale = Double(1 &<< UInt64(step))
    let latitude =
      (point.latitude - bounds.latitude.minimum) / (bounds.latitude.maximum - bounds.latitude.minimum)
    let longitude =
      (point.longitude - bounds.longitude.minimum) / (bounds.longitude.maximum - bounds.longitude.minimum)
    self.init(bits: Self.spread(UInt32(latitude * scale)) | Self.spread(UInt32(longitude * scale)) << 1, step: step)
  }

  /// The cell that a score stands for; any score stands for one.
  @inline(__always)
  public init(score: Double) {
    // Exactly what C's conversion comes to on the machines that matter, for scores that are no places.
    if score >= 0x1p63 {
      bits = score < 0x1p64 ? UInt64(score) : 0
    } else {
      bits = score > -0x1p63 ? UInt64(bitPattern: Int64(score)) : 1 << 63
    }
    step = Self.maximumStep
  }

  /// What a sorted set keeps for a place in this cell.
  public var score: UInt64 { bits << UInt64(52 - step * 2) }

  /// The scores of all places in this cell: from the first to before the second.
  public var scores: (from: Double, to: Double) {
    let shift = UInt64(52 - step * 2)
    return (Double(bits << shift), Double((bits + 1) << shift))
  }

  // MARK: Places

  public struct Area {
    public let longitude: (minimum: Double, maximum: Double)
    public let latitude: (minimum: Double, maximum: Double)

    @inline(__always)
    public var center: Point {
      let bounds = Bounds.mercator
      let x = (longitude.minimum + longitude.maximum) / 2
      let y = (latitude.minimum + latitude.maximum) / 2
      return Point(
        longitude: max(min(x, bounds.longitude.maximum), bounds.longitude.minimum),
        latitude: max(min(y, bounds.latitude.maximum), bounds.latitude.minimum))
    }
  }

  @inline(__always)
  public var area: Area {
    let bounds = Bounds.mercator
    let scale = Double(1 &<< UInt64(step))
    let y = Self.gather(bits)
    let x = Self.gather(bits >> 1)
    let height = bounds.latitude.maximum - bounds.latitude.minimum
    let width = bounds.longitude.maximum - bounds.longitude.minimum
    return Area(
      longitude: (
        bounds.longitude.minimum + Double(x) / scale * width, bounds.longitude.minimum + Double(x &+ 1) / scale * width
      ),
      latitude: (
        bounds.latitude.minimum + Double(y) / scale * height, bounds.latitude.minimum + Double(y &+ 1) / scale * height
      ))
  }

  /// The middle of the cell.
  @inline(__always)
  public var point: Point { area.center }

  /// The geohash as people write it. Its 55 bits are 3 more than there are; they are 0.
  public func write(to text: UnsafeMutablePointer<UInt8>) -> Int {
    let alphabet: StaticString = "0123456789bcdefghjkmnpqrstuvwxyz"
    let standard = Geohash(point, in: .whole).bits
    for i in 0..<10 { text[i] = alphabet.utf8Start[Int(standard >> UInt64(52 - (i + 1) * 5) & 31)] }
    text[10] = alphabet.utf8Start[0]
    return 11
  }

  // MARK: Neighbours

  /// The cell of the same size so many cells to the east and north; beyond the edge it goes on at the other.
  func moved(east: Int, north: Int) -> Geohash {
    let odd: UInt64 = 0xaaaa_aaaa_aaaa_aaaa
    let even: UInt64 = 0x5555_5555_5555_5555
    let mask = UInt64.max >> UInt64(64 - step * 2)
    // At the very edge of the map a bit beyond the mask is set, and stays unless the cell is left.
    let x = east == 0 ? bits & odd : Self.add(east, to: bits, in: odd & mask, gaps: even & mask)
    let y = north == 0 ? bits & even : Self.add(north, to: bits, in: even & mask, gaps: odd & mask)
    return Geohash(bits: x | y, step: step)
  }

  /// Counts the number that lies in some of the bits up or down by one: with ones in the gaps a carry runs through
  /// them, with zeros a borrow does.
  private static func add(_ change: Int, to bits: UInt64, in own: UInt64, gaps: UInt64) -> UInt64 {
    let unit = own & (0 &- own)
    return (change > 0 ? (bits & own | gaps) &+ unit : (bits & own) &- unit) & own
  }

  // MARK: Bits

  /// Moves the bits of a number apart, so that there is a gap after each.
  private static func spread(_ value: UInt32) -> UInt64 {
    var x = UInt64(value)
    x = (x | x << 16) & 0x0000_ffff_0000_ffff
    x = (x | x << 8) & 0x00ff_00ff_00ff_00ff
    x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0f
    x = (x | x << 2) & 0x3333_3333_3333_3333
    return (x | x << 1) & 0x5555_5555_5555_5555
  }

  /// Moves every second bit together.
  @inline(__always)
  private static func gather(_ value: UInt64) -> UInt32 {
    var x = value & 0x5555_5555_5555_5555
    x = (x | x >> 1) & 0x3333_3333_3333_3333
    x = (x | x >> 2) & 0x0f0f_0f0f_0f0f_0f0f
    x = (x | x >> 4) & 0x00ff_00ff_00ff_00ff
    x = (x | x >> 8) & 0x0000_ffff_0000_ffff
    return UInt32(truncatingIfNeeded: x | x >> 16)
  }
}
