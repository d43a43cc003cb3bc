/// `value` with `places` decimal places, for people.
public func decimal(_ value: Double, places: Int) -> String {
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  guard value.isFinite, abs(value) * scale < 1e15 else { return "\(value)" }
  let scaled = Int((abs(value) * scale).rounded())
  let whole = String(scaled / Int(scale))
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard places > 0 else { return sign + whole }
  let fraction = String(scaled % Int(scale))
  return "\(sign)\(whole).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}
