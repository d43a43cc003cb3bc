public import Signals

/// The health of all detectors of one junction, judged as their records come.
///
/// Silence and the camera's own word are judged at each tick, the other checks at the end of each minute,
/// those over a quarter of an hour at its end. A finding goes when it has not been made for
/// `HealthLimits.recovery` seconds.
public struct HealthMonitor: Sendable, Equatable, Codable {
  /// What is known of a detector.
  private struct Place: Sendable, Equatable, Codable {
    let id: String
    let lanes: Double
    let approach: Int
    /// What its lanes let through in green, pcu/s.
    let capacity: Double
    /// In which stages its lanes have green; `nil` if no signal holds them.
    let open: [Bool]?
    /// Names of its loops in records.
    let loops: [String]
  }

  /// A camera upstream that tells what comes to a detector.
  private struct Sender: Sendable, Equatable, Codable {
    let id: String
    let detector: Int
    let share: Double
  }

  private struct Held: Sendable, Equatable, Codable {
    var finding: HealthFinding
    var found: Instant
  }

  /// Share of the usual within which a junction is like itself: holidays and storms lie outside.
  static let likeItself = 0.67...1.5

  private let limits: HealthLimits
  private let timeZoneMinutes: Int
  private let places: [Place]
  private let senders: [Sender]
  /// The cameras upstream, each once.
  private var strangers: [SenderHealth]
  private(set) var watches: [DetectorWatch]
  /// The loops of each detector.
  private var loops: [[LoopWatch]]
  private var usual: [UsualFlow]
  private var held: [[Held]]
  private var begin: UTC?
  private var at: Moment?
  /// How much the whole junction had in the last quarter of an hour, as a share of what is usual.
  private var scale = 1.0

  /// What is thought of each detector, in the order of the junction's.
  public private(set) var verdicts: [DetectorVerdict]

  /// A monitor that has heard nothing yet.
  ///
  /// - Parameters:
  ///   - junction: The junction.
  ///   - inbound: Cameras of other junctions whose vehicles come here.
  public init(for junction: Intersection, inbound: [InboundDetector] = []) {
    limits = junction.healthLimits
    timeZoneMinutes = junction.timeZoneMinutes
    places = junction.detectors.map { detector in
      let group = junction.laneGroups[detector.laneGroup]
      let share = Double(detector.lanes) / Double(max(1, group.lanes))
      let signals = group.movements.map(\.signalGroup)
      return Place(
        id: detector.id, lanes: Double(detector.lanes), approach: group.approach,
        capacity: group.saturationFlow / 3600 * share,
        open: signals.contains(nil)
          ? nil
          : junction.stages.map { stage in
            signals.contains { $0.map(stage.serves) ?? true }
          }, loops: detector.loops.map(Detector.loopName))
    }
    let detectors = junction.detectors
    let groups = junction.laneGroups
    senders = inbound.flatMap { link in
      detectors.indices.filter { detectors[$0].laneGroup == link.laneGroup }.map { detector in
        Sender(
          id: link.detector, detector: detector,
          share: link.share * Double(detectors[detector].lanes)
            / Double(max(1, groups[link.laneGroup].lanes)))
      }
    }
    strangers = inbound.reduce(into: []) { known, link in
      if !known.contains(where: { $0.id == link.detector }) {
        known.append(SenderHealth(id: link.detector))
      }
    }
    watches = places.map { _ in DetectorWatch() }
    loops = detectors.map { $0.loops.map(LoopWatch.init(number:)) }
    usual = places.map { _ in UsualFlow() }
    held = places.map { _ in [] }
    verdicts = places.map { _ in DetectorVerdict() }
  }

  /// Whether it has learned what is usual at any of its detectors.
  public var knowsUsual: Bool { usual.contains { !$0.isEmpty } }

  /// Takes over what `other` has learned of detectors that both have.
  public mutating func adoptUsual(of other: HealthMonitor) {
    for position in places.indices {
      guard let known = other.places.firstIndex(where: { $0.id == places[position].id }) else {
        continue
      }
      usual[position] = other.usual[known]
      watches[position].balance = other.watches[known].balance
      watches[position].balances = other.watches[known].balances
    }
  }

  /// Moves on to `moment`, taking in the records that came since the last call.
  ///
  /// - Parameters:
  ///   - records: Accepted records of this junction's detectors and of the inbound ones.
  ///   - moment: Now.
  ///   - stage: Position of the stage that has been green since the last call; `nil` if none was or it
  ///     is unknown.
  ///   - isKnown: Whether it is known what has been green.
  public mutating func advance(
    with records: [CountRecord], to moment: Moment, stage: Int?, isKnown: Bool
  ) {
    let before = at ?? moment
    begin = begin ?? moment.utc
    at = moment
    let seconds = max(0, min(60, moment.monotonic.seconds(since: before.monotonic)))
    for position in places.indices {
      watches[position].pass(seconds, isOpen: isKnown ? isOpen(position, in: stage) : nil)
    }
    for record in records where !record.isHeartbeat { note(record, at: moment) }
    for position in places.indices { judgeWord(of: position, at: moment) }
    let (now, last) = (minute(of: moment.utc), minute(of: before.utc))
    guard now != last else { return }
    endMinute(at: moment)
    if now / 15 != last / 15 { endQuarter(at: moment) }
    for position in places.indices { watches[position].minute = DetectorWatch.Sums() }
  }

  /// Silence and the camera's own word. At nearly all ticks nothing is against it and nothing was.
  private mutating func judgeWord(of position: Int, at moment: Moment) {
    let isAtEase = watches[position].status == .ok && !watches[position].hasCondition
    guard !isAtEase || isLate(position, at: moment) || !held[position].isEmpty else { return }
    let silence = HealthChecks.missing(
      watches[position], limits, since: begin ?? moment.utc, at: moment)
    judge(.missing, silence, of: position, at: moment)
    judge(.condition, HealthChecks.condition(watches[position]), of: position, at: moment)
  }

  /// Whether a detector has not been heard of, or not for so long that it may be missed.
  private func isLate(_ position: Int, at moment: Moment) -> Bool {
    guard let received = watches[position].received else { return true }
    let patience = HealthChecks.patience(watches[position].interval, limits)
    return moment.monotonic.seconds(since: received) > patience
  }

  /// Whether the lanes of a detector have green in `stage`.
  private func isOpen(_ position: Int, in stage: Int?) -> Bool {
    guard let open = places[position].open else { return true }
    guard let stage else { return false }
    return open[stage]
  }

  /// How far the figures of a detector can be believed, 0 ... 1, whether or not they are fresh.
  public func reliability(of detector: Int) -> Double {
    // Nearly always, and this is asked many times a tick.
    if verdicts[detector].findings.isEmpty { return 1 }
    var reliability = 1.0
    for finding in verdicts[detector].findings {
      switch finding.grade {
      case .fault: return 0
      // Silence tells by its age how old the last word is.
      case .suspect where finding.check == .missing: break
      // To keep a blind camera's road waiting costs more than green for a closed one.
      case .suspect where finding.check == .zero:
        reliability = min(reliability, limits.conditionReliability / 2)
      case .suspect: reliability = min(reliability, limits.conditionReliability)
      case .ok: break
      }
    }
    let seesBadly = verdicts[detector].findings.contains { $0.check == .condition }
    return seesBadly ? min(reliability, limits.conditionReliability) : reliability
  }

  /// How far the figures of a camera upstream can be believed, 0 ... 1; of one that is none, fully.
  public func reliability(ofSender id: String) -> Double {
    strangers.first { $0.id == id }?.reliability(limits) ?? 1
  }

  /// What a detector usually counts at this weekday and time, pcu/h; `nil` while that is not known.
  public func usualFlow(of detector: Int, at utc: UTC) -> Double? {
    usual[detector].value(at: quarter(at: utc))?.flow
  }

  /// The camera that sent a detector's last record; `nil` if none has, or it does not name itself.
  public func camera(of detector: Int) -> String? { watches[detector].source }

  /// Seconds that are to be added to a detector's times, its clock being behind.
  public func clockCorrection(of detector: Int) -> Double { watches[detector].skew.correction }

  // MARK: As records come

  private mutating func note(_ record: CountRecord, at moment: Moment) {
    if let position = places.firstIndex(where: { $0.id == record.detector }) {
      watches[position].note(record, at: moment, lanes: places[position].lanes, limits: limits)
    } else {
      noteLoop(record)
    }
    guard let stranger = strangers.firstIndex(where: { $0.id == record.detector }) else { return }
    strangers[stranger].note(record, at: moment, limits: limits)
    let isDoubted = strangers[stranger].reliability(limits) < 1
    guard let count = record.count else { return }
    let pcu = PassengerCarUnits.standard.pcu(count)
    for sender in senders where sender.id == record.detector {
      watches[sender.detector].quarter.sent += pcu * sender.share
      if isDoubted { watches[sender.detector].quarter.isSentDoubted = true }
    }
  }

  private mutating func noteLoop(_ record: CountRecord) {
    for position in places.indices {
      guard let loop = places[position].loops.firstIndex(of: record.detector) else { continue }
      loops[position][loop].note(record)
    }
  }

  private mutating func endMinute(at moment: Moment) {
    awaitVehicles(at: moment)
    for position in places.indices {
      let (watch, context) = (watches[position], context(of: position, at: moment))
      judge(.zero, HealthChecks.zero(watch, context), of: position, at: moment)
      judge(.stuck, HealthChecks.stuck(watch, context), of: position, at: moment)
      judge(.chatter, HealthChecks.chatter(watch, context), of: position, at: moment)
      judge(.range, HealthChecks.range(watch, context), of: position, at: moment)
      judge(.constant, HealthChecks.constant(watch, context), of: position, at: moment)
    }
  }

  /// Adds up, for detectors that see nobody, who should have come and who came around them.
  private mutating func awaitVehicles(at moment: Moment) {
    let all = watches.reduce(0) { $0 + $1.minute.vehicles }
    for position in places.indices where watches[position].zeroSince != nil {
      let beside = places.indices.reduce(0) { sum, other in
        let isBeside = other != position && places[other].approach == places[position].approach
        return isBeside ? sum + watches[other].minute.vehicles : sum
      }
      let elsewhere = all - beside
      watches[position].beside += beside
      watches[position].elsewhere += elsewhere
      watches[position].awaited += awaited(
        position, beside: beside, elsewhere: elsewhere, at: moment)
    }
    for position in places.indices { watches[position].noteFlow() }
  }

  /// Who should have come in the last minute, pcu: as many as is usual, or as before if that is not known.
  private func awaited(
    _ position: Int, beside: Double, elsewhere: Double, at moment: Moment
  ) -> Double {
    if let usual = usual[position].value(at: quarter(at: moment.utc)) {
      return usual.flow / 60 * max(0, min(1, scale))
    }
    if watches[position].flowSeconds >= 300 { return watches[position].flowBefore / 60 }
    // Hardly a lane takes less than a tenth of its neighbours, or a fiftieth of the junction.
    return max(beside / 10, elsewhere / 50)
  }

  private mutating func endQuarter(at moment: Moment) {
    let ended = quarter(at: moment.utc.advanced(bySeconds: -60))
    scale = junctionScale(at: ended)
    for position in places.indices {
      let context = context(of: position, at: moment)
      let isOdd = HealthChecks.isOdd(watches[position], context)
      watches[position].oddQuarters = isOdd ? watches[position].oddQuarters + 1 : 0
      let watch = watches[position]
      judge(.ratio, HealthChecks.ratio(watch, context), of: position, at: moment)
      judge(.profile, HealthChecks.profile(watch, context), of: position, at: moment)
      judgeDrifts(of: position, context)
      learn(position, at: ended)
    }
    for position in places.indices {
      watches[position].quarter = DetectorWatch.Sums()
      loops[position] =
        places[position].loops.isEmpty
        ? [] : loops[position].map { LoopWatch(number: $0.number) }
    }
  }

  /// Sets what a detector counted against its witnesses.
  private mutating func judgeDrifts(of position: Int, _ context: HealthContext) {
    HealthChecks.noteShare(&watches[position], context, beside: shareBeside(position, context))
    HealthChecks.noteBalance(&watches[position], context)
    HealthChecks.noteDischarge(&watches[position], context)
    let quarter = watches[position].quarter
    if !loops[position].isEmpty {
      watches[position].loops.note(
        camera: (quarter.vehicles, quarter.seconds), loops: loops[position], limits)
    }
    let (watch, moment) = (watches[position], context.now)
    judge(.share, HealthChecks.share(watch, context), of: position, at: moment)
    judge(.balance, HealthChecks.balance(watch, context), of: position, at: moment)
    judge(.discharge, HealthChecks.discharge(watch, context), of: position, at: moment)
    judge(.loop, HealthChecks.loop(watch, context), of: position, at: moment)
  }

  /// What the other detectors of its approach had in the quarter of an hour, and what is usual there, pcu.
  private func shareBeside(
    _ position: Int, _ context: HealthContext
  ) -> (counted: Double, usual: Double) {
    var (counted, expected) = (0.0, 0.0)
    for other in places.indices
    where other != position && places[other].approach == places[position].approach {
      let quarter = watches[other].quarter
      guard quarter.seconds >= 800, let value = self.context(of: other, at: context.now).usual
      else { continue }
      counted += quarter.pcu
      expected += value.flow * quarter.seconds / 3600
    }
    return (counted, expected)
  }

  /// What is usual is learned of detectors that can be believed.
  private mutating func learn(_ position: Int, at ended: Int) {
    let quarter = watches[position].quarter
    guard quarter.seconds >= 800, verdicts[position].grade == .ok else { return }
    usual[position].learn(
      quarter.flow, at: ended, isOddDay: !Self.likeItself.contains(scale))
    guard quarter.sent >= 25, !quarter.isSentDoubted else { return }
    let share = 1 / Double(min(32, watches[position].balances + 1))
    let ratio = quarter.pcu / quarter.sent
    watches[position].balance += share * (ratio - watches[position].balance)
    watches[position].balances += 1
  }

  /// Median, over the detectors, of what came as a share of what is usual.
  private func junctionScale(at quarter: Int) -> Double {
    let shares = places.indices.compactMap { position -> Double? in
      guard let value = usual[position].value(at: quarter), value.flow >= 20,
        watches[position].quarter.seconds >= 800
      else { return nil }
      return watches[position].quarter.flow / value.flow
    }.sorted()
    return shares.isEmpty ? 1 : shares[shares.count / 2]
  }

  // MARK: Verdicts

  /// Takes up what a check found, or lets an older finding go after some patience.
  private mutating func judge(
    _ check: HealthCheck, _ finding: HealthFinding?, of position: Int, at moment: Moment
  ) {
    let known = held[position].firstIndex { $0.finding.check == check }
    guard known != nil || finding != nil else { return }
    let before = known.map { held[position][$0].finding }
    if let finding {
      let lasting = HealthFinding(
        check, finding.grade, since: min(finding.since, before?.since ?? finding.since),
        finding.words)
      let new = Held(finding: lasting, found: moment.monotonic)
      if let known { held[position][known] = new } else { held[position].append(new) }
      guard before != lasting else { return }
    } else if let known {
      let quiet = moment.monotonic.seconds(since: held[position][known].found)
      // Who speaks again is silent no longer; how fresh his word is, trust tells.
      guard check == .missing || quiet >= limits.recovery else { return }
      held[position].remove(at: known)
    }
    let order = HealthCheck.allCases
    let findings = order.compactMap { check in
      held[position].first { $0.finding.check == check }?.finding
    }
    verdicts[position] = DetectorVerdict(findings)
  }

  private func context(of position: Int, at moment: Moment) -> HealthContext {
    let place = places[position]
    return HealthContext(
      limits: limits, lanes: place.lanes, capacity: place.capacity, now: moment,
      begin: begin ?? moment.utc, isNight: isNight(moment.utc),
      usual: usual[position].value(at: quarter(at: moment.utc.advanced(bySeconds: -60))),
      scale: scale)
  }

  private func minute(of utc: UTC) -> Int64 { utc.milliseconds / 60_000 }

  private func quarter(at utc: UTC) -> Int {
    UsualFlow.quarter(at: utc, timeZoneMinutes: timeZoneMinutes)
  }

  /// From 22:00 to 06:00 of local time.
  private func isNight(_ utc: UTC) -> Bool {
    let hour = quarter(at: utc) % 96 / 4
    return hour >= 22 || hour < 6
  }
}
