import Memory
import Structures

/// Elements of a list for who wants to have them all at once: valid until the list changes, and as long as this lives.
///
/// They are views of where they lie. Those of compressed nodes lie nowhere; what they were decompressed to is kept here.
public final class ListElements {
  public private(set) var values: [StringValue] = []
  private var listpacks: [Listpack] = []
  private var blobs: [Blob] = []

  /// The elements of `range`, which must be there, in their order or backwards.
  public init(_ entry: Entry, _ range: Range<Int>, isReversed: Bool = false) {
    values.reserveCapacity(range.count)
    let isCompressed = ListValue.hasCompressedNodes(entry)
    if isReversed {
      ListValue.forEachRunBackwards(entry, from: range.upperBound - 1, count: range.count) { run in
        (isCompressed ? keep(run) : run).forEachBackwards { values.append($0) }
        return true
      }
    } else {
      ListValue.forEachRun(entry, from: range.lowerBound, count: range.count) { run in
        (isCompressed ? keep(run) : run).forEach { values.append($0) }
        return true
      }
    }
  }

  public convenience init(_ entry: Entry) { self.init(entry, 0..<ListValue.count(entry)) }

  deinit {
    for list in listpacks { list.free() }
    for blob in blobs { blob.release() }
  }

  private func keep(_ run: Quicklist.Run) -> Quicklist.Run {
    switch run {
    case .plain(let blob):
      blob.retain()
      blobs.append(blob)
      return run
    case .packed(let list, let at, let count):
      let copy = Listpack.copy(list.bytes)
      listpacks.append(copy)
      return .packed(copy, at: at, count: count)
    }
  }
}
