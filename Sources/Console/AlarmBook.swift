public import Phrases
public import Signals

/// Something that an operator should know, from when to when.
public struct Alarm: Sendable, Equatable {
  /// Identifier of the junction.
  public let junction: String
  /// Kind of the trouble, or the mode that a junction has fallen to.
  public let kind: String
  /// Since when.
  public let at: UTC
  /// Until when; `nil` while it lasts.
  public internal(set) var until: UTC?
  /// What it is, in a line.
  public let words: Phrase

  /// As JSON.
  var json: String {
    var object = JSONObject()
    object.add("junction", junction)
    object.add("kind", kind)
    object.add("at", at)
    object.add("until", until)
    object.add("words", words)
    return object.closed
  }
}

/// The alarms since the daemon began, the latest few; made by comparing a junction with itself before.
public struct AlarmBook: Sendable {
  /// Most alarms that are kept; the oldest go first.
  static let limit = 2000

  /// Oldest first.
  public private(set) var alarms: [Alarm] = []
  /// Alarms so far, those that were forgotten too.
  public private(set) var count = 0

  /// A book without alarms.
  public init() {}

  /// Notes what has begun and what has ended between two rows of a junction; `after` is `nil` when it
  /// is no longer ours.
  public mutating func compare(_ before: JunctionRow?, _ after: JunctionRow?, at utc: UTC) {
    let (old, new) = (before?.conditions ?? [], after?.conditions ?? [])
    guard let junction = after?.id ?? before?.id else { return }
    for condition in old where !new.contains(where: { $0.kind == condition.kind }) {
      let open = alarms.lastIndex {
        $0.junction == junction && $0.kind == condition.kind && $0.until == nil
      }
      if let open { alarms[open].until = utc }
    }
    for condition in new where !old.contains(where: { $0.kind == condition.kind }) {
      count += 1
      alarms.append(
        Alarm(junction: junction, kind: condition.kind, at: utc, until: nil, words: condition.words)
      )
    }
    if alarms.count > Self.limit { alarms.removeFirst(alarms.count - Self.limit) }
  }

  /// As `GET /v1/alarms` tells them, latest first; of one junction, or of all.
  public func json(of junction: String? = nil, limit: Int, at utc: UTC) -> String {
    var object = JSONObject()
    object.add("at", utc)
    let wanted = alarms.reversed().lazy.filter { junction == nil || $0.junction == junction }
    object.add("alarms", list: wanted.prefix(limit).map(\.json))
    return object.closed
  }
}

extension JunctionRow {
  /// What is not as it should be, each with the words of an alarm.
  fileprivate var conditions: [(kind: String, words: Phrase)] {
    let wrong = troubles.map { trouble in
      (
        trouble.kind.rawValue,
        trouble.place.isEmpty
          ? trouble.kind.name
          : Phrase(
            "\(trouble.kind.name.text(.english)): \(trouble.place)",
            "\(trouble.kind.name.text(.chinese))：\(trouble.place)")
      )
    }
    switch mode {
    case .coordinated, .isolated, .advisory: return wrong
    case .onHistory, .timeOfDay, .local, .manual, .preempt, .flash, .offline:
      let words = Phrase(
        "\(mode.name.text(.english)): \(cause)",
        "\(mode.name.text(.chinese))：\(Phrase(recorded: cause).text(.chinese))")
      return wrong + [(mode.rawValue, words)]
    }
  }
}
