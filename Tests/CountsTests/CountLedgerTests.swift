import Counts
import Signals
import Testing

private func ledger(_ detectors: String...) -> CountLedger {
  CountLedger(detectors: detectors.isEmpty ? ["J1.N"] : detectors)
}

@Suite("The ledger of one junction")
struct CountLedgerTests {
  @Test("Records that follow each other are accepted and handed out once, in order")
  func inOrder() {
    var ledger = ledger("J1.N", "J1.E")
    #expect(ledger.accept(record(5), at: at(10.2)) == .accepted)
    #expect(ledger.accept(record(0), at: at(10.3)) == .accepted)
    #expect(ledger.accept(record(0, detector: "J1.E"), at: at(10.4)) == .accepted)
    #expect(
      ledger.take() == [record(0, detector: "J1.E"), record(0), record(5)])
    #expect(ledger.take() == [])
    #expect(ledger.tally.accepted == 3)
  }

  @Test("The same record again is ignored, also with another running number")
  func duplicate() {
    var ledger = ledger()
    _ = ledger.accept(record(0, sequence: 7), at: at(5))
    #expect(ledger.accept(record(0, sequence: 7), at: at(6)) == .duplicate)
    #expect(ledger.accept(record(0, sequence: 9), at: at(6)) == .duplicate)
    #expect(ledger.take().count == 1)
    #expect(ledger.tally.duplicates == 2)
  }

  @Test("Other figures for the same interval: the higher running number wins")
  func replacement() {
    var ledger = ledger()
    _ = ledger.accept(record(0, sequence: 7, count: 1), at: at(5))
    #expect(ledger.accept(record(0, sequence: 8, count: 2), at: at(6)) == .replaced)
    #expect(ledger.accept(record(0, sequence: 6, count: 3), at: at(6)) == .conflict)
    #expect(ledger.accept(record(0, sequence: 8, count: 3), at: at(6)) == .conflict)
    #expect(ledger.take() == [record(0, sequence: 8, count: 2)])
  }

  @Test("Without running numbers the first figures are kept")
  func conflict() {
    var ledger = ledger()
    _ = ledger.accept(record(0, count: 1), at: at(5))
    #expect(ledger.accept(record(0, count: 2), at: at(6)) == .conflict)
    #expect(ledger.accept(record(0, sequence: 4, count: 2), at: at(6)) == .conflict)
    #expect(ledger.take() == [record(0, count: 1)])
  }

  @Test("A camera's newer start wins over the older one, whatever the numbers")
  func newerBoot() {
    var ledger = ledger()
    _ = ledger.accept(record(0, boot: "a", sequence: 900, count: 1), at: at(5))
    #expect(
      ledger.accept(record(0, boot: "b", sequence: 1, count: 2), at: at(6)) == .replaced)
    #expect(ledger.take() == [record(0, boot: "b", sequence: 1, count: 2)])
  }

  @Test("What replaces a record that control has used goes to history alone")
  func replacedAfterTaking() {
    var ledger = ledger()
    _ = ledger.accept(record(0, sequence: 1, count: 1), at: at(5))
    _ = ledger.take()
    let verdict = ledger.accept(record(0, sequence: 2, count: 2), at: at(6))
    #expect(verdict == .replaced)
    #expect(verdict.isForHistory)
    #expect(ledger.take() == [])
  }

  @Test(
    "Overlapping intervals of one detector are refused, whoever sends them",
    arguments: [
      (2.0, 5.0), (-3.0, 5.0), (1.0, 2.0), (-1.0, 7.0), (0.0, 4.0), (0.0, 6.0), (4.9, 5.0),
    ])
  func overlap(offset: Double, length: Double) {
    var ledger = ledger("J1.N", "J1.E")
    _ = ledger.accept(record(0), at: at(20))
    let refused = Verdict.overlap(start: at(0), end: at(5))
    #expect(ledger.accept(record(offset, length: length), at: at(20)) == refused)
    let other = record(offset, length: length, source: "other")
    #expect(ledger.accept(other, at: at(20)) == refused)
    let elsewhere = record(offset, length: length, detector: "J1.E")
    #expect(ledger.accept(elsewhere, at: at(20)) == .accepted)
  }

  @Test("Another camera's record of the very same interval is an overlap, not a repetition")
  func otherSource() {
    var ledger = ledger()
    _ = ledger.accept(record(0), at: at(5))
    #expect(
      ledger.accept(record(0, source: "other"), at: at(5)) == .overlap(start: at(0), end: at(5)))
  }

  @Test("Intervals that touch do not overlap")
  func touching() {
    var ledger = ledger()
    for offset in [10.0, 0, 5, 15, -5] {
      #expect(ledger.accept(record(offset), at: at(20)) == .accepted)
    }
  }

  @Test("Control hears what is 90 s old, or two intervals if they are longer; history the rest")
  func lateness() {
    var ledger = ledger()
    #expect(ledger.accept(record(0), at: at(95)) == .accepted)
    #expect(ledger.accept(record(5), at: at(100.001)) == .late(seconds: 90.001))
    #expect(ledger.accept(record(100, length: 60), at: at(160 + 120)) == .accepted)
    let late = ledger.accept(record(300, length: 60), at: at(360 + 120.5))
    #expect(late == .late(seconds: 120.5))
    #expect(late.isForHistory)
    #expect(ledger.take().count == 2)
  }

  @Test("What is forgotten for its age is not counted a second time")
  func forgotten() {
    var ledger = ledger()
    _ = ledger.accept(record(42), at: at(50))
    _ = ledger.accept(record(60), at: at(138))
    #expect(ledger.accept(record(45), at: at(138)) == .overlap(start: at(42), end: at(47)))
    #expect(ledger.accept(record(42), at: at(138)) == .late(seconds: 91))
    let long = record(-20, length: 60)
    #expect(ledger.accept(long, at: at(138)) == .late(seconds: 98))
    #expect(ledger.accept(record(55), at: at(138)) == .accepted)
  }

  @Test("A heartbeat is a sign of life, no figures, and stands in nobody's way")
  func heartbeat() {
    var ledger = ledger()
    #expect(ledger.accept(record(0, length: 10, count: nil), at: at(10)) == .heartbeat)
    #expect(ledger.accept(record(0), at: at(10)) == .accepted)
    #expect(ledger.accept(record(1, length: 1, count: nil), at: at(10)) == .heartbeat)
    #expect(ledger.take() == [record(0)])
  }

  @Test("A detector that no site file names is refused and counted")
  func unknownDetector() {
    var ledger = ledger()
    let verdict = ledger.accept(record(0, detector: "J9.X"), at: at(5))
    #expect(verdict == .unknownDetector)
    #expect(!verdict.isForHistory)
    #expect(ledger.take() == [])
    #expect(ledger.tally.unknownDetectors == 1)
  }

  @Test("What nobody takes is thrown away oldest first, and counted")
  func overflow() {
    let names = (0..<100).map { "D\($0)" }
    var ledger = CountLedger(detectors: names)
    for round in 0..<100 {
      for name in names {
        let sent = record(Double(round), length: 1, detector: name)
        #expect(ledger.accept(sent, at: at(Double(round) + 1)) == .accepted)
      }
    }
    #expect(ledger.tally.overflowed == 10_000 - CountLedger.waitingLimit)
    let taken = ledger.take()
    #expect(taken.count == CountLedger.waitingLimit)
    #expect(taken.last == record(99, length: 1, detector: "D99"))
  }
}

@Suite("Clocks that are wrong")
struct ClockTests {
  @Test("Two seconds ahead pass, more is a clock fault")
  func tolerance() {
    var ledger = ledger("J1.N", "J1.E")
    #expect(ledger.accept(record(0), at: at(3)) == .accepted)
    #expect(ledger.accept(record(5), at: at(7.999)) == .clockFault(seconds: 2.001))
  }

  @Test("All that the source says is refused until its clock has been right for 30 s")
  func quarantine() {
    var ledger = ledger("J1.N", "J1.E")
    _ = ledger.accept(record(100), at: at(5))
    #expect(ledger.accept(record(0), at: at(6)) == .quarantined)
    #expect(ledger.accept(record(0, detector: "J1.E"), at: at(6)) == .quarantined)
    #expect(ledger.accept(record(0, detector: "J1.E", source: "other"), at: at(6)) == .accepted)
    #expect(ledger.accept(record(25), at: at(34.9)) == .quarantined)
    #expect(ledger.accept(record(30), at: at(35)) == .accepted)
    #expect(ledger.tally.clockFaults == 1)
    #expect(ledger.tally.quarantined == 3)
  }

  @Test("A clock that is wrong now and then stays refused, since when it was first wrong")
  func flicker() {
    var ledger = ledger()
    for second in stride(from: 0.0, to: 120, by: 10) {
      _ = ledger.accept(record(second + 2), at: at(second))
      #expect(ledger.accept(record(second - 5), at: at(second + 1)) == .quarantined)
    }
    #expect(ledger.sources(at: at(112)).map(\.quarantinedSince) == [at(0)])
  }

  @Test("A camera without a name is a source of its own for each detector")
  func nameless() {
    var ledger = ledger("J1.N", "J1.E")
    _ = ledger.accept(record(100, source: nil), at: at(5))
    #expect(ledger.accept(record(0, source: nil), at: at(5)) == .quarantined)
    #expect(ledger.accept(record(0, detector: "J1.E", source: nil), at: at(5)) == .accepted)
  }

  @Test("Our own clock set back by an hour blinds nobody")
  func setBack() {
    var ledger = ledger()
    for second in stride(from: 0.0, to: 60, by: 5) {
      _ = ledger.accept(record(second), at: at(second + 5))
    }
    _ = ledger.accept(record(200), at: at(60))
    _ = ledger.take()
    for second in stride(from: -3600.0, to: 60, by: 5) {
      #expect(ledger.accept(record(second, count: 9), at: at(second + 5)) == .accepted)
    }
  }
}

@Suite("Losses and restarts")
struct SequenceTests {
  private func tally(_ numbers: [(boot: String?, sequence: Int64?)]) -> CountTally {
    var ledger = ledger()
    for (position, number) in numbers.enumerated() {
      let sent = record(
        Double(position), length: 1, boot: number.boot, sequence: number.sequence)
      _ = ledger.accept(sent, at: at(Double(position) + 1))
    }
    return ledger.tally
  }

  @Test("A gap is a loss of as many records")
  func gap() {
    #expect(tally([("a", 10), ("a", 11), ("a", 15)]).lost == 3)
    #expect(tally([(nil, 10), (nil, nil), (nil, 12)]).lost == 1)
  }

  @Test("Who comes late was not lost, and who comes twice does not make up for another")
  func outOfOrder() {
    #expect(tally([("a", 10), ("a", 13), ("a", 12)]).lost == 1)
    #expect(tally([("a", 10), ("a", 13), ("a", 12), ("a", 12), ("a", 13)]).lost == 1)
    #expect(tally([("a", 10), ("a", 12), ("a", 11), ("a", 9)]).lost == 0)
    #expect(tally([("a", 10), ("a", 100), ("a", 40)]).lost == 88)
    #expect(tally([("a", 10), ("a", 200), ("a", 20)]).lost == 189)
  }

  @Test("A new start begins the numbers anew without a loss")
  func restart() {
    let tally = tally([("a", 10), ("b", 900), ("b", 901), ("b", 903)])
    #expect(tally.lost == 1)
    #expect(tally.restarts == 1)
  }

  @Test("What was left over from before a restart is no further restart, and does not win")
  func leftOver() {
    let tally = tally([("a", 10), ("b", 1), ("a", 11), ("b", 2), ("a", 12), ("b", 4)])
    #expect(tally.restarts == 1)
    #expect(tally.lost == 1)
    var ledger = ledger()
    _ = ledger.accept(record(0, boot: "a", sequence: 9), at: at(5))
    _ = ledger.accept(record(5, boot: "b", sequence: 1, count: 1), at: at(10))
    #expect(ledger.accept(record(5, boot: "a", sequence: 10, count: 2), at: at(10)) == .conflict)
    #expect(ledger.take().last == record(5, boot: "b", sequence: 1, count: 1))
  }

  @Test("Sources are bounded: the one silent longest is forgotten, with its numbers")
  func manySources() {
    var ledger = ledger()
    // One detector: twenty sources are followed.
    for number in 0..<40 {
      let sent = record(Double(number), length: 1, source: "S\(number)", sequence: 1)
      _ = ledger.accept(sent, at: at(Double(number) + 1))
    }
    _ = ledger.accept(record(40, length: 1, source: "S39", sequence: 3), at: at(41))
    #expect(ledger.tally.lost == 1)
    _ = ledger.accept(record(41, length: 1, source: "S0", sequence: 9), at: at(42))
    #expect(ledger.tally.lost == 1)
  }

  @Test("Records of unknown detectors keep a known camera's numbers whole")
  func unknownDetector() {
    var ledger = ledger()
    _ = ledger.accept(record(0, sequence: 1), at: at(5))
    _ = ledger.accept(record(0, detector: "J9.X", sequence: 2), at: at(5))
    _ = ledger.accept(record(5, sequence: 3), at: at(10))
    #expect(ledger.tally.lost == 0)
  }

  @Test("Numbers that jump far, or back without a new name, are a restart too")
  func jump() {
    #expect(self.tally([(nil, 5000), (nil, 1), (nil, 2)]).restarts == 1)
    let tally = tally([("a", 1), ("a", CountRecord.sequenceLimit), ("a", 3)])
    #expect(tally.lost == 0)
    #expect(tally.restarts == 1)
  }

  @Test(
    "Any order of the same numbers within 64 loses the same",
    arguments: 1...5 as ClosedRange<UInt64>)
  func anyOrder(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let sent = (1...60).filter { _ in Int.random(in: 0...3, using: &generator) > 0 }
    let numbers = [0] + sent.shuffled(using: &generator) + [61]
    let lost = tally(numbers.map { ("a", Int64($0)) }).lost
    #expect(lost == 60 - sent.count)
  }
}

@Suite("The ledger under random traffic")
struct LedgerPropertyTests {
  /// A camera's day with repetitions, delays, corrections and overlaps, and when each arrives.
  private func traffic(seed: UInt64) -> [(CountRecord, UTC)] {
    var generator = SeededGenerator(seed: seed)
    var now = 0.0
    return (0..<800).map { number in
      now += Double.random(in: 0...4, using: &generator)
      let start =
        (now / 5).rounded(.down) * 5 - Double(Int.random(in: -1...30, using: &generator)) * 5
      let sent = record(
        start + (Int.random(in: 0...9, using: &generator) == 0 ? 2 : 0),
        detector: ["J1.N", "J1.E", "J9.X"][Int.random(in: 0...2, using: &generator)],
        source: ["cam", "other", nil][Int.random(in: 0...20, using: &generator) % 10 / 4],
        sequence: Int64(number - Int.random(in: 0...5, using: &generator) + 5),
        count: Double(Int.random(in: 0...2, using: &generator)))
      return (sent, at(now))
    }
  }

  @Test(
    "Control never hears an interval twice, nor one outside its time",
    arguments: 1...20 as ClosedRange<UInt64>)
  func neverTwice(seed: UInt64) {
    var ledger = CountLedger(detectors: ["J1.N", "J1.E"])
    var heard: [CountRecord] = []
    for (record, now) in traffic(seed: seed) {
      let taken = (ledger.accept(record, at: now), ledger.take()).1
      for new in taken {
        #expect(new.end <= now.advanced(bySeconds: 2))
        #expect(new.end >= now.advanced(bySeconds: -90))
        let clashes = heard.filter {
          $0.detector == new.detector && $0.start < new.end && new.start < $0.end
        }
        #expect(clashes == [])
      }
      heard += taken
    }
    #expect(heard.count > 50)
  }

  @Test(
    "The tally names every record once, and the same input gives the same verdicts",
    arguments: 1...10 as ClosedRange<UInt64>)
  func tally(seed: UInt64) {
    var first = CountLedger(detectors: ["J1.N", "J1.E"])
    var second = first
    let traffic = traffic(seed: seed)
    for (record, now) in traffic {
      #expect(first.accept(record, at: now) == second.accept(record, at: now))
    }
    #expect(first.take() == second.take())
    let tally = first.tally
    let parts = [
      tally.accepted, tally.replaced, tally.heartbeats, tally.duplicates, tally.conflicts,
      tally.late, tally.overlaps, tally.clockFaults, tally.quarantined, tally.unknownDetectors,
    ]
    #expect(parts.reduce(0, +) == traffic.count)
  }
}
