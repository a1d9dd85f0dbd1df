import Foundation

/// What to measure, and against which server.
struct Options {
  var port = 6379
  var tasks = 64
  var seconds = 2.0
  var what = "commands"

  static let usage = """
    usage: client-bench [--port 6379] [--tasks 64] [--seconds 2] commands | near | cold | invalidation

    Measures the client library and the cache against a server that runs already. Prints lines of name=value.

      commands      tasks that do GET, one after the other each, with batching and without
      near          reads that the cache answers from its own memory
      cold          a thousand tasks that ask for one key that nobody has
      invalidation  from somebody's write to the end of the cache's entry
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func number<T: LosslessStringConvertible>(_ name: String) throws -> T {
      guard let value = rest.popFirst().flatMap({ T($0) }) else { throw Failure("\(name) needs a number") }
      return value
    }
    while let first = rest.popFirst() {
      switch first {
      case "--port": port = try number(first)
      case "--tasks": tasks = try number(first)
      case "--seconds": seconds = try number(first)
      case "commands", "near", "cold", "invalidation": what = first
      default: throw Failure("unknown: \(first)")
      }
    }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
