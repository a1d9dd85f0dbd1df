extension Directive {
  /// Passwords, users and what clients may touch.
  static let security: [Directive] = [
    Directive("requirepass", .text, "", flags: [.secret, .emptyIsUnset]),
    Directive("aclfile", .text, "", flags: .immutable),
    Directive("acl-pubsub-default", .choice(["allchannels", "resetchannels"]), "resetchannels"),
    Directive("acllog-max-len", .integer(.natural), "128"),
    Directive("enable-protected-configs", .choice(["no", "yes", "local"]), "no", flags: .immutable),
    Directive("enable-debug-command", .choice(["no", "yes", "local"]), "no", flags: .immutable),
    Directive("enable-module-command", .choice(["no", "yes", "local"]), "no", flags: .immutable),
    Directive("sanitize-dump-payload", .choice(["no", "yes", "clients"]), "no", effect: .accepted),
  ]
}
