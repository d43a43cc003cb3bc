import Optimisation
import Simulation

/// A lane group or crossing of the network.
struct Place: Equatable {
  let junction: Int
  let position: Int
}

/// What is read out of a study's runs: means over seeds, differences of equal seeds.
extension Study {
  /// Position of the fixed plan among the controls; `nil` if no result holds it.
  var fixed: Int? { controls.first == Self.fixedPlan ? 0 : nil }

  /// Controls that can be compared with the fixed plan.
  var contenders: Range<Int> { (fixed == nil ? 0 : 1)..<controls.count }

  /// The control other than the fixed plan with the least mean delay.
  var best: Int? {
    let known = contenders.compactMap { control in
      mean(of: control, \.delay).map { (control: control, delay: $0) }
    }
    return known.min { $0.delay < $1.delay }?.control
  }

  /// All runs of a control.
  func all(_ control: Int) -> [Run] { runs[control].compactMap(\.self) }

  /// Mean over the runs of `control` that tell `value`; `nil` of none.
  func mean(of control: Int, _ value: (Run) -> Double?) -> Double? {
    Self.mean(all(control).map(value))
  }

  /// Mean of those that are there.
  static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// `value` under `control` minus that under the fixed plan, seed by seed.
  func differences(of control: Int, _ value: (Run) -> Double?) -> [Double] {
    guard let fixed else { return [] }
    return zip(runs[control], runs[fixed]).compactMap { run, before in
      guard let run, let before, let new = value(run), let old = value(before) else { return nil }
      return new - old
    }
  }

  /// The same as a mean with its confidence interval.
  func difference(of control: Int, _ value: (Run) -> Double?) -> PairedDifference? {
    PairedDifference(differences(of: control, value))
  }

  // MARK: Lane groups and crossings

  /// Every lane group.
  var laneGroups: [Place] {
    junctions.indices.flatMap { junction in
      junctions[junction].laneGroups.indices.map { Place(junction: junction, position: $0) }
    }
  }

  /// Every crossing.
  var crossings: [Place] {
    junctions.indices.flatMap { junction in
      junctions[junction].crossings.indices.map { Place(junction: junction, position: $0) }
    }
  }

  /// Delay of a lane group, s; `nil` if nobody came.
  static func delay(at place: Place) -> (Run) -> Double? {
    { run in
      let performance = run.score?.junctions[place.junction].laneGroups[place.position].performance
      return performance.flatMap { $0.due > 0 ? $0.delay : nil }
    }
  }

  /// Wait at a crossing, s; `nil` if nobody came.
  static func wait(at place: Place) -> (Run) -> Double? {
    { run in
      let crossing = run.score?.junctions[place.junction].crossings[place.position]
      return crossing.flatMap { $0.people > 0 ? $0.wait : nil }
    }
  }

  /// People who came to a crossing.
  static func people(at place: Place) -> (Run) -> Double? {
    { $0.score.map { Double($0.junctions[place.junction].crossings[place.position].people) } }
  }

  /// Vehicles that were due in an hour of the scored time.
  func flow(at place: Place) -> (Run) -> Double? {
    let hours = (length - warmUp) / 3600
    return { run in
      run.score.map {
        Double($0.junctions[place.junction].laneGroups[place.position].performance.due) / hours
      }
    }
  }

  /// Degree of saturation: vehicles due ÷ vehicles that could have crossed, in the scored time; `nil`
  /// where no signal holds the lane group.
  static func saturation(at place: Place) -> (Run) -> Double? {
    { run in
      let course = run.courses?[place.junction].laneGroups[place.position]
      let due = run.score?.junctions[place.junction].laneGroups[place.position].performance.due
      guard let due, let capacity = course?.capacity, capacity > 0 else { return nil }
      return Double(due) / capacity
    }
  }

  /// Level of service by mean delay and mean degree of saturation; `nil` where nobody came, or no
  /// signal holds the lane group.
  func level(at place: Place, under control: Int) -> LevelOfService? {
    guard junctions[place.junction].laneGroups[place.position].isSignalled else { return nil }
    return mean(of: control, Self.delay(at: place)).map {
      LevelOfService(
        delay: $0, saturation: mean(of: control, Self.saturation(at: place)) ?? 0)
    }
  }
}
