/// Vehicles that crossed the stop line in one interval, as one number or by class.
public struct VehicleCount: Sendable, Hashable {
  /// The class of people on foot, who are counted beside the vehicles and are none.
  public static let pedestrians = "ped"

  /// The vehicles of one class.
  public struct ClassCount: Sendable, Hashable {
    /// The class as the camera names it: car, truck, bus, moto, bike or another.
    public let name: String

    /// How many.
    public let vehicles: Double

    /// `vehicles` of the class `name`.
    public init(name: String, vehicles: Double) {
      precondition(isVehicles(vehicles), "vehicles")
      self.name = name
      self.vehicles = vehicles
    }
  }

  /// All vehicles together.
  public let total: Double

  /// The classes, sorted by name; empty if the camera tells none apart.
  public let classes: [ClassCount]

  /// `total` vehicles, not told apart.
  public init(total: Double) {
    precondition(isVehicles(total), "vehicles")
    self.total = total
    classes = []
  }

  /// Vehicles of `classes`, each class at most once and one at least.
  public init(classes: [ClassCount]) {
    precondition(!classes.isEmpty, "a class")
    // By bytes, as JSON tells keys apart: to `==` a letter and its accent equal the accented letter.
    let sorted = classes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let pairs = zip(sorted, sorted.dropFirst())
    precondition(pairs.allSatisfy { !$0.name.utf8.elementsEqual($1.name.utf8) }, "each once")
    self.classes = sorted
    total = sorted.lazy.filter { $0.name != Self.pedestrians }.reduce(0) { $0 + $1.vehicles }
  }
}

/// What a vehicle of each class takes of a saturation flow, relative to a car (当量).
public struct PassengerCarUnits: Sendable, Hashable {
  /// The weight of one class.
  public struct Weight: Sendable, Hashable {
    /// The class as the camera names it.
    public let name: String

    /// Passenger car units a vehicle, pcu.
    public let units: Double

    /// A vehicle of the class `name` counts as `units` cars.
    public init(name: String, units: Double) {
      precondition(units >= 0 && units.isFinite, "a weight")
      self.name = name
      self.units = units
    }
  }

  /// CJJ 37: large bus 2.0, large truck 2.5, articulated 3.0. Motorcycles and bicycles in mixed
  /// traffic are given as 0.2 to 0.4; this is the middle. People on foot take no lane.
  public static let standard = PassengerCarUnits([
    Weight(name: "articulated", units: 3.0), Weight(name: "bike", units: 0.3),
    Weight(name: "bus", units: 2.0), Weight(name: "car", units: 1.0),
    Weight(name: "moto", units: 0.3), Weight(name: VehicleCount.pedestrians, units: 0),
    Weight(name: "truck", units: 2.5),
  ])

  /// The weights, in the order given.
  public let weights: [Weight]

  /// A table of `weights`; a class that is not in it counts as a car.
  public init(_ weights: [Weight]) { self.weights = weights }

  /// The weight of the class `name`, pcu a vehicle; 1 for a class that the table does not name.
  public func units(of name: String) -> Double {
    weights.first { $0.name == name }?.units ?? 1
  }

  /// `count` in passenger car units; vehicles that are not told apart are taken as cars.
  public func pcu(_ count: VehicleCount) -> Double {
    guard !count.classes.isEmpty else { return count.total }
    return count.classes.reduce(0) { $0 + $1.vehicles * units(of: $1.name) }
  }
}
