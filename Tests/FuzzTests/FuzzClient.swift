import Commands
import Glibc
import Memory
import RESP

/// A session with its half-read input.
///
/// The input lies in a block of exactly its size, so that a sanitizer sees whoever reads past its end.
final class FuzzClient {
  let session: SessionPointer
  var isWaiting = false
  var isClosing = false
  private var parser = RequestParser()
  private var arguments = ArgumentStore(capacity: 4)
  private var input = UnsafeMutablePointer<UInt8>.allocate(capacity: 0)
  private(set) var inputCount = 0

  init(id: UInt64, now: Int64) {
    session = .allocate(capacity: 1)
    session.initialize(
      to: Session(
        id: id, now: now,
        details: SessionDetails(createdAt: now, peerAddress: "", localAddress: "", fileDescriptor: -1)))
  }

  deinit {
    session.deinitialize(count: 1)
    session.deallocate()
    input.deallocate()
  }

  func append(_ bytes: some Collection<UInt8>) {
    let count = inputCount + bytes.count
    let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    fresh.initialize(from: input, count: inputCount)
    _ = UnsafeMutableBufferPointer(start: fresh + inputCount, count: bytes.count).initialize(from: bytes)
    replaceInput(by: fresh, keeping: inputCount, count: count)
  }

  private func replaceInput(by fresh: UnsafeMutablePointer<UInt8>, keeping kept: Int, count: Int) {
    arguments.rebase(from: input + (inputCount - kept), count: kept, to: fresh)
    input.deallocate()
    input = fresh
    inputCount = count
  }

  func parse() -> RequestParser.Outcome {
    parser.parse(
      input, count: inputCount,
      limits: RequestParser.Limits(maximumBulkBytes: FuzzHost.maximumBulk, isAuthenticated: true), into: &arguments)
  }

  func withArguments(_ body: (UnsafePointer<Bytes>, Int) -> Void) {
    if arguments.count > 0 { body(arguments.base, arguments.count) }
  }

  /// Forgets a command that was executed, and its bytes.
  func dropParsed() {
    arguments.reset(keepingCapacity: 16)
    let parsed = parser.cursor
    parser.drop(parsed)
    let left = inputCount - parsed
    let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: left)
    fresh.initialize(from: input + parsed, count: left)
    replaceInput(by: fresh, keeping: left, count: left)
  }
}
