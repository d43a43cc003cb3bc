public import Profiles
import Signals

/// Reads the cabinet profile at `path`.
///
/// - Returns: The profile, or every error of the file by position.
public func readProfile(_ path: String) -> Result<CabinetProfile, SiteErrors> {
  YAMLFile.read(path) { profile($0) }
}

/// Reads a cabinet profile's `bytes`; errors call the file `name`.
public func readProfile(
  _ bytes: [UInt8], named name: String
) -> Result<CabinetProfile, SiteErrors> {
  YAMLFile.read(bytes, named: name) { profile($0) }
}

private func profile(_ field: Field) -> CabinetProfile? {
  guard let draft = ProfileDraft(field) else { return nil }
  profileRules.forEach { $0(draft) }
  // What is wrong in itself cannot be measured against frames.
  guard field.problems.isEmpty, let profile = draft.build() else { return nil }
  checkGolden(draft, profile)
  return field.problems.isEmpty ? profile : nil
}

/// A profile while it is read: what could be understood, and where it stands.
struct ProfileDraft {
  let root: Table
  let longestRead: Int?
  let longestWrite: Int?
  let capabilities: CapabilitiesDraft?
  let blocks: [(row: Row, block: CabinetProfile.Block?)]
  let points: [(row: Row, point: CabinetProfile.Point?)]
  let order: [StepDraft]
  let renewal: [StepDraft]

  init?(_ field: Field) {
    guard let root = field.table(ProfileSchema.profile) else { return nil }
    self.root = root
    _ = root["version"]?.integer()
    longestRead = root["longest_read"]?.integer()
    longestWrite = root["longest_write"]?.integer()
    capabilities = CapabilitiesDraft(root["capabilities"])
    let blockRows = Section(root["blocks"], of: .block)
    blocks = blockRows.rows.map { ($0, readBlock($0)) }
    let order = root.value("word_order", or: WordOrder.highFirst) { $0.choice(of: WordOrder.self) }
    let pointRows = Section(root["points"], of: .point)
    points = pointRows.rows.map { ($0, readPoint($0, order: order ?? .highFirst)) }
    let names = (blockRows.names, pointRows.names)
    self.order = readSteps(root["order"], names)
    renewal = readSteps(root["renewal"], names)
  }

  /// The profile; `nil` if something of it could not be read.
  func build() -> CabinetProfile? {
    let unit = root.value("unit", or: 1) { field -> Int? in
      guard let unit = field.integer() else { return nil }
      guard (1...247).contains(unit) || unit == 255 else {
        return field.refuse(
          "\(unit) is no cabinet's own; write 1 to 247, or 255",
          "\(unit) 不属于任何一台信号机；请写 1 至 247，或 255")
      }
      return unit
    }
    guard let unit, let longestRead, let longestWrite,
      let capabilities = capabilities?.build(), let name = root["profile"]?.name(),
      let make = root["make"]?.name(),
      let rest = root.value("pause", or: 0.0, { $0.number() })
    else { return nil }
    let built = (blocks.compactMap(\.block), points.compactMap(\.point))
    guard built.0.count == blocks.count, built.1.count == points.count else { return nil }
    return CabinetProfile(
      name: name, make: make, unit: UInt8(unit), longestRead: longestRead,
      longestWrite: longestWrite, pause: rest, capabilities: capabilities, blocks: built.0,
      points: built.1, order: order.compactMap(\.step), renewal: renewal.compactMap(\.step))
  }
}

/// What a make can do, and where it says so.
struct CapabilitiesDraft {
  let table: Table
  let fencing: Bool?
  let isSoleMaster: Bool
  let lease: CabinetProfile.Capabilities.Lease?
  let leaseTime: Tenths?
  let apply: [CabinetProfile.Capabilities.Apply]
  let readBack: Bool?

  init?(_ field: Field?) {
    guard let table = field?.table() else { return nil }
    self.table = table
    fencing = table["fencing"]?.flag()
    isSoleMaster = table["sole_master"]?.flag() ?? false
    lease = table["lease"]?.choice(of: CabinetProfile.Capabilities.Lease.self)
    leaseTime = table["lease_time"]?.duration()
    apply = (table["apply"]?.listed() ?? []).compactMap {
      $0.choice(of: CabinetProfile.Capabilities.Apply.self)
    }
    readBack = table["read_back"]?.flag()
  }

  func build() -> CabinetProfile.Capabilities? {
    guard let fencing, let lease, let leaseTime, let readBack else { return nil }
    return CabinetProfile.Capabilities(
      fencing: fencing, lease: lease, leaseSeconds: leaseTime.count / 10, apply: apply,
      readBack: readBack)
  }
}

private func readBlock(_ row: Row) -> CabinetProfile.Block? {
  let address = row.table?["address"]?.integer()
  let length = row.table?["length"]?.integer()
  let access = row.table?["access"]?.choice(of: CabinetProfile.Block.Access.self)
  guard let name = row.name, let address, let length, let access else { return nil }
  guard address + length <= 65_536 else {
    row.at("length").report(
      "ends after the last register, 65535",
      "超出最后一个寄存器 65535")
    return nil
  }
  return CabinetProfile.Block(name: name, registers: address..<address + length, access: access)
}
