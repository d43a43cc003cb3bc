/// The rules that a site file keeps beyond what each key says of itself.
///
/// Each reports where it is broken, and passes over what could not be read.
let siteRules: [@Sendable (Draft) -> Void] = [
  reservedNames, yieldingGroups, meetingGroups, servedGroups, usedGroups, permissiveGreens,
  conflictingGreens,
  groupKinds, movementTurns, movementShares, saturationFlows, servedLaneGroups, servedCrossings,
  detectorLanes, loopsOnce, ownUpstream, greenRanges, pedestrianGreens, cycleLimits, planGreens,
  planCycles, longestWaits,
  planOffsets, planChanges, planSums, planReds, scheduleTimes, leaseLength,
]
