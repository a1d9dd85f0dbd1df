import CMartlet
import Glibc
import Memory

/// Why the disk did not do what it was told.
public struct DiskError: Error, Equatable {
  public let code: Int32

  public init(code: Int32) { self.code = code }

  public var message: String { String(cString: strerror(code)) }
}

/// The files of a directory, handed in, so that a test can let them fail: short writes, a full disk, an fsync that
/// reports an error, a process that dies in between.
public protocol Disk: AnyObject, Sendable {
  func open(_ path: String, _ mode: FileMode) throws(DiskError) -> any DiskFile
  func rename(_ old: String, to new: String) throws(DiskError)
  func remove(_ path: String) throws(DiskError)
  /// Makes a directory if it is not there.
  func makeDirectory(_ path: String) throws(DiskError)
  /// Makes the names in a directory survive a crash.
  func syncDirectory(_ path: String) throws(DiskError)
  /// Bytes of a file; nil if there is none.
  func size(_ path: String) throws(DiskError) -> Int?
  /// Names in a directory, in no order.
  func list(_ path: String) throws(DiskError) -> [String]
}

public enum FileMode: Sendable {
  case read
  /// A new, empty file, whatever was there.
  case create
  /// Writes go to the end; the file is created if need be.
  case append
  /// Bytes that are there are overwritten, by ``DiskFile/overwrite(_:at:)``.
  case overwrite
}

public protocol DiskFile: ByteSource, Sendable {
  /// Writes some of the bytes, at least one, and returns how many.
  func write(_ bytes: Bytes) throws(DiskError) -> Int
  /// Writes all bytes at `offset`, and returns once they are on the disk. The file was opened for that; the bytes are
  /// whole blocks in a ``BlockBuffer``.
  func overwrite(_ bytes: Bytes, at offset: Int) throws(DiskError)
  /// Reads bytes at `offset`, all that `target` has room for. Those behind the end of the file are left as they were.
  func read(into target: inout [UInt8], at offset: Int) throws(DiskError)
  /// Returns once everything written is on the disk.
  func sync() throws(DiskError)
  func truncate(to size: Int) throws(DiskError)
  func close()
}

extension DiskFile {
  /// Writes all bytes. After an error, some may have been written.
  public func writeAll(_ bytes: Bytes) throws(DiskError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = try write(rest)
      rest = rest[written..<rest.count]
    }
  }
}

extension DiskFile {
  public func writeAll(_ array: [UInt8]) throws(DiskError) {
    var failure: DiskError?
    array.withBytes { bytes in
      do throws(DiskError) { try writeAll(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// All that is in the file.
  public func readAll() throws(DiskError) -> [UInt8] {
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = try read(into: chunk.baseAddress!, count: chunk.count)
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}

/// The machine's disk.
public final class SystemDisk: Disk {
  public init() {}

  public func open(_ path: String, _ mode: FileMode) throws(DiskError) -> any DiskFile {
    let flags =
      switch mode {
      case .read: O_RDONLY
      case .create: O_WRONLY | O_CREAT | O_TRUNC
      case .append: O_WRONLY | O_CREAT | O_APPEND
      case .overwrite: O_WRONLY | O_DSYNC
      }
    var descriptor: Int32 = mode == .overwrite ? martlet_open_direct(path) : -1
    // Not every file system can do without its cache.
    if descriptor < 0 { descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw DiskError(code: martlet_errno()) }
    return SystemFile(descriptor)
  }

  public func rename(_ old: String, to new: String) throws(DiskError) { try check(Glibc.rename(old, new)) }

  public func remove(_ path: String) throws(DiskError) { try check(unlink(path)) }

  public func makeDirectory(_ path: String) throws(DiskError) {
    if mkdir(path, 0o755) == 0 { return }
    let error = martlet_errno()
    if error != EEXIST { throw DiskError(code: error) }
  }

  public func syncDirectory(_ path: String) throws(DiskError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else { throw DiskError(code: martlet_errno()) }
    defer { Glibc.close(descriptor) }
    try check(fsync(descriptor))
  }

  public func size(_ path: String) throws(DiskError) -> Int? {
    var status = stat()
    if stat(path, &status) == 0 { return Int(status.st_size) }
    let error = martlet_errno()
    if error == ENOENT { return nil }
    throw DiskError(code: error)
  }

  public func list(_ path: String) throws(DiskError) -> [String] {
    guard let directory = opendir(path) else {
      let error = martlet_errno()
      if error == ENOENT { return [] }
      throw DiskError(code: error)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  private func check(_ result: Int32) throws(DiskError) {
    if result != 0 { throw DiskError(code: martlet_errno()) }
  }
}

private final class SystemFile: DiskFile {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { Glibc.close(descriptor) }

  /// The descriptor goes with the last reference.
  func close() {}

  func read(into target: UnsafeMutableRawPointer, count: Int) throws(DiskError) -> Int {
    while true {
      let received = Glibc.read(descriptor, target, count)
      if received >= 0 { return received }
      let error = martlet_errno()
      if error != EINTR { throw DiskError(code: error) }
    }
  }

  func write(_ bytes: Bytes) throws(DiskError) -> Int {
    while true {
      let written = Glibc.write(descriptor, bytes.base, bytes.count)
      if written > 0 { return written }
      let error = written == 0 ? ENOSPC : martlet_errno()
      if error != EINTR { throw DiskError(code: error) }
    }
  }

  func overwrite(_ bytes: Bytes, at offset: Int) throws(DiskError) {
    var done = 0
    while done < bytes.count {
      let written = pwrite(descriptor, bytes.base + done, bytes.count - done, offset + done)
      if written > 0 {
        done += written
        continue
      }
      let error = written == 0 ? ENOSPC : martlet_errno()
      if error != EINTR { throw DiskError(code: error) }
    }
  }

  func read(into target: inout [UInt8], at offset: Int) throws(DiskError) {
    var done = 0
    while done < target.count {
      let received = target.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, $0.count - done, offset + done)
      }
      if received == 0 { return }
      if received > 0 {
        done += received
        continue
      }
      let error = martlet_errno()
      if error != EINTR { throw DiskError(code: error) }
    }
  }

  func sync() throws(DiskError) {
    while fdatasync(descriptor) != 0 {
      let error = martlet_errno()
      if error != EINTR { throw DiskError(code: error) }
    }
  }

  func truncate(to size: Int) throws(DiskError) {
    if ftruncate(descriptor, size) != 0 { throw DiskError(code: martlet_errno()) }
  }
}
