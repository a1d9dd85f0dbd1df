import Memory

/// Whether `text` matches a glob-style pattern with `*`, `?`, `[a-z]`, `[^a]` and backslashes: Redis's rules.
///
/// A star is tried again only from the last one on, so that the time is at most the product of both
/// lengths, whatever the pattern.
public func globMatches(pattern: Bytes, _ text: Bytes, ignoringCase: Bool = false) -> Bool {
  func same(_ a: UInt8, _ b: UInt8) -> Bool { ignoringCase ? asciiLowercased(a) == asciiLowercased(b) : a == b }
  // Not even a star matches nothing: whoever wants all has to ask for it otherwise.
  if text.isEmpty { return pattern.isEmpty }
  var p = 0
  var t = 0
  var star: (pattern: Int, text: Int)?
  while true {
    var matched = false
    var next = p
    if p < pattern.count {
      switch pattern[p] {
      case UInt8(ascii: "*"):
        while p < pattern.count && pattern[p] == UInt8(ascii: "*") { p += 1 }
        if p == pattern.count { return true }
        star = (p, t)
        continue
      case UInt8(ascii: "?"):
        matched = t < text.count
        next = p + 1
      case UInt8(ascii: "["):
        if t < text.count { (matched, next) = matchClass(pattern, p, text[t], ignoringCase) }
      case UInt8(ascii: "\\") where p + 1 < pattern.count:
        matched = t < text.count && same(pattern[p + 1], text[t])
        next = p + 2
      case let byte:
        matched = t < text.count && same(byte, text[t])
        next = p + 1
      }
    } else if t == text.count {
      return true
    }
    if matched {
      p = next
      t += 1
    } else if let (starPattern, starText) = star, starText < text.count {
      star = (starPattern, starText + 1)
      p = starPattern
      t = starText + 1
    } else {
      return false
    }
  }
}

/// Matches one byte against the class that begins at `start`; also says where the class ends.
private func matchClass(_ pattern: Bytes, _ start: Int, _ byte: UInt8, _ ignoringCase: Bool) -> (Bool, Int) {
  var p = start + 1
  let isNegated = p < pattern.count && pattern[p] == UInt8(ascii: "^")
  if isNegated { p += 1 }
  var found = false
  let wanted = ignoringCase ? asciiLowercased(byte) : byte
  while true {
    if p + 1 < pattern.count && pattern[p] == UInt8(ascii: "\\") {
      p += 1
      if pattern[p] == byte { found = true }
    } else if p >= pattern.count {
      // An unclosed class ends with the pattern.
      p -= 1
      break
    } else if pattern[p] == UInt8(ascii: "]") {
      break
    } else if p + 2 < pattern.count && pattern[p + 1] == UInt8(ascii: "-") {
      var low = pattern[p]
      var high = pattern[p + 2]
      if low > high { swap(&low, &high) }
      if ignoringCase {
        low = asciiLowercased(low)
        high = asciiLowercased(high)
      }
      p += 2
      if wanted >= low && wanted <= high { found = true }
    } else {
      let member = ignoringCase ? asciiLowercased(pattern[p]) : pattern[p]
      if member == wanted { found = true }
    }
    p += 1
  }
  return (found != isNegated, p + 1)
}
