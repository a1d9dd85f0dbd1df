extension Directive {
  /// Encrypted connections.
  static let tls: [Directive] = [
    Directive("tls-port", .integer(.port), "0", effect: .accepted),
    Directive("tls-cluster", .boolean, "no", effect: .accepted),
    Directive("tls-replication", .boolean, "no", effect: .accepted),
    Directive("tls-auth-clients", .choice(["no", "yes", "optional"]), "yes", effect: .accepted),
    Directive("tls-cert-file", .text, "", flags: file, effect: .accepted),
    Directive("tls-key-file", .text, "", flags: file, effect: .accepted),
    Directive("tls-key-file-pass", .text, "", flags: [.secret, .emptyIsUnset], effect: .accepted),
    Directive("tls-client-cert-file", .text, "", flags: file, effect: .accepted),
    Directive("tls-client-key-file", .text, "", flags: file, effect: .accepted),
    Directive("tls-client-key-file-pass", .text, "", flags: [.secret, .emptyIsUnset], effect: .accepted),
    Directive("tls-dh-params-file", .text, "", flags: file, effect: .accepted),
    Directive("tls-ca-cert-file", .text, "", flags: file, effect: .accepted),
    Directive("tls-ca-cert-dir", .text, "", flags: file, effect: .accepted),
    Directive("tls-protocols", .text, "", flags: .emptyIsUnset, effect: .accepted),
    Directive("tls-ciphers", .text, "", flags: .emptyIsUnset, effect: .accepted),
    Directive("tls-ciphersuites", .text, "", flags: .emptyIsUnset, effect: .accepted),
    Directive("tls-prefer-server-ciphers", .boolean, "no", effect: .accepted),
    Directive("tls-session-caching", .boolean, "yes", effect: .accepted),
    Directive("tls-session-cache-size", .integer(.naturalInt32), "20480", effect: .accepted),
    Directive("tls-session-cache-timeout", .integer(.naturalInt32), "300", effect: .accepted),
  ]

  private static let file: Flags = [.volatile, .emptyIsUnset]
}
