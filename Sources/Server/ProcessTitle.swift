import CMartlet
import Directives

/// What `ps` shows of the server: `proc-title-template`, with Redis's variables.
struct ProcessTitle {
  /// As the server was called.
  var title: String
  var port: Int
  /// The first address; empty: all.
  var address: String
  var unixSocket: String
  var configurationFile: String

  /// The template, which was checked, with its variables, and without blanks around.
  func expand(_ template: String) -> String {
    let text = TitleTemplate.expand(template, value) ?? title
    let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }
    return String(trimmed.reversed())
  }

  private func value(_ variable: Substring) -> String? {
    switch variable {
    case "title": title
    case "listen-addr": port == 0 ? unixSocket : "\(address.isEmpty ? "*" : address):\(port)"
    case "port": "\(port)"
    // Neither is there yet.
    case "tls-port": "0"
    case "server-mode": ""
    case "unixsocket": unixSocket
    case "config-file": configurationFile
    default: nil
    }
  }
}

extension ServerInstance {
  /// Shows the title, unless `set-proc-title` says no.
  func updateProcessTitle() {
    guard configuration.boolean("set-proc-title") else { return }
    let bind = configuration.words("bind").first ?? ""
    let title = ProcessTitle(
      title: CommandLine.arguments.first ?? "martlet-server", port: configuration.integer("port"), address: bind,
      unixSocket: configuration.string("unixsocket"), configurationFile: configuration.path ?? "-")
    martlet_set_title(title.expand(configuration.string("proc-title-template")))
  }
}
