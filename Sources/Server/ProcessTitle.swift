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

  /// Puts in what stands in braces. The template was checked; `{{` is a brace.
  func expand(_ template: String) -> String {
    var text = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{") {
      text += rest[..<open]
      rest = rest[open...].dropFirst()
      if rest.first == "{" {
        text += "{"
        rest = rest.dropFirst()
      } else {
        let close = rest.firstIndex(of: "}") ?? rest.endIndex
        text += value(rest[..<close])
        rest = rest[close...].dropFirst()
      }
    }
    text += rest
    let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }
    return String(trimmed.reversed())
  }

  private func value(_ variable: Substring) -> String {
    switch variable {
    case "title": title
    case "listen-addr": port == 0 ? unixSocket : "\(address.isEmpty ? "*" : address):\(port)"
    case "port": "\(port)"
    // Neither is there yet.
    case "tls-port": "0"
    case "server-mode": ""
    case "unixsocket": unixSocket
    case "config-file": configurationFile
    default: ""
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
