import Commands

/// One Swift type of a command: its stored properties, its initialisers and how it is encoded, all read off the
/// declared arguments.
struct CommandType {
  private struct Field {
    let name: String
    let label: String
    let type: String
    /// What the initialiser takes, and how that becomes the property.
    let parameter: String
    let conversion: String
    var defaultValue: String?
    /// The keys that it holds, as an array, and whether it is exactly one.
    var keys: String?
    var isOneKey = false
    /// Several values of the same kind, which can be written one after the other.
    var isList = false
  }

  private let command: Command
  private let name: String
  private let variant: Variant
  /// The part of the command's arguments that this is about; empty for all.
  private var block = ""
  private var fields: [Field] = []
  private var nested: [String] = []
  /// Types that are declared one level further out.
  private var shared: [String] = []
  private var body: [String] = []

  init(_ command: Command, name: String, variant: Variant) {
    self.command = command
    self.name = name
    self.variant = variant
    addFields(command.arguments.compactMap { adapt($0) })
  }

  /// The argument as this variant has it.
  private func adapt(_ argument: CommandArgument) -> CommandArgument? {
    var argument = argument
    if variant.with.contains(argument.name) {
      argument.isOptional = false
      // What stands within under the same name is another matter.
      let inner = variant.with.subtracting([argument.name])
      argument.arguments = argument.arguments.compactMap { Self.adapt($0, variant.without, inner) }
      return argument
    }
    return Self.adapt(argument, variant.without, variant.with)
  }

  private static func adapt(
    _ argument: CommandArgument, _ without: Set<String>, _ with: Set<String>
  ) -> CommandArgument? {
    if without.contains(argument.name) && argument.isOptional { return nil }
    var argument = argument
    if with.contains(argument.name) { argument.isOptional = false }
    argument.arguments = argument.arguments.compactMap { adapt($0, without, with) }
    return argument
  }

  // MARK: Fields

  private mutating func addFields(_ arguments: [CommandArgument]) {
    for (i, argument) in arguments.enumerated() {
      if ["numkeys", "numfields", "numids"].contains(argument.name),
        let counted = arguments[(i + 1)...].first(where: \.isMultiple)
      {
        body.append("e.append(.integer(\(swiftName(counted.name)).count))")
      } else if argument.kind == .block && !argument.isOptional && !argument.isMultiple {
        if let token = argument.token { body.append(word(token)) }
        addFields(argument.arguments)
      } else if argument.kind == .token && !argument.isOptional {
        body.append(word(argument.token ?? ""))
      } else {
        add(argument)
      }
    }
  }

  private mutating func add(_ argument: CommandArgument) {
    let name = uniqueName(argument)
    let isLabelled =
      argument.isOptional || argument.kind == .choice || Exceptions.labelled.contains(argument.name)
      || argument.isMultiple && fields.contains(where: \.isList)
    let label = isLabelled ? name : "_"
    if argument.kind == .token {
      fields.append(
        Field(name: name, label: label, type: "Bool", parameter: "Bool", conversion: name, defaultValue: "false"))
      body.append("if \(name) { \(word(argument.token ?? "")) }")
      return
    }
    let type = declareType(argument)
    body += encode(argument, name)
    fields.append(field(argument, name: name, label: label, type: type))
  }

  private func field(_ argument: CommandArgument, name: String, label: String, type: String) -> Field {
    let isKey = argument.kind == .key
    let defaultValue = Exceptions.defaults["\(self.name) \(argument.name)"]
    if argument.isMultiple {
      if type == "RESPPairs" {
        let holdsKeys = argument.arguments.first?.kind == .key
        return Field(
          name: name, label: label, type: type, parameter: type, conversion: name,
          defaultValue: argument.isOptional ? "[:]" : nil, keys: holdsKeys ? "\(name).names" : nil)
      }
      let isGeneric = type == "RESPArgument"
      // A default value would leave the compiler to guess a type.
      let isOpen = isGeneric && !argument.isOptional
      return Field(
        name: name, label: label, type: "[\(type)]", parameter: isOpen ? "[some RESPEncodable]" : "[\(type)]",
        conversion: isOpen ? "\(name).map(\\.respArgument)" : name, defaultValue: argument.isOptional ? "[]" : nil,
        keys: isKey ? name : nil, isList: isOpen)
    }
    if argument.isOptional {
      let isPattern = argument.kind == .pattern
      return Field(
        name: name, label: label, type: isPattern ? "String?" : "\(type)?",
        parameter: isPattern ? "String?" : "\(type)?",
        conversion: name, defaultValue: "nil", keys: isKey ? "(\(name).map { [$0] } ?? [])" : nil)
    }
    let isGeneric = type == "RESPArgument"
    return Field(
      name: name, label: label, type: type, parameter: isGeneric ? "some RESPEncodable" : type,
      conversion: isGeneric ? "\(name).respArgument" : name, defaultValue: defaultValue,
      keys: isKey ? "[\(name)]" : nil, isOneKey: isKey)
  }

  private func swiftName(_ argument: String) -> String {
    camelCase(Exceptions.name(argument, within: block, of: name))
  }

  private func uniqueName(_ argument: CommandArgument) -> String {
    let isPair = argument.name == "where" && command.arguments.filter { $0.name == "where" }.count == 2
    if isPair { return fields.contains { $0.name == "from" } ? "to" : "from" }
    let name = swiftName(argument.name)
    return fields.contains { $0.name == name } ? name + "2" : name
  }

  // MARK: Types

  private func scalarType(_ argument: CommandArgument) -> String? {
    switch argument.kind {
    case .choice, .block, .token: return nil
    case .key, .pattern: return "RESPArgument"
    case .unixTime: return "Int"
    case .string: return Exceptions.integers.contains(argument.name) ? "Int" : "RESPArgument"
    case .integer, .double:
      if Exceptions.open.contains(argument.name) && (argument.kind == .double || argument.name == "cursor") {
        return "RESPArgument"
      }
      if Exceptions.doubles.contains(argument.name) { return "Double" }
      return argument.kind == .integer ? "Int" : "Double"
    }
  }

  /// The Swift type of one value of the argument, declared if it needs to be.
  private mutating func declareType(_ argument: CommandArgument) -> String {
    if let scalar = scalarType(argument) { return scalar }
    let name = swiftName(argument.name)
    let typeName = name.prefix(1).uppercased() + name.dropFirst()
    if argument.kind == .choice {
      declare(enumeration(argument, named: typeName))
      return typeName
    }
    if argument.isMultiple && argument.token == nil && argument.arguments.count == 2
      && argument.arguments.allSatisfy({ scalarType($0) != nil && $0.token == nil })
    {
      return "RESPPairs"
    }
    if isTuple(argument) {
      return "(" + argument.arguments.map { "\(camelCase($0.name)): \(scalarType($0) ?? "")" }.joined(separator: ", ")
        + ")"
    }
    declare(structure(argument, named: typeName))
    return typeName
  }

  private mutating func declare(_ type: String) {
    if !nested.contains(type) { nested.append(type) }
  }

  private func isTuple(_ block: CommandArgument) -> Bool {
    block.arguments.allSatisfy { scalarType($0) != nil && !$0.isOptional && !$0.isMultiple }
  }

  private func structure(_ block: CommandArgument, named name: String) -> String {
    var inner = CommandType(inside: block, of: self)
    inner.addFields(block.arguments)
    let text = inner.members(access: "public").joined(separator: "\n")
    return "public struct \(name): Sendable {\n\(indent(text))\n}"
  }

  private init(inside block: CommandArgument, of outer: CommandType) {
    command = outer.command
    name = outer.name
    variant = outer.variant
    self.block = block.name
  }

  private func enumeration(_ choice: CommandArgument, named name: String) -> String {
    var cases: [String] = []
    var switches: [String] = []
    var inner: [String] = []
    for member in choice.arguments {
      let caseName = self.caseName(member)
      if member.kind == .token {
        cases.append("case \(escape(caseName))")
        switches.append("case .\(caseName): \(word(member.token ?? ""))")
        continue
      }
      if member.kind == .block {
        var block = CommandType(inside: member, of: self)
        block.addFields(member.arguments)
        for type in block.nested where !inner.contains(type) { inner.append(type) }
        let payload = block.fields.map { "\($0.name): \($0.type)" + ($0.defaultValue.map { " = \($0)" } ?? "") }
        let values = block.fields.map { "let \($0.name)" }
        cases.append("case \(escape(caseName))" + Self.parenthesized(payload))
        let lines = (member.token.map { [word($0)] } ?? []) + block.body
        switches.append(
          "case .\(caseName)\(Self.parenthesized(values)):\n" + indent(lines.joined(separator: "\n")))
        continue
      }
      var block = CommandType(inside: member, of: self)
      let type = block.declareType(member)
      for type in block.nested where !inner.contains(type) { inner.append(type) }
      cases.append("case \(escape(caseName))(\(member.isMultiple ? "[\(type)]" : type))")
      var required = member
      required.isOptional = false
      switches.append(
        "case .\(caseName)(let value):\n" + indent(encode(required, "value").joined(separator: "\n")))
    }
    let lines =
      inner + cases + ["func encode(into e: inout CommandEncoder) {", "  switch self {"]
      + switches.map { indent($0) } + ["  }", "}"]
    return "public enum \(name): Sendable {\n\(indent(lines.joined(separator: "\n")))\n}"
  }

  /// Nothing for nothing.
  private static func parenthesized(_ parts: [String]) -> String {
    parts.isEmpty ? "" : "(\(parts.joined(separator: ", ")))"
  }

  private func caseName(_ member: CommandArgument) -> String {
    if let token = member.token, let first = token.first, first.isLetter { return camelCase(token.lowercased()) }
    return member.name == "auto-id" ? "autoID" : swiftName(member.name)
  }

  // MARK: Encoding

  private func word(_ word: String) -> String { "e.append(word: \"\(word)\")" }

  /// The statements that append the argument, whose value is `name`.
  private func encode(_ argument: CommandArgument, _ name: String) -> [String] {
    let token = argument.token.map { [word($0)] } ?? []
    if argument.isMultiple {
      let lines: [String]
      if isPairs(argument) {
        // A member is named before its score, but is sent after it.
        let isReversed = argument.arguments.first?.kind == .double
        lines = token + ["e.append(\(name)\(isReversed ? ", valuesFirst: true" : ""))"]
      } else if scalarType(argument) == "RESPArgument" && !argument.repeatsToken {
        lines = token + ["e.append(\(name))"]
      } else {
        let each = (argument.repeatsToken ? token : []) + value(argument, "item")
        lines =
          (argument.repeatsToken ? [] : token) + ["for item in \(name) {\n\(indent(each.joined(separator: "\n")))\n}"]
      }
      let isGuarded = argument.isOptional && !token.isEmpty && !argument.repeatsToken
      return isGuarded ? ["if !\(name).isEmpty {\n\(indent(lines.joined(separator: "\n")))\n}"] : lines
    }
    if argument.isOptional {
      let lines = token + (argument.kind == .pattern ? ["e.append(.string(\(name)))"] : value(argument, name))
      return lines.count == 1
        ? ["if let \(name) { \(lines[0]) }"] : ["if let \(name) {\n\(indent(lines.joined(separator: "\n")))\n}"]
    }
    return token + value(argument, name)
  }

  private func isPairs(_ argument: CommandArgument) -> Bool {
    argument.kind == .block && argument.token == nil && argument.arguments.count == 2
      && argument.arguments.allSatisfy { scalarType($0) != nil && $0.token == nil }
  }

  private func value(_ argument: CommandArgument, _ name: String) -> [String] {
    switch scalarType(argument) {
    case "Int": return ["e.append(.integer(\(name)))"]
    case "Double": return ["e.append(.double(\(name)))"]
    case .some: return ["e.append(\(name))"]
    case nil:
      if argument.kind == .block && isTuple(argument) {
        return argument.arguments.flatMap { encode($0, "\(name).\(camelCase($0.name))") }
      }
      return ["\(name).encode(into: &e)"]
    }
  }

  // MARK: Text

  /// Required ones first, as Swift has it.
  private var parameters: [Field] {
    fields.filter { $0.defaultValue == nil } + fields.filter { $0.defaultValue != nil }
  }

  private func parameterList(isVariadic: Bool) -> String {
    parameters.map { field in
      let label = field.label == field.name ? field.name : "\(field.label) \(field.name)"
      let type = isVariadic && field.isList ? "any RESPEncodable..." : field.parameter
      return "\(label): \(type)" + (field.defaultValue.map { " = \($0)" } ?? "")
    }.joined(separator: ", ")
  }

  /// Whether values can be written one after the other: what follows them has labels.
  private var allowsVariadic: Bool {
    guard parameters.filter(\.isList).count == 1, let list = parameters.firstIndex(where: \.isList) else {
      return false
    }
    return parameters[(list + 1)...].allSatisfy { $0.label != "_" }
  }

  /// Properties, initialisers and encoding.
  private func members(access: String, head: [String] = []) -> [String] {
    var lines = nested + fields.map { "\(access) var \($0.name): \($0.type)" }
    for isVariadic in allowsVariadic ? [false, true] : [false] {
      let assignments = fields.map { field in
        let conversion = isVariadic && field.isList ? "\(field.name).map(\\.respArgument)" : field.conversion
        return "self.\(field.name) = \(conversion)"
      }
      let parameters = parameterList(isVariadic: isVariadic)
      lines.append(
        assignments.isEmpty
          ? "\(access) init() {}"
          : "\(access) init(\(parameters)) {\n\(indent(assignments.joined(separator: "\n")))\n}")
    }
    let encoding = (head + body).joined(separator: "\n")
    lines.append("\(head.isEmpty ? "" : "public ")func encode(into e: inout CommandEncoder) {\n\(indent(encoding))\n}")
    return lines
  }

  private var keyMembers: [String] {
    let keys = fields.compactMap(\.keys)
    if keys.isEmpty {
      // It is no key, but belongs to a slot as one does.
      let isSharded = fields.contains { $0.name == "shardchannel" && $0.type == "RESPArgument" }
      return isSharded ? ["public var routingKey: RESPArgument? { shardchannel }"] : []
    }
    var lines = ["public var keys: [RESPArgument] { \(keys.joined(separator: " + ")) }"]
    if let first = fields.first(where: { $0.keys != nil }), first.isOneKey {
      lines.append("public var routingKey: RESPArgument? { \(first.name) }")
    }
    return lines
  }

  private var facts: [String] {
    var lines = ["public static var name: String { \"\(name)\" }"]
    if command.flags.contains(.readonly) { lines.append("public static var isReadOnly: Bool { true }") }
    if Exceptions.needOwnConnection.contains(name) {
      lines.append("public static var needsOwnConnection: Bool { true }")
    }
    if command.flags.contains(.blocking) || Exceptions.hold.contains(name) {
      let mayWait = fields.contains { $0.name == "block" } ? "block != nil" : "true"
      lines.append("public var isBlocking: Bool { \(mayWait) }")
    }
    return lines
  }

  private var documentation: String {
    let syntax = command.syntax.description
    return "/// \(command.summary)\n///\n/// `\(name)\(syntax.isEmpty ? "" : " \(syntax)")`, since \(command.since). "
      + "\(command.complexity)"
  }

  /// Leaves types to the command that this is a variant of, if that has the same.
  mutating func shareTypes(of main: CommandType) {
    shared = nested.filter(main.nested.contains)
    nested.removeAll(where: main.nested.contains)
  }

  /// The type, without what it is nested in.
  func declaration(swiftName: String, nestedTypes: [String] = []) -> String {
    let words = name.split(separator: " ").map { word(String($0)) }
    let lines =
      nestedTypes + ["public typealias Response = \(variant.response)"] + facts + keyMembers
      + members(access: "public", head: words)
    return "\(documentation)\npublic struct \(swiftName): Command {\n\(indent(lines.joined(separator: "\n")))\n}"
  }

  /// The methods that send it.
  func methods(typeName: String, outerName: String, methodName: String) -> [String] {
    (allowsVariadic ? [false, true] : [false]).map { isVariadic in
      let arguments = parameters.map { field in
        let value = isVariadic && field.isList ? "\(field.name).map(\\.respArgument)" : field.name
        return field.label == "_" ? value : "\(field.label): \(value)"
      }
      // Types that are nested in the command are named from outside here.
      var list = parameterList(isVariadic: isVariadic)
      for (types, path) in [(nested, typeName), (shared, outerName)] {
        for type in types {
          let name = type.split(separator: " ")[2].prefix { $0 != ":" }
          for (before, after) in [(": ", ""), (": ", "?"), (": [", "]")] {
            list = list.replacing("\(before)\(name)\(after)", with: "\(before)\(path).\(name)\(after)")
          }
        }
      }
      return
        "\(documentation)\n@discardableResult\npublic func \(methodName)(\(list)) async throws -> \(variant.response) "
        + "{\n  try await send(\(typeName)(\(arguments.joined(separator: ", "))))\n}"
    }
  }
}

// MARK: Words

func camelCase(_ name: String) -> String {
  let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
  guard let first = words.first else { return "value" }
  return String(first.prefix(1).lowercased() + first.dropFirst())
    + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}

func escape(_ name: String) -> String {
  ["default", "in", "is", "as", "self", "where", "case", "for", "if", "true", "false"].contains(name)
    ? "`\(name)`" : name
}

func indent(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }.joined(
    separator: "\n")
}

extension String {
  /// Replaces text where it does not go on as a longer word.
  fileprivate func replacing(_ text: String, with other: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(of: text) {
      let next = range.upperBound < rest.endIndex ? rest[range.upperBound] : " "
      result += rest[..<range.lowerBound]
      result += next.isLetter || next == "." ? text : other
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
