/// Why a configuration was refused.
///
/// What `message` holds depends on who threw it: the reply to send after the `-` for `Configuration.set` and
/// `rewrite`, the whole text for standard error for the loading functions, and only the reason for a closure
/// registered with `onChange`.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  public var description: String { message }
}
