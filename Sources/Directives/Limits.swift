/// A snapshot is due when this many seconds have passed and this many keys have changed.
public struct SavePoint: Equatable, Sendable {
  public var seconds: Int
  public var changes: Int

  public init(seconds: Int, changes: Int) {
    self.seconds = seconds
    self.changes = changes
  }
}

/// How much output may wait for a client before it is disconnected. Zero means no limit.
public struct OutputBufferLimit: Equatable, Sendable {
  /// Bytes that disconnect at once.
  public var hard: Int
  /// Bytes that disconnect when they are exceeded for `softSeconds` without a break.
  public var soft: Int
  public var softSeconds: Int

  public init(hard: Int, soft: Int, softSeconds: Int) {
    self.hard = hard
    self.soft = soft
    self.softSeconds = softSeconds
  }
}

/// The limits of every class of clients.
public struct OutputBufferLimits: Equatable, Sendable {
  public var normal = OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0)
  public var replica = OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0)
  public var pubsub = OutputBufferLimit(hard: 0, soft: 0, softSeconds: 0)

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
