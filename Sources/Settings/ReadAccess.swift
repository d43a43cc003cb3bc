import Sites
import Web

/// Tokens of persons and programs, each with its role.
func readAccess(_ field: Field?, _ paths: Paths) -> [AccessToken] {
  var names: [String] = []
  return (field?.listed() ?? []).compactMap { field in
    guard let table = field.table() else { return nil }
    let name = table["name"]?.name()
    if let name {
      // The token of http: is called so in records.
      if names.contains(name) || name == "token" {
        table["name"]?.report(
          "is taken; give each token a name of its own",
          "已被使用；每个令牌应有各自的名称")
      }
      names.append(name)
    }
    let role = table["role"]?.choice(of: Role.self)
    let file = table["token_file"].flatMap(paths.path)
    guard let name, let role, let file else { return nil }
    return AccessToken(name: name, role: role, file: file)
  }
}
