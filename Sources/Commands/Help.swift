import RESP

extension Command {
  /// The HELP subcommand of a container: Redis's heading and last lines around `lines`.
  public static func help(
    of container: StaticString, _ group: CommandGroup, since: StaticString, categories: [StaticString] = [],
    _ lines: [StaticString]
  ) -> Command {
    Command(
      "HELP", arity: 2, [.loading, .stale], group: group, categories: categories, since: since,
      summary: "Returns helpful text about the different subcommands."
    ) { _, reply in
      reply.array(lines.count + 3)
      reply.simple("\(container) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
      for line in lines { reply.simple(line) }
      reply.simple("HELP")
      reply.simple("    Prints this help.")
    }
  }
}
