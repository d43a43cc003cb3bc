import Phrases
import Sites

private let itself = Phrase("site file, accepted", "路口文件 accepted")

/// A rule that does not exist can find nothing that might be accepted.
let acceptanceUnknown = Rule(
  "acceptance-unknown", Phrase("no rule has this name", "没有这条规则"),
  formula: Phrase("accepted[].rule is the name of a rule", "accepted[].rule 为规则名"),
  source: itself
) { junction in
  junction.survey.acceptances.enumerated().compactMap { position, accepted in
    guard !rules.contains(where: { $0.id == accepted.rule }) else { return nil }
    return Observation(
      "accepted", position, "rule", found: accepted.rule,
      expected: rules.map(\.id).joined(separator: ", "),
      Phrase(
        "there is no rule \(accepted.rule); the finding above it names the rule in brackets",
        "没有规则 \(accepted.rule)；规则名见各条提示末尾的方括号"))
  }
}

/// What is no longer found need not be accepted, and must not hide what comes later.
let acceptanceNeedless = Rule(
  "acceptance-needless", Phrase("nothing to accept", "没有需要接受的提示"),
  formula: Phrase("accepted[] meets a finding", "accepted[] 对应一条提示"), source: itself
) { _ in [] }

/// The acceptances of known rules that met nothing, once all other rules have been asked.
func needlessAcceptances(_ used: [Bool], _ junction: Surveyed) -> [Observation] {
  zip(junction.survey.acceptances, used).enumerated().compactMap { position, entry in
    let (accepted, isUsed) = entry
    guard !isUsed, rules.contains(where: { $0.id == accepted.rule }) else { return nil }
    return Observation(
      "accepted", position, nil, found: accepted.rule, expected: "none",
      Phrase(
        "\(accepted.rule) finds nothing here any more; leave the entry out",
        "\(accepted.rule) 在此已无提示；请删去该条"))
  }
}
