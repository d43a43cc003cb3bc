/// All rules, in the order in which their findings are told of one place.
public let rules: [Rule] = [
  yellowTooShort, yellowTooLong, allRedTooShort, allRedMissing, allRedTooLong, intergreenTooShort,
  walkTooShort, clearanceTooShort, minimumGreenTooShort, saturationFlowUnusual, conflictMissing,
  maximumCycleBelowMinimums, minimumCycleAboveMaximums, longestRedUnreachable, longestRedNeverBinds,
  countdownUntruthful, countdownDark, mostlyUnseen, acceptanceUnknown, acceptanceNeedless,
]
