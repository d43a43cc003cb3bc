import Control
import Counts
import FoundationEssentials
import JSONText
import Junctions
public import Signals

/// Runs attached traffic simulators in lock-step (`docs/plant-protocol.md`).
public struct PlantRun {
  /// What the plant says first.
  private struct Hello: Decodable {
    let plant: Int
    let name: String
    let begin: Double
    let end: Double
    let step: Double
    let intersections: [String]
  }

  /// Steps that work, s.
  private static let steps = 0.1...5.0

  /// Below what the protocol's times resolve, s.
  private static let tolerance = 1e-6

  private let command: String
  private let control: String
  private let seed: UInt64?
  private let sites: [Intersection]
  /// Longest wait for a line, s: large networks take their time to load.
  private let patience: Double
  private let wire: (@Sendable (Int) throws -> any CabinetWire)?
  private let hear: ControlledJunctions.Hear?

  /// A run of `command` with the junctions among `sites` that the plant names.
  ///
  /// - Parameters:
  ///   - command: What starts the plant, for the shell.
  ///   - sites: The junctions.
  ///   - control: Who sets the signals, for the result; by default the pace and sequence of the sites.
  ///   - seed: The plant's seed, for the result.
  ///   - patience: Longest wait for a line, s.
  ///   - hear: Gets what the loops tell, as the daemon's history would.
  ///   - wire: Makes what carries requests to so many cabinets; `nil` to call them.
  public init(
    _ command: String, sites: [Intersection], control: String? = nil, seed: UInt64? = nil,
    patience: Double = 120, hear: ControlledJunctions.Hear? = nil,
    wire: (@Sendable (_ cabinets: Int) throws -> any CabinetWire)? = nil
  ) {
    self.hear = hear
    self.command = command
    self.control = control ?? Self.controls(of: sites)
    self.seed = seed
    self.sites = sites
    self.patience = patience
    self.wire = wire
  }

  /// "second, free", or several of these where sites differ.
  private static func controls(of sites: [Intersection]) -> String {
    var found: [String] = []
    for site in sites {
      let word = "\(site.control.pace.rawValue), \(site.control.sequence.rawValue)"
      if !found.contains(word) { found.append(word) }
    }
    return found.joined(separator: "; ")
  }

  /// Runs to the plant's end.
  ///
  /// - Parameter progress: Called now and then with the share that is done, 0 ... 1.
  /// - Returns: The result; if the plant fails, the result so far and why.
  public func run(progress: (Double) -> Void = { _ in }) -> PlantResult {
    var result = PlantResult()
    result.control = control
    result.seed = seed
    do throws(PlantFailure) {
      let plant = try PlantProcess(command)
      let hello = try hello(of: plant)
      result.name = hello.name
      result.begin = hello.begin
      result.end = hello.begin
      result.intersections = hello.intersections
      try exchange(with: plant, hello, into: &result, progress)
    } catch {
      result.failure = error.description
    }
    return result
  }

  private func hello(of plant: PlantProcess) throws(PlantFailure) -> Hello {
    let line = try plant.receive(within: patience, limit: PlantLine.lineLimit)
    let hello: Hello
    do {
      hello = try JSONDecoder().decode(Hello.self, from: Data(line))
    } catch {
      throw PlantFailure(
        description: "the plant's line 1 is no greeting: plant, name, begin, end, step and "
          + "intersections are due")
    }
    guard hello.plant == 1 else {
      throw PlantFailure(description: "the plant speaks version \(hello.plant); version 1 is known")
    }
    guard Self.steps.contains(hello.step), hello.begin >= 0, hello.end > hello.begin,
      hello.end < 1e10
    else {
      throw PlantFailure(
        description: "the plant's line 1: step is 0.1 to 5 s, and end lies after begin")
    }
    return hello
  }

  private func exchange(
    with plant: PlantProcess, _ hello: Hello, into result: inout PlantResult,
    _ progress: (Double) -> Void
  ) throws(PlantFailure) {
    let junctions = try junctions(hello.intersections)
    var street = ControlledJunctions(
      junctions, isControlled: true, at: moment(hello.begin), wire: try wire(junctions.count),
      hear: hear)
    defer { street.end() }
    result.junctions = junctions.map(JunctionOutline.init)
    var tally = DecisionTally()
    var recorder = EstimateRecorder(junctions, begin: hello.begin)
    func note(_ loop: JunctionLoop, _ decision: Decision) {
      tally.add(decision, at: loop.site)
      recorder.add(decision, at: loop.site.id)
    }
    var time = hello.begin
    var nextTick = hello.begin
    defer {
      result.estimates = recorder.estimates
      result.end = time
      result.plans = tally.plans
      result.refused = tally.refused
      result.digest = tally.digest
    }
    while true {
      if nextTick <= time + Self.tolerance {
        street.tick(tell: note)
        nextTick += 1
      }
      try plant.send(lamps(of: street, junctions, at: time), within: patience)
      let bytes = try plant.receive(within: patience, limit: PlantLine.lineLimit)
      let line = try read(bytes, of: plant, after: time)
      guard let answer = line.time else { preconditionFailure("read checks the time") }
      if line.isDone {
        time = answer
        result.plant = summary(bytes)
        return
      }
      recorder.show(street.cabinets, from: time, until: answer)
      recorder.add(line.counts.records)
      // A step longer than a second has ticks in it, which see what was known at its begin.
      while nextTick < answer - Self.tolerance {
        street.advance(to: moment(nextTick))
        street.tick(tell: note)
        nextTick += 1
      }
      street.advance(to: moment(answer))
      result.unusedRecords += line.counts.errors.count + street.receive(line.counts.records)
      time = answer
      progress((time - hello.begin) / (hello.end - hello.begin))
    }
  }

  private func wire(_ cabinets: Int) throws(PlantFailure) -> (any CabinetWire)? {
    do {
      return try wire?(cabinets)
    } catch {
      throw PlantFailure(description: "the cabinets cannot be put on a wire: \(error)")
    }
  }

  private func junctions(_ names: [String]) throws(PlantFailure) -> [Intersection] {
    var junctions: [Intersection] = []
    for name in names {
      guard let site = sites.first(where: { $0.id == name }) else {
        throw PlantFailure(description: "no site file for the plant's junction \(name)")
      }
      junctions.append(site)
    }
    return junctions
  }

  private func read(
    _ bytes: [UInt8], of plant: PlantProcess, after time: Double
  ) throws(PlantFailure) -> PlantLine {
    let line: PlantLine
    do throws(PlantLine.Malformed) {
      line = try PlantLine(bytes[...], number: plant.lines)
    } catch {
      throw PlantFailure(description: "the plant's line \(plant.lines) \(error.reason)")
    }
    guard let answer = line.time, answer.isFinite else {
      throw PlantFailure(description: "the plant's line \(plant.lines): t is missing")
    }
    let isForward = line.isDone ? answer >= time - Self.tolerance : answer > time + Self.tolerance
    guard isForward, answer <= time + Self.steps.upperBound + Self.tolerance || line.isDone else {
      throw PlantFailure(
        description: "the plant's line \(plant.lines): t is \(answer) after \(time); its clock "
          + "goes forward by its step")
    }
    return line
  }

  private func summary(_ bytes: [UInt8]) -> JSONText? {
    struct Last: Decodable {
      let summary: JSONText?
    }
    return (try? JSONDecoder().decode(Last.self, from: Data(bytes)))?.summary
  }

  private func lamps(
    of street: ControlledJunctions, _ junctions: [Intersection], at time: Double
  ) -> String {
    let signals = zip(junctions, street.lamps).map { junction, lamps in
      "\(jsonString(junction.id)):\"\(String(lamps.map(\.rawValue)))\""
    }
    return "{\"t\":\(number(time)),\"signals\":{\(signals.joined(separator: ","))}}"
  }

  /// Whole seconds without a point, so that times read as they were sent.
  private func number(_ time: Double) -> String {
    let tenths = (time * 1000).rounded() / 1000
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }

  /// Plant time is UTC: 25200 is seven o'clock of the first day of the epoch.
  private func moment(_ time: Double) -> Moment {
    let utc = UTC(seconds: time)
    return Moment(monotonic: Instant(milliseconds: utc.milliseconds), utc: utc)
  }
}
