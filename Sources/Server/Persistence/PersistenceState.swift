import Persistence

/// What the server knows of its files.
final class PersistenceState {
  /// DEBUG SET-SKIP-CHECKSUM-VALIDATION: payloads of RESTORE are taken whatever their checksum is.
  var ignoresPayloadChecksums = false
}
