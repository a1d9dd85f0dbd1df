import Commands
import Structures
import Testing

private func words(_ runner: CommandRunner, _ line: String) -> [String] {
  runner.words(line.split(separator: " ").map(String.init))
}

private func point(_ random: inout SplitMix) -> Geohash.Point {
  Geohash.Point(
    longitude: Double.random(in: -180...180, using: &random),
    latitude: Double.random(in: -85.05112878...85.05112878, using: &random))
}

@Test func placesAreWrittenAsDocumented() {
  let runner = CommandRunner()
  #expect(words(runner, "geoadd Sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania") == ["2"])
  #expect(words(runner, "zscore Sicily Palermo") == ["3479099956230698"])
  #expect(words(runner, "geodist Sicily Palermo Catania") == ["166274.1516"])
  #expect(words(runner, "geodist Sicily Palermo Catania km") == ["166.2742"])
  #expect(words(runner, "geodist Sicily Palermo Catania mi") == ["103.3182"])
  #expect(words(runner, "geodist Sicily Palermo nowhere") == ["nil"])
  #expect(words(runner, "geohash Sicily Palermo Catania nowhere") == ["sqc8b49rny0", "sqdtr74hyu0", "nil"])
  #expect(words(runner, "geopos Sicily Palermo") == ["13.36138933897018433", "38.11555639549629859"])
  #expect(
    words(runner, "geosearch Sicily fromlonlat 15 37 byradius 200 km asc withdist")
      == ["Catania", "56.4413", "Palermo", "190.4424"])
  #expect(words(runner, "geosearch Sicily frommember Palermo bybox 400 400 km desc") == ["Catania", "Palermo"])
  #expect(words(runner, "geosearchstore near Sicily fromlonlat 15 37 byradius 100 km storedist") == ["1"])
  #expect(words(runner, "zrange near 0 -1 withscores") == ["Catania", "56.441257870158204"])
}

@Test func aPlaceIsWhereItWasPut() {
  var random = SplitMix(state: 3)
  for _ in 0..<20_000 {
    let place = point(&random)
    let hash = Geohash(place)
    let back = Geohash(score: Double(hash.score)).point
    #expect(abs(back.longitude - place.longitude) < 4e-6 && abs(back.latitude - place.latitude) < 2e-6)
    // The middle of a cell is in the cell.
    #expect(Geohash(back) == hash)
    #expect(GeoShape.distance(place, back) < 1)
  }
}

/// Every place that is near enough lies in one of the cells that are looked into.
@Test func cellsCoverTheShape() {
  var random = SplitMix(state: 4)
  for _ in 0..<3000 {
    let center = Geohash.Point(
      longitude: Double.random(in: -170...170, using: &random), latitude: Double.random(in: -70...70, using: &random))
    let radius = Double.random(in: 1...200_000, using: &random)
    let shape = GeoShape(.circle(radius: radius), around: center)
    let ranges = shape.cells.map(\.scores)
    #expect(ranges.count <= 9)
    for _ in 0..<20 {
      let place = Geohash.Point(
        longitude: center.longitude + Double.random(in: -1...1, using: &random) * radius / 30_000,
        latitude: center.latitude + Double.random(in: -1...1, using: &random) * radius / 110_000)
      guard place.isOnMap, shape.distance(ifWithin: place) != nil else { continue }
      let score = Double(Geohash(place).score)
      #expect(ranges.contains { score >= $0.from && score < $0.to }, "\(place) \(shape)")
    }
  }
}

@Test func aSearchFindsWhatAWalkFinds() {
  for count in [100, 2000] {
    var random = SplitMix(state: UInt64(count))
    let runner = CommandRunner()
    var places: [String: Geohash.Point] = [:]
    for i in 0..<count {
      let place = Geohash.Point(
        longitude: Double.random(in: 2...3, using: &random), latitude: Double.random(in: 48...49, using: &random))
      places["p\(i)"] = Geohash(place).point
      _ = words(runner, "geoadd g \(place.longitude) \(place.latitude) p\(i)")
    }
    for _ in 0..<50 {
      let center = Geohash.Point(
        longitude: Double.random(in: 2...3, using: &random), latitude: Double.random(in: 48...49, using: &random))
      let radius = Double.random(in: 100...30_000, using: &random)
      let near = places.mapValues { GeoShape.distance(center, $0) }.filter { $0.value <= radius }
      let sorted = near.sorted { $0.value < $1.value }.map(\.key)
      let search = "geosearch g fromlonlat \(center.longitude) \(center.latitude) byradius \(radius) m"
      #expect(Set(words(runner, search)) == Set(sorted))
      #expect(words(runner, search + " asc") == sorted)
      #expect(words(runner, search + " desc") == sorted.reversed())
      #expect(words(runner, search + " count 3") == Array(sorted.prefix(3)))
      #expect(words(runner, search + " count 3 desc") == Array(sorted.reversed().prefix(3)))
      #expect(words(runner, search + " count 3 any").count == min(3, sorted.count))
    }
  }
}

@Test func wrongArgumentsOfGeoAreErrors() {
  let runner = CommandRunner()
  _ = words(runner, "geoadd g 1 2 a")
  _ = words(runner, "set s x")
  let wrong: [(String, String)] = [
    ("geoadd g 181 2 b", "ERR invalid longitude,latitude pair 181.000000,2.000000"),
    ("geoadd g 1 86 b", "ERR invalid longitude,latitude pair 1.000000,86.000000"),
    ("geoadd g x 86 b", "ERR value is not a valid float"),
    ("geoadd g nx xx 1 2 b", "ERR syntax error"),
    ("geoadd g 1 2 a 1", "ERR syntax error"),
    ("geodist g a a x", "ERR unsupported unit provided. please use M, KM, FT, MI"),
    ("geosearch g frommember b byradius 1 m", "ERR could not decode requested zset member"),
    ("geosearch g byradius 1 m asc asc", "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geosearch"),
    ("geosearch g fromlonlat 1 2 asc asc", "ERR exactly one of BYRADIUS and BYBOX can be specified for geosearch"),
    ("geosearch g frommember a fromlonlat 1 2 byradius 1 m", "ERR syntax error"),
    ("geosearch g fromlonlat 1 2 byradius -1 m", "ERR radius cannot be negative"),
    ("geosearch g fromlonlat 1 2 bybox 1 -1 m", "ERR height or width cannot be negative"),
    ("geosearch g fromlonlat 1 2 byradius 1 m any", "ERR the ANY argument requires COUNT argument"),
    ("geosearch g fromlonlat 1 2 byradius 1 m count 0", "ERR COUNT must be > 0"),
    ("geosearch g fromlonlat 1 2 byradius 1 m store d", "ERR syntax error"),
    (
      "georadius g 1 2 1 m withdist store d",
      "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
    ),
    ("georadius_ro g 1 2 1 m store d", "ERR syntax error"),
    ("georadius s 1 2 1 m", "WRONGTYPE Operation against a key holding the wrong kind of value"),
  ]
  for (command, error) in wrong { #expect(words(runner, command) == ["-" + error], "\(command)") }
}

@Test func scoresThatAreNoPlacesDoNotTrap() {
  let runner = CommandRunner()
  _ = words(
    runner, "zadd g -1 a inf b -inf c 1e300 d 1.5 e 9223372036854775808 f -9223372036854775808 h 18446744073709551616 i"
  )
  #expect(words(runner, "geopos g a b c d e f h i").count == 16)
  #expect(words(runner, "geohash g a b c d e f h i").count == 8)
  #expect(words(runner, "geosearch g fromlonlat 180 85.05112878 byradius 30000 km").count <= 9)
  #expect(words(runner, "geosearch g fromlonlat -180 -85.05112878 bybox 1e300 1e300 mi asc").count >= 0)
  #expect(words(runner, "geosearch g frommember b byradius inf km").count >= 0)
}
