/// The spelling in which a camera says what it counts.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
  /// Count records (`docs/count-record.md`).
  case native
  /// Traffic statistics of Hikvision cameras (ISAPI, event type TPS), pushed over HTTP: figures of
  /// an interval that is told by its start and its length.
  case hikvision
  /// Counters of AXIS Object Analytics over MQTT: totals since a reset, at the time of a crossing.
  case axis
  /// Counters of ONVIF Profile M over MQTT (`RuleEngine/CountAggregation/Counter`): a total since a
  /// reset nobody tells of, at the time of a crossing.
  case onvif

  /// Whether it tells totals, which become counts by subtraction.
  public var isCumulative: Bool { self == .axis || self == .onvif }
}

/// A camera that does not speak count records, and what its words mean.
public struct Camera: Sendable, Hashable {
  /// A word of the camera and what it stands for.
  public struct Word: Sendable, Hashable {
    /// What the camera says.
    public let said: String
    /// What is meant.
    public let meant: String

    /// `said` stands for `meant`.
    public init(said: String, meant: String) { (self.said, self.meant) = (said, meant) }
  }

  /// Its name, which becomes the source (`src`) of its records.
  public let name: String

  /// How it speaks.
  public let dialect: Dialect

  /// Its lanes, scenarios or rules, and the detectors that they are in the site files.
  public let lanes: [Word]

  /// Its names of vehicle classes that differ from `standardClasses`.
  public let classes: [Word]

  /// Minutes by which its times are ahead of UTC, where it writes them without an offset.
  public let offsetMinutes: Int?

  /// Length of the intervals that totals are turned into, ms.
  public let interval: Int64

  /// How long a camera with totals may say nothing and still have seen nothing, ms. It speaks when
  /// something crosses: silence is no vehicle as long as it is short, and no camera afterwards.
  public let patience: Int64

  /// A camera; see the properties.
  public init(
    name: String, dialect: Dialect, lanes: [Word], classes: [Word] = [], offsetMinutes: Int? = nil,
    interval: Int64 = 5000, patience: Int64 = 60_000
  ) {
    precondition((1000...900_000).contains(interval) && patience >= interval, "whole intervals")
    self.name = name
    self.dialect = dialect
    self.lanes = lanes
    self.classes = classes
    self.offsetMinutes = offsetMinutes
    self.interval = interval
    self.patience = patience
  }

  /// The detector of a lane; `nil` for a lane that nobody asked for.
  func detector(of lane: String) -> String? { lanes.first { $0.said == lane }?.meant }

  /// The class that the camera calls `word`; what nobody knows is "other".
  func className(of word: String) -> String {
    (classes.first { $0.said == word } ?? Self.standardClasses.first { $0.said == word })?.meant
      ?? "other"
  }

  /// What the dialects' own words for classes mean. Of mid-size vehicles nobody says what they are;
  /// a class without a weight counts as a car.
  public static let standardClasses = [
    Word(said: "smallCarNum", meant: "car"), Word(said: "midsizeCarNum", meant: "midsize"),
    Word(said: "heavyVehicleNum", meant: "truck"), Word(said: "totalCar", meant: "car"),
    Word(said: "totalTruck", meant: "truck"), Word(said: "totalBus", meant: "bus"),
    Word(said: "totalHuman", meant: "ped"), Word(said: "totalBike", meant: "bike"),
    Word(said: "totalMotorcycle/bicycle", meant: "moto"),
    Word(said: "totalOtherVehicle", meant: "other"), Word(said: "totalUnknown", meant: "unknown"),
  ]
}
