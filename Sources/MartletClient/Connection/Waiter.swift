import NIOCore

/// Who waits for a reply. Waiters stand in the order of their commands, and every reply answers the first.
struct Waiter {
  enum Answer {
    case caller(UnsafeContinuation<RESPValue, any Error>)
    case batch(ReplyBatch)
    /// The caller was cancelled or has run out of time: the reply is dropped when it comes.
    case nobody
  }

  /// The same for all commands of a batch.
  let id: UInt64
  var answer: Answer
  /// Of the encoded command.
  let byteCount: Int
  /// When it began to wait, in ticks of the connection's timer.
  let since: UInt32

  var isWanted: Bool { if case .nobody = answer { false } else { true } }
}

/// The replies of commands that were sent as one, as they come.
///
/// Needs no lock of its own: only who took a waiter off the queue touches it. Replies come on the event loop; a failure,
/// which may come from elsewhere, excludes the last reply and touches nothing that the others do.
final class ReplyBatch: @unchecked Sendable {
  private var replies: [RESPValue] = []
  private let count: Int
  private let completion: @Sendable (Result<[RESPValue], any Error>) -> Void
  private var isComplete = false

  init(count: Int, completion: @escaping @Sendable (Result<[RESPValue], any Error>) -> Void) {
    self.count = count
    self.completion = completion
    replies.reserveCapacity(count)
  }

  func received(_ reply: RESPValue) {
    replies.append(reply)
    if replies.count == count { finish(.success(replies)) }
  }

  func fail(_ error: any Error) { finish(.failure(error)) }

  /// A failure is told once, although every command of the batch fails.
  private func finish(_ result: Result<[RESPValue], any Error>) {
    if isComplete { return }
    isComplete = true
    completion(result)
  }
}

extension Waiter.Answer {
  func resume(returning reply: RESPValue) {
    switch self {
    case .caller(let continuation): continuation.resume(returning: reply)
    case .batch(let batch): batch.received(reply)
    case .nobody: break
    }
  }

  func resume(throwing error: any Error) {
    switch self {
    case .caller(let continuation): continuation.resume(throwing: error)
    case .batch(let batch): batch.fail(error)
    case .nobody: break
    }
  }
}
