/// A snapshot is due when this many seconds have passed and this many keys have changed.
package struct SavePoint: Equatable, Sendable {
  package var seconds: Int
  package var changes: Int

  package init(seconds: Int, changes: Int) {
    self.seconds = seconds
    self.changes = changes
  }
}

/// How much output may wait for a client before it is disconnected. Zero means no limit.
package struct OutputBufferLimit: Equatable, Sendable {
  /// Bytes that disconnect at once.
  package var hard: Int
  /// Bytes that disconnect when they are exceeded for `softSeconds` without a break.
  package var soft: Int
  package var softSeconds: Int

  package init(hard: Int, soft: Int, softSeconds: Int) {
    self.hard = hard
    self.soft = soft
    self.softSeconds = softSeconds
  }
}

/// The limits of every class of clients.
package struct OutputBufferLimits: Equatable, Sendable {
  package var normal = OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0)
  package var replica = OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0)
  package var pubsub = OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0)

  /// Reads the form that `description` writes.
  init(canonical text: String) {
    let fields = text.split(separator: " ").map(String.init)
    for start in stride(from: 0, to: fields.count - 3, by: 4) {
      guard let place = Self.place(ofClass: fields[start]) else { continue }
      self[keyPath: place] = OutputBufferLimit(
        hard: Int(fields[start + 1]) ?? 0, soft: Int(fields[start + 2]) ?? 0, softSeconds: Int(fields[start + 3]) ?? 0)
    }
  }

  /// The form CONFIG GET shows, in which replicas still go by their old name.
  var description: String {
    [("normal", normal), ("slave", replica), ("pubsub", pubsub)]
      .map { name, limit in "\(name) \(limit.hard) \(limit.soft) \(limit.softSeconds)" }
      .joined(separator: " ")
  }

  static func place(ofClass name: String) -> WritableKeyPath<OutputBufferLimits, OutputBufferLimit>? {
    switch name.lowercased() {
    case "normal": \.normal
    case "slave", "replica": \.replica
    case "pubsub": \.pubsub
    default: nil
    }
  }
}
