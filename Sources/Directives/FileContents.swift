import Glibc

/// What `errno` said.
public struct SystemError: Error {
  public let code: Int32

  static var current: SystemError { SystemError(code: errno) }

  public var reason: String { String(cString: strerror(code)) }
}

/// Whole files, read and replaced.
public enum FileContents {
  public static func read(_ path: String) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .current }
    defer { close(descriptor) }
    return try read(descriptor: descriptor)
  }

  /// Everything up to the end.
  public static func read(descriptor: Int32) throws(SystemError) -> [UInt8] {
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return contents }
      if count > 0 {
        contents += chunk[..<count]
      } else if errno != EINTR {
        throw .current
      }
    }
  }

  /// Replaces a file as a whole: after a crash it holds either the old contents or the new ones, never a mixture.
  ///
  /// The new contents are complete on disk under another name in the same directory before they take the name over,
  /// and the directory is synced so that the new name survives too. Permissions stay as they were; a file that did not
  /// exist is for its owner only.
  public static func replace(_ path: String, with contents: [UInt8]) throws(SystemError) {
    var template = Array((path + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .current }
    do throws(SystemError) {
      defer { close(descriptor) }
      try check(fcntl(descriptor, F_SETFD, FD_CLOEXEC))
      try write(contents, to: descriptor)
      if let permissions = permissions(of: path) { try check(fchmod(descriptor, permissions)) }
      try check(fsync(descriptor))
      try check(rename(template, path))
    } catch {
      unlink(template)
      throw error
    }
    try syncDirectory(of: path)
  }

  private static func write(_ contents: [UInt8], to descriptor: Int32) throws(SystemError) {
    var rest = contents[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw .current
      }
    }
  }

  private static func check(_ result: Int32) throws(SystemError) {
    if result < 0 { throw .current }
  }

  private static func permissions(of path: String) -> mode_t? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & 0o7777
  }

  private static func syncDirectory(of path: String) throws(SystemError) {
    let end = path.lastIndex(of: "/")
    let directory = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .current }
    defer { close(descriptor) }
    try check(fsync(descriptor))
  }
}
