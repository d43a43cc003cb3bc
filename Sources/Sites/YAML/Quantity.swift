import Phrases
public import Signals

/// The unit a quantity must be written with.
public enum Unit: String, Sendable, CaseIterable {
  /// Seconds.
  case second = "s"
  /// Metres.
  case metre = "m"
  /// Kilometres an hour.
  case kilometrePerHour = "km/h"
  /// Passenger car units an hour.
  case carUnitPerHour = "pcu/h"
  /// Vehicles an hour.
  case vehiclePerHour = "veh/h"
  /// People an hour.
  case personPerHour = "ped/h"
  /// Metres a second.
  case metrePerSecond = "m/s"
  /// Hundredths.
  case percent = "%"
  /// Degrees of angle.
  case degree = "deg"
}

extension Field {
  /// A number written with its unit, such as `30 s`; the result is in that unit and in `range`.
  public func quantity(_ unit: Unit, in range: ClosedRange<Double>) -> Double? {
    digits(unit).flatMap { value($0, in: range, unit: " \(unit.rawValue)") }
  }

  /// A duration of whole tenths of a second, such as `3.5 s`.
  public func duration(in range: ClosedRange<Tenths>) -> Tenths? {
    guard let digits = digits(.second) else { return nil }
    let seconds = range.lowerBound.seconds...range.upperBound.seconds
    guard let value = value(digits, in: seconds, unit: " s") else { return nil }
    let duration = Tenths(seconds: value)
    guard duration.seconds == value else {
      return refuse(
        "\(shown(digits + " s")) is not a whole number of tenths of a second; "
          + "write, say, \(duration)",
        "\(shown(digits + " s")) 不是 0.1 s 的整数倍；例如写 \(duration)")
    }
    return duration
  }

  /// A number without a unit, such as `0.5`.
  public func number(in range: ClosedRange<Double>) -> Double? {
    text().flatMap { value($0, in: range, unit: "") }
  }

  /// A whole number.
  public func integer(in range: ClosedRange<Int>) -> Int? {
    guard let text = text() else { return nil }
    // Only digits: Int would also take "+7".
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.allSatisfy({ "0"..."9" ~= $0 }), let value = Int(text) else {
      return refuse(hinting: "\(shown(text)) is not a whole number", "\(shown(text)) 不是整数")
    }
    guard range.contains(value) else {
      let right = bounds(range)
      return refuse(
        "\(value) is out of range; it must be \(right.text(.english))",
        "\(value) 超出范围；应为 \(right.text(.chinese))")
    }
    return value
  }

  private func value(_ digits: String, in range: ClosedRange<Double>, unit: String) -> Double? {
    guard let value = decimal(digits) else {
      return refuse(
        hinting: "\(shown(digits + unit)) is not a finite decimal number",
        "\(shown(digits + unit)) 不是有限的十进制数")
    }
    guard range.contains(value) else {
      return refuse(
        "\(digits)\(unit) is out of range; it must be "
          + "\(plain(range.lowerBound)) to \(plain(range.upperBound))\(unit)",
        "\(digits)\(unit) 超出范围；应为 "
          + "\(plain(range.lowerBound)) 至 \(plain(range.upperBound))\(unit)")
    }
    return value
  }

  /// What stands before the unit.
  private func digits(_ unit: Unit) -> String? {
    guard let text = text() else { return nil }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    if parts.count == 2, parts[1] == unit.rawValue { return String(parts[0]) }
    if parts.count == 1, decimal(text) != nil {
      return refuse(
        "\(shown(text)) has no unit; write \(text) \(unit.rawValue)",
        "\(shown(text)) 没有单位；请写 \(text) \(unit.rawValue)")
    }
    if parts.count == 2, decimal(String(parts[0])) != nil {
      return refuse(
        hinting: "\(shown(text)) has the wrong unit; it must be in \(unit.rawValue)",
        "\(shown(text)) 的单位不对；应以 \(unit.rawValue) 为单位")
    }
    return refuse(
      hinting:
        "\(shown(text)) must be written with the unit \(unit.rawValue), after a number and one space",
      "\(shown(text)) 须写成数值、一个空格和单位 \(unit.rawValue)")
  }
}

/// A number in digits with at most one point: neither exponents nor "nan", which `Double` takes too.
private func decimal(_ text: String) -> Double? {
  let digits = text.first == "-" ? text.dropFirst() : text[...]
  let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count), digits.count <= 18,
    parts.allSatisfy({ part in !part.isEmpty && part.allSatisfy { "0"..."9" ~= $0 } })
  else { return nil }
  return Double(text)
}

/// Without ".0" where there is nothing behind the point.
private func plain(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

private func bounds(_ range: ClosedRange<Int>) -> Phrase {
  let (least, most) = (range.lowerBound, range.upperBound)
  if least == most { return Phrase(name: "\(least)") }
  return most == .max
    ? Phrase("at least \(least)", "至少 \(least)")
    : Phrase("\(least) to \(most)", "\(least) 至 \(most)")
}
