import Sites

/// The modes of the junctions: `mode` for all that neither `control` nor `advise` names.
func readModes(_ table: Table) -> JunctionModes {
  var modes = JunctionModes()
  if let usual = table["mode"]?.choice(of: JunctionMode.self) { modes.usual = usual }
  for mode in JunctionMode.allCases {
    for field in table[mode.rawValue]?.listed() ?? [] {
      guard let junction = field.name() else { continue }
      if modes.exceptions.updateValue(mode, forKey: junction) != nil {
        field.report(
          "\(junction) is named already; name each junction once, under control: or under advise:",
          "\(junction) 已写过；每个路口只写一次，写在 control: 或 advise: 下")
      }
    }
  }
  return modes
}
