extension Directive {
  /// Every directive, by topic.
  public static let all: [Directive] =
    network + general + security + memory + persistence + replication + cluster + encodings + tls

  /// Every name and alias, in lower case, with its directive.
  public static let byName: [String: Directive] = {
    var table: [String: Directive] = [:]
    for directive in all {
      for name in [directive.name] + directive.aliases {
        let previous = table.updateValue(directive, forKey: name)
        assert(previous == nil, "\(name) is declared twice")
      }
    }
    return table
  }()

  /// The directive of a name or an alias, in any case.
  public static func named(_ name: String) -> Directive? {
    byName[name.lowercased()]
  }

  /// Directives of older versions that a file may still hold. They are skipped.
  public static let retired: Set<String> = [
    "list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands",
  ]

  /// What a file may hold besides directives with a value.
  public static let statements: Set<String> = ["include", "rename-command", "user", "loadmodule", "sentinel"]
}
