import Glibc

// Distances are those of the haversine formula on a sphere, as Redis computes them:
// https://en.wikipedia.org/wiki/Haversine_formula

private let earthRadius = 6372797.560856
private let radiansPerDegree = Double.pi / 180
private let mercatorMaximum = 20037726.37

/// A circle or a rectangle around a place, in metres.
public struct GeoShape {
  public enum Extent {
    case circle(radius: Double)
    case box(width: Double, height: Double)
  }

  public let center: Geohash.Point
  public let extent: Extent
  private let longitude: Double
  private let latitude: Double
  private let latitudeCosine: Double
  /// No place whose latitude is further away, in radians, can be within: spares nearly all trigonometry for those that
  /// only share a cell with the shape. Wide enough for all rounding.
  private let maximumLatitudeDifference: Double

  public init(_ extent: Extent, around center: Geohash.Point) {
    self.center = center
    self.extent = extent
    longitude = center.longitude * radiansPerDegree
    latitude = center.latitude * radiansPerDegree
    latitudeCosine = cos(latitude)
    maximumLatitudeDifference = Self.halfHeight(extent) / earthRadius * (1 + 1e-9) + 1e-9
  }

  private static func halfHeight(_ extent: Extent) -> Double {
    switch extent {
    case .circle(let radius): radius
    case .box(_, let height): height / 2
    }
  }

  // MARK: Distance

  /// The distance between two places in metres.
  public static func distance(_ a: Geohash.Point, _ b: Geohash.Point) -> Double {
    let latitude = a.latitude * radiansPerDegree
    return distance(a.longitude * radiansPerDegree, latitude, cos(latitude), b)
  }

  @inline(__always)
  private static func distance(
    _ longitude: Double, _ latitude: Double, _ latitudeCosine: Double, _ other: Geohash.Point
  ) -> Double {
    let v = sin((other.longitude * radiansPerDegree - longitude) / 2)
    let otherLatitude = other.latitude * radiansPerDegree
    if v == 0 { return earthRadius * abs(otherLatitude - latitude) }
    let u = sin((otherLatitude - latitude) / 2)
    let a = u * u + latitudeCosine * cos(otherLatitude) * v * v
    return 2.0 * earthRadius * asin(a.squareRoot())
  }

  /// The distance of a place from the centre in metres if it lies within the shape, else nil.
  @inline(__always)
  public func distance(ifWithin point: Geohash.Point) -> Double? {
    if abs(point.latitude * radiansPerDegree - latitude) > maximumLatitudeDifference { return nil }
    switch extent {
    case .circle(let radius):
      let distance = Self.distance(longitude, latitude, latitudeCosine, point)
      return distance > radius ? nil : distance
    case .box(let width, let height):
      let latitudeDistance = earthRadius * abs(latitude - point.latitude * radiansPerDegree)
      if latitudeDistance > height / 2 { return nil }
      let onSameLatitude = Geohash.Point(longitude: center.longitude, latitude: point.latitude)
      if Self.distance(point, onSameLatitude) > width / 2 { return nil }
      return Self.distance(longitude, latitude, latitudeCosine, point)
    }
  }

  // MARK: Cells

  /// Cells that cover the shape: the one with its centre, and those around it that are needed.
  public var cells: [Geohash] {
    let bounds = boundingBox
    var step = Self.step(radius: radius, latitude: center.latitude)
    var middle = Geohash(center, step: step)
    if step > 1 && !Self.isCovered(bounds, around: middle) {
      step -= 1
      middle = Geohash(center, step: step)
    }
    let area = middle.area
    // Cells that are large beside the shape are left out where it does not reach.
    let isFine = step >= 2
    let needsSouth = !isFine || area.latitude.minimum >= bounds.latitude.minimum
    let needsNorth = !isFine || area.latitude.maximum <= bounds.latitude.maximum
    let needsWest = !isFine || area.longitude.minimum >= bounds.longitude.minimum
    let needsEast = !isFine || area.longitude.maximum <= bounds.longitude.maximum
    let wanted: [(Int, Int, Bool)] = [
      (0, 0, true), (0, 1, needsNorth), (0, -1, needsSouth), (1, 0, needsEast), (-1, 0, needsWest),
      (1, 1, needsNorth && needsEast), (-1, 1, needsNorth && needsWest), (1, -1, needsSouth && needsEast),
      (-1, -1, needsSouth && needsWest),
    ]
    var cells: [Geohash] = []
    for (east, north, isNeeded) in wanted where isNeeded {
      let cell = middle.moved(east: east, north: north)
      // With few cells around the earth, neighbours may be the same.
      if cells.count < 2 || cells[cells.count - 1] != cell { cells.append(cell) }
    }
    return cells
  }

  /// The circle around the shape.
  private var radius: Double {
    switch extent {
    case .circle(let radius): radius
    case .box(let width, let height): (width / 2 * (width / 2) + height / 2 * (height / 2)).squareRoot()
    }
  }

  private var boundingBox: Geohash.Area {
    let (width, height) =
      switch extent {
      case .circle(let radius): (radius, radius)
      case .box(let width, let height): (width / 2, height / 2)
      }
    let latitudes = height / earthRadius / radiansPerDegree
    // Meridians are closest on the side of the nearer pole.
    let narrow = center.latitude < 0 ? center.latitude - latitudes : center.latitude + latitudes
    let longitudes = width / earthRadius / cos(narrow * radiansPerDegree) / radiansPerDegree
    return Geohash.Area(
      longitude: (center.longitude - longitudes, center.longitude + longitudes),
      latitude: (center.latitude - latitudes, center.latitude + latitudes))
  }

  /// How many times the earth is halved until a cell is about as large as the shape.
  private static func step(radius: Double, latitude: Double) -> Int {
    if radius == 0 { return Geohash.maximumStep }
    var step = 1
    var range = radius
    while range < mercatorMaximum {
      range *= 2
      step += 1
    }
    step -= 2
    // Towards the poles a cell is narrower than it is high.
    if abs(latitude) > 66 { step -= abs(latitude) > 80 ? 2 : 1 }
    return max(1, min(step, Geohash.maximumStep))
  }

  /// Whether a cell and those around it cover the box.
  private static func isCovered(_ box: Geohash.Area, around cell: Geohash) -> Bool {
    cell.moved(east: 0, north: 1).area.latitude.maximum >= box.latitude.maximum
      && cell.moved(east: 0, north: -1).area.latitude.minimum <= box.latitude.minimum
      && cell.moved(east: 1, north: 0).area.longitude.maximum >= box.longitude.maximum
      && cell.moved(east: -1, north: 0).area.longitude.minimum <= box.longitude.minimum
  }
}
