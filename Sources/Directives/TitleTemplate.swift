/// The value of `proc-title-template`: text with variables in braces, and `{{` for a brace.
public enum TitleTemplate {
  /// Puts in the value of each variable; nil if there is one that has none, or a brace is not closed.
  public static func expand(_ template: String, _ value: (Substring) -> String?) -> String? {
    var text = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{") {
      text += rest[..<open]
      rest = rest[open...].dropFirst()
      if rest.first == "{" {
        text += "{"
        rest = rest.dropFirst()
      } else {
        guard let close = rest.firstIndex(of: "}"), let found = value(rest[..<close]) else { return nil }
        text += found
        rest = rest[close...].dropFirst()
      }
    }
    return text + rest
  }
}
