import JSONText
public import Signals

/// The last twenty-four hours of a junction, a quarter of an hour at a time.
public struct DayCourse: Sendable {
  /// Length of a piece, s.
  static let length: Int64 = 900
  /// Pieces that are kept, the one that runs among them.
  static let pieces = 97

  /// A quarter of an hour.
  public struct Piece: Sendable, Equatable {
    /// When it began.
    public let begin: UTC
    private var seconds = 0
    private var flowSum = 0.0

    /// Longest queue of all lane groups together, pcu.
    public private(set) var queue = 0.0
    /// Highest degree of saturation of a lane group; `nil` while unknown.
    public private(set) var saturation: Double?
    /// What was wrong in it.
    public private(set) var troubles: [TroubleKind] = []

    init(begin: UTC) { self.begin = begin }

    /// Arrivals in the mean at all lane groups together of which there are counts, pcu/h.
    public var flow: Double { seconds == 0 ? 0 : flowSum / Double(seconds) }

    mutating func add(_ second: JunctionSecond, _ saturations: [Double?], _ found: [Trouble]) {
      seconds += 1
      let seen = second.laneGroups.filter { $0.trust > 0 }
      flowSum += seen.reduce(0) { $0 + $1.flow }
      queue = max(queue, seen.reduce(0) { $0 + $1.queue })
      if let highest = saturations.compactMap(\.self).max() {
        saturation = max(saturation ?? 0, highest)
      }
      for trouble in found where !troubles.contains(trouble.kind) { troubles.append(trouble.kind) }
    }
  }

  /// Oldest first; quarters in which nothing was seen are left out.
  public private(set) var pieces: [Piece] = []

  /// A course of which nothing is known yet.
  public init() {}

  mutating func add(_ second: JunctionSecond, saturations: [Double?], troubles: [Trouble]) {
    let length = Self.length * 1000
    let begin = UTC(milliseconds: second.at.utc.milliseconds / length * length)
    if pieces.last?.begin != begin {
      // A clock that was stepped back begins anew.
      pieces.removeAll { $0.begin >= begin }
      pieces.append(Piece(begin: begin))
      let oldest = begin.milliseconds - Int64(Self.pieces - 1) * length
      pieces.removeAll { $0.begin.milliseconds < oldest }
    }
    pieces[pieces.count - 1].add(second, saturations, troubles)
  }

  /// As JSON: a list of quarters.
  public var json: String {
    "["
      + pieces.map { piece in
        var object = JSONObject()
        object.add("begin", piece.begin)
        object.add("flow_pcu_h", piece.flow, places: 0)
        object.add("queue_pcu", piece.queue)
        object.add("saturation", piece.saturation, places: 2)
        object.add("troubles", list: piece.troubles.map { jsonString($0.rawValue) })
        return object.closed
      }.joined(separator: ",") + "]"
  }
}
