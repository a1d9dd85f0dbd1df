import Keyspace
import Memory
import Structures

extension RDBReader {
  mutating func listValue(_ type: RDB.ValueType, _ target: RDBTarget) throws(RDBFailure) -> Entry? {
    var builder = ListBuilder(target.keyspace.pointee.listLimits)
    switch type {
    case .listZiplist: try appendZiplist(to: &builder)
    case .listQuicklist1:
      for _ in 0..<(try count()) { try appendZiplist(to: &builder) }
    case .listQuicklist2:
      for _ in 0..<(try count()) { try appendNode(to: &builder) }
    default:
      for _ in 0..<(try count()) { builder.append(try string()) }
    }
    return target.keyspace.pointee.addList(target.database, target.key, hash: target.hash, builder)
  }

  private mutating func appendZiplist(to builder: inout ListBuilder) throws(RDBFailure) {
    var list = try Ziplist(try heldString())
    while let value = try list.next() { StringValue(value).withBytes { builder.append($0) } }
  }

  private mutating func appendNode(to builder: inout ListBuilder) throws(RDBFailure) {
    let container = try length()
    switch Int(exactly: container) {
    case RDB.ListContainer.plain:
      let element = try string()
      if element.isEmpty { throw .corrupt("Quicklist integrity check failed: a node is empty") }
      builder.append(plain: element)
    case RDB.ListContainer.listpack:
      guard builder.append(listpack: try string()) else { throw .corrupt("Listpack integrity check failed.") }
    default: throw .corrupt("Quicklist integrity check failed: a node's container is \(container)")
    }
  }
}
