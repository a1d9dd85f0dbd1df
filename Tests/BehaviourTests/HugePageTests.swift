import Foundation
import Glibc
import TestSupport
import Testing

/// What the kernel shows of huge pages; whether it has some to give is its own affair.
@Suite(.serialized) struct HugePageTests {
  private func isExempt(_ server: ServerProcess) throws -> Bool? {
    let status = try String(contentsOfFile: "/proc/\(server.processIdentifier)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("THP_enabled:") }
    return line.map { $0.hasSuffix("0") }
  }

  /// A file to its end, though the kernel may give less of it at a time than there is room for.
  private func contents(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Kilobytes that huge pages were asked for.
  private func advised(_ server: ServerProcess) throws -> Int {
    var size = 0
    var total = 0
    for line in try contents("/proc/\(server.processIdentifier)/smaps").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.first == "Size:" { size = Int(words[1]) ?? 0 }
      if words.first == "VmFlags:" && words.contains("hg") { total += size }
    }
    return total
  }

  /// Nil where neither the allocator nor the kernel has a part in it.
  private func start(_ options: String...) throws -> (server: ServerProcess, client: RESPClient)? {
    let server = try ServerProcess(.martlet, options: options + ["--enable-debug-command", "yes"])
    let client = try server.connect()
    let isWatched = try client.call("INFO", "memory").text.contains("mem_allocator:jemalloc")
    return try isWatched && isExempt(server) != nil ? (server, client) : nil
  }

  @Test func aLargeKeyspaceAsksForThemUntilMuchOfItIsGivenBack() throws {
    guard let (server, client) = try start("--huge-page-threshold", "16mb") else { return }
    #expect(try isExempt(server) == true && advised(server) == 0)
    try client.call("DEBUG", "POPULATE", "300", "key", "10000")
    #expect(try isExempt(server) == true && advised(server) == 0, "it is small still")
    try client.call("DEBUG", "POPULATE", "4000", "key", "10000")
    #expect(eventually { (try? isExempt(server)) == false })
    let before = try advised(server)
    #expect(before > 16 << 10)
    try client.call("FLUSHALL")
    try client.call("MEMORY", "PURGE")
    #expect(eventually { (try? isExempt(server)) == true }, "what is left must not be filled up again")
    try client.call("DEBUG", "POPULATE", "20000", "key", "10000")
    #expect(eventually { (try? isExempt(server)) == false })
    let after = try advised(server)
    #expect(after > before)
  }

  @Test func directivesSayWhetherThereAreAny() throws {
    guard let (without, client) = try start() else { return }
    try client.call("DEBUG", "POPULATE", "20000", "key", "10000")
    #expect(try isExempt(without) == true && advised(without) == 0)
    let (system, other) = try #require(try start("--disable-thp", "no"))
    #expect(try isExempt(system) == false, "the system's policy is to count")
    #expect(try other.call("CONFIG", "GET", "huge-page-threshold").words.last == "0")
  }
}
