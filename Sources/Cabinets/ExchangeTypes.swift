public import Signals

/// What the daemon asks of a cabinet.
public enum CabinetRequest: Sendable, Hashable {
  /// `count` registers from `address` on.
  case read(address: UInt16, count: UInt16)
  /// `values` into the registers from `address` on.
  case write(address: UInt16, values: [UInt16])
}

/// Why a request brought nothing.
public enum CabinetFailure: Error, Sendable, Hashable {
  /// No answer came in time; a write may have arrived or not.
  case timedOut
  /// The connection broke, or there was none; `reason` is for people.
  case linkLost(reason: String)
  /// The cabinet answered with a Modbus exception.
  case exception(code: UInt8)
  /// An answer came that cannot be what was asked for.
  case malformed(RegisterError)
}

extension CabinetFailure: CustomStringConvertible {
  /// For people.
  public var description: String {
    switch self {
    case .timedOut: "no answer in time"
    case .linkLost(let reason): reason
    case .exception(let code): "Modbus exception \(code)\(Self.meaning(code))"
    case .malformed(let error): "\(error)"
    }
  }

  private static func meaning(_ code: UInt8) -> String {
    switch code {
    case 1: ": the cabinet does not know the function"
    case 2: ": the cabinet has no such register"
    case 3: ": the cabinet does not take the values"
    case 4: ": the cabinet has failed"
    case 5, 6: ": the cabinet is busy"
    case 10, 11: ": the gateway does not reach the cabinet"
    default: ""
    }
  }
}

/// Why a cabinet cannot be the one of a site.
public enum Mismatch: Sendable, Hashable {
  /// It speaks another major version of the map.
  case version(found: UInt16, expected: UInt16)
  /// It has another number of stages.
  case stages(found: Int, expected: Int)
  /// It has another number of signal groups.
  case signalGroups(found: Int, expected: Int)
  /// Under its limits and the site's, a stage's longest green is below its shortest.
  case greens(stage: String, shortest: Tenths, longest: Tenths)
  /// Under its limits and the site's, no cycle is left.
  case cycle(shortest: Tenths, longest: Tenths)
}

extension Mismatch: CustomStringConvertible {
  /// For the person who must act: what was found and what would be right.
  public var description: String {
    switch self {
    case .version(let found, let expected):
      "the cabinet speaks version \(found) of the map, greensplit version \(expected)"
    case .stages(let found, let expected):
      "the cabinet has \(found) stages, the site file \(expected)"
    case .signalGroups(let found, let expected):
      "the cabinet has \(found) signal groups, the site file \(expected)"
    case .greens(let stage, let shortest, let longest):
      "stage \(stage): cabinet and site file together allow a green of at least \(shortest) and at "
        + "most \(longest)"
    case .cycle(let shortest, let longest):
      "cabinet and site file together allow a cycle of at least \(shortest) and at most \(longest)"
    }
  }
}

/// Why an order was not sent.
public enum Withheld: Sendable, Hashable {
  /// A person, a flash or a preemption holds control.
  case held(ControlSource)
  /// The cabinet was not reached, or its limits not read, before the order was too old.
  case tooOld
  /// The stage or the cycle that it was decided for was over.
  case momentOver
  /// The cabinet does not belong to the site.
  case mismatch
  /// A higher epoch gives orders.
  case staleEpoch
  /// The cabinet cannot take plans over at that moment.
  case takeover(Takeover)
  /// The registers of its make cannot say the plan; `reason` is for people.
  case unsayable(reason: String)
  /// Writing is stopped, to every cabinet.
  case stopped
  /// The limit of writes to the cabinet held it back until it was too old.
  case writeLimit
  /// A newer plan came while the limit of writes held it back.
  case superseded
}

extension Withheld: CustomStringConvertible {
  /// For people.
  public var description: String {
    switch self {
    case .held(let source): "\(source) holds control at the cabinet"
    case .tooOld: "the cabinet could not be reached before the order was too old"
    case .momentOver: "the stage or cycle that it was decided for was over"
    case .mismatch: "the cabinet does not belong to the site"
    case .staleEpoch: "another greensplit with a higher epoch gives orders"
    case .takeover(let takeover): "the cabinet cannot take plans over at \(takeover)"
    case .unsayable(let reason): "its make cannot be told so: \(reason)"
    case .stopped: "writing is stopped"
    case .writeLimit: "the limit of writes held it back until it was too old"
    case .superseded: "the limit of writes held it back, and a newer plan took its place"
    }
  }
}

/// What happened between the daemon and a cabinet, for records and for people.
public enum ExchangeEvent: Sendable, Equatable {
  /// The cabinet has told who it is, for the first time or something new.
  case identified(CabinetIdentity)
  /// Its clock was off by `milliseconds` (positive: ahead) and is set.
  case clockSet(milliseconds: Int64)
  /// Its clock is off by `milliseconds` (positive: ahead) although it was set.
  case clockWrong(milliseconds: Int64)
  /// Its stages and limits were read.
  case limitsRead(CabinetLimits)
  /// It does not belong to the site: no control.
  case mismatch([Mismatch])
  /// A plan goes out under a new running number.
  case sent(sequence: UInt32, plan: TimingPlan)
  /// It took an order, which waits to take over or runs.
  case accepted(sequence: UInt32)
  /// The order runs: the cabinet has repeated it.
  case running(sequence: UInt32)
  /// It refused an order; `entry` is the number of the entry at fault, from 1.
  case refused(sequence: UInt32, code: ResultCode, entry: Int?)
  /// It answered an order with a Modbus exception.
  case rejected(sequence: UInt32, code: UInt8)
  /// A cabinet of another make did not take an order; `reason` is for people.
  case notTaken(sequence: UInt32, reason: String)
  /// An order was not sent.
  case notSent(Withheld)
  /// A plan waits for the limit of writes, so many seconds if nothing else is written meanwhile.
  case deferred(seconds: Double)
  /// Nobody knows yet whether an order arrived.
  case unknownOutcome(sequence: UInt32)
  /// An order that may have arrived, or may yet, was given up: too old, replaced, or lost track of.
  case abandoned(sequence: UInt32)
  /// An accepted order did not run within two cycles.
  case overdue(sequence: UInt32)
  /// The lease was renewed and now lasts for `seconds`.
  case leaseRenewed(seconds: Int)
  /// The lease of an order is over: the cabinet returns to its own plan.
  case leaseLapsed(sequence: UInt32)
  /// The cabinet does not answer; the next attempt is in `seconds`.
  case linkLost(CabinetFailure, retryInSeconds: Double)
  /// It answers again after `seconds`.
  case linkRegained(afterSeconds: Double)
  /// Someone else decides what the lamps show.
  case sourceChanged(from: ControlSource, to: ControlSource)
  /// The faults that the cabinet tells have changed.
  case faults(critical: UInt16, other: UInt16)
  /// A higher epoch gives orders: nothing is written any more.
  case staleEpoch(highest: UInt32)
  /// The cabinet was switched off and on.
  case cabinetRestarted
}
