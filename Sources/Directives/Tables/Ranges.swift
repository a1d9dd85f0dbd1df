// Upper bounds come from the width Redis gives a setting, as error messages show them.

extension ClosedRange where Bound == Int {
  static let port = 0...65535
  static let naturalInt32 = 0...Int(Int32.max)
  static let positiveInt32 = 1...Int(Int32.max)
  static let unsigned32 = 0...Int(UInt32.max)
  static let anyInt32 = Int(Int32.min)...Int(Int32.max)
  static let natural = 0...Int.max
  static let positive = 1...Int.max
}
