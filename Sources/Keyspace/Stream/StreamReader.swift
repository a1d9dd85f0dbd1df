import Memory
import Structures

/// A walk over the living entries of a stream between two ids, in either direction. Valid until the stream changes.
///
///     var reader = StreamReader(stream, from: start, through: end)
///     while let entry = reader.next() {
///       reader.forEachField { name, value in … }
///     }
public struct StreamReader {
  private let stream: UnsafeMutablePointer<Stream>
  private let start: StreamID
  private let end: StreamID
  private let isReversed: Bool
  private var nodePosition: IDIndex<UnsafeMutableRawPointer>.Position?
  private var node: StreamNode
  private var master = StreamNode.Master(fieldCount: 0, fields: 0)
  /// Where the next entry begins; reversed, where it ends.
  private var at = 0
  /// The entry that was handed out, until its end was looked for.
  private var current: StreamNode.Entry?

  /// Where a walk stands in a stream, for another to go on from there.
  public struct Bookmark {
    fileprivate let node: StreamID
    fileprivate let offset: Int
    fileprivate let layout: UInt32
  }

  /// - Parameters:
  ///   - bookmark: of a walk that ended right before `start`, if it is known.
  public init(
    _ stream: UnsafeMutablePointer<Stream>, from start: StreamID = .zero, through end: StreamID = .maximum,
    isReversed: Bool = false, bookmark: Bookmark? = nil
  ) {
    self.stream = stream
    self.start = start
    self.end = end
    self.isReversed = isReversed
    node = StreamNode(id: .zero, address: UnsafeMutableRawPointer(stream))
    let bound = isReversed ? end : start
    let position = stream.pointee.nodes.position(atOrBefore: bound)
    if isReversed {
      if let position { enter(position) }
    } else if let position = position ?? stream.pointee.nodes.firstPosition {
      enter(position)
      if start > node.id { seek(bookmark) }
    }
  }

  private mutating func enter(_ position: IDIndex<UnsafeMutableRawPointer>.Position) {
    nodePosition = position
    let element = stream.pointee.nodes[position].pointee
    node = StreamNode(id: element.id, address: element.value)
    master = node.master
    at = isReversed ? node.list.endPosition : node.firstEntry(master)
  }

  /// Comes nearer to `start` than the node's beginning is.
  private mutating func seek(_ bookmark: Bookmark?) {
    if let bookmark, bookmark.node == node.id, bookmark.layout == stream.pointee.layout {
      at = bookmark.offset
      return
    }
    // Whoever follows a stream asks for the last few entries.
    guard nodePosition == stream.pointee.nodes.lastPosition else { return }
    var from = node.list.endPosition
    for _ in 0..<8 {
      guard let previous = node.previous(from) else { return }
      if node.entry(at: previous, master).id < start {
        at = from
        return
      }
      from = previous
    }
  }

  /// The next living entry.
  @inline(__always)
  public mutating func next() -> StreamNode.Entry? { isReversed ? nextBackward() : nextForward() }

  private mutating func nextForward() -> StreamNode.Entry? {
    leaveCurrent()
    while let position = nodePosition {
      if node.list.isEnd(at) {
        guard let next = stream.pointee.nodes.next(position) else { break }
        enter(next)
        continue
      }
      let entry = node.entry(at: at, master)
      if entry.id > end { break }
      if entry.isDeleted || entry.id < start {
        at = node.end(of: entry)
        continue
      }
      current = entry
      return entry
    }
    return nil
  }

  /// Where the current entry's contents end, once they were visited; else 0.
  private var contentsEnd = 0

  @inline(__always)
  private mutating func leaveCurrent() {
    guard let entry = current else { return }
    at = contentsEnd > 0 ? node.list.skip(contentsEnd) : node.end(of: entry)
    contentsEnd = 0
    current = nil
  }

  private mutating func nextBackward() -> StreamNode.Entry? {
    while let position = nodePosition {
      guard let previous = node.previous(at) else {
        guard let next = stream.pointee.nodes.previous(position) else { break }
        enter(next)
        continue
      }
      at = previous
      let entry = node.entry(at: at, master)
      if entry.id < start { break }
      if entry.isDeleted || entry.id > end { continue }
      current = entry
      return entry
    }
    return nil
  }

  /// Visits the fields and values of the entry that came last.
  @inline(__always)
  public mutating func forEachField(_ visit: (Listpack.Value, Listpack.Value) -> Void) {
    guard let entry = current else { return }
    let list = node.list
    var at = entry.contents
    if entry.sharesFields {
      var field = master.fields
      for _ in 0..<entry.fieldCount {
        visit(list.value(field), list.value(at))
        field = list.skip(field)
        at = list.skip(at)
      }
    } else {
      for _ in 0..<entry.fieldCount {
        let value = list.skip(at)
        visit(list.value(at), list.value(value))
        at = list.skip(value)
      }
    }
    if !isReversed { contentsEnd = at }
  }

  /// Where the walk stands: after the entry that came last. Only of a walk forward.
  public mutating func bookmark() -> Bookmark {
    leaveCurrent()
    return Bookmark(node: node.id, offset: at, layout: stream.pointee.layout)
  }
}
