/// The server as a cache sees it: values under names, and word of what changes. `ClientBackend` is the real one; tests have
/// one that they script.
protocol CacheBackend: AnyObject, Sendable {
  /// Who hears of changes; held weakly. Called once, before anything else.
  func start(_ listener: any CacheBackendListener)
  func stop()

  /// The place that a name's word of changes comes from; ``unknownOrigin`` while nobody knows who has it.
  func origin(of name: String) -> Int

  /// Returns when a read of this name would be tracked, or certainly not.
  func prepare(_ name: String) async throws

  /// Reads a value. If it `isKept`, the server will say when it changes, as far as it can; else it need not remember that
  /// somebody has read it.
  func read(_ name: String, isKept: Bool) async throws -> BackendValue

  /// Writes a value, nil to remove it, and ends every lease on it, in one step as far as its readers can see; and notes the
  /// write in a stream, in the same step where one node has both.
  func write(
    _ name: String, _ bytes: [UInt8]?, milliseconds: Int64?, endingLease lease: String, note: WriteNote?) async throws

  /// Writes a value if the lease still is the one with this token, and ends it. False if not.
  func fill(_ name: String, _ bytes: [UInt8], milliseconds: Int64?, lease: String, token: String) async throws -> Bool

  /// Takes a lease on the value `name`, unless somebody has it.
  func takeLease(_ lease: String, on name: String, token: String, milliseconds: Int64) async throws -> LeaseOutcome

  /// Replaces or removes a value and ends every lease on it, if it still is what `current` says; false if not. Notes it as
  /// ``write(_:_:milliseconds:endingLease:note:)`` does.
  func replace(
    _ name: String, current: [UInt8]?, with new: [UInt8]?, milliseconds: Int64?, endingLease lease: String,
    note: WriteNote?
  ) async throws -> Bool

  func remove(_ names: [String]) async throws
  func increment(_ name: String) async throws -> Int64
}

struct BackendValue: Sendable, Equatable {
  var bytes: [UInt8]?
  /// Until the server lets go of it; nil for never.
  var milliseconds: Int64?
  /// Who will say when it changes.
  var origin = unknownOrigin
}

/// Where nothing comes from that may be kept.
let unknownOrigin = -1

/// Hears what a backend has to say. Calls for one origin come one after the other, in the order of the wire; whoever listens
/// returns quickly and waits for nothing.
protocol CacheBackendListener: AnyObject, Sendable {
  /// Word of changes comes now.
  ///
  /// - Parameters:
  ///   - nothingMissed: everything that changed since the origin was lost has been said already.
  ///   - untracked: why there will be no word of changes; nil if there will be.
  func opened(origin: Int, nothingMissed: Bool, untracked: String?)

  /// No word of changes comes any more.
  func closed(origin: Int)

  /// What has this name has changed.
  func changed(name: UInt64, origin: Int)

  /// Anything may have changed.
  func flushed(origin: Int)
}

/// What became of asking for a lease.
enum LeaseOutcome {
  /// Somebody else has it.
  case held
  /// - Parameter isValueThere: whether there was a value once the lease was had.
  case taken(isValueThere: Bool)
}
