public import Cabinets
import Signals

/// Holds a cabinet to the reference map (`docs/cabinet-map.md`), check by check.
///
/// It asks and waits through closures, so that the same checks run over a wire and in virtual time.
public struct Conformance {
  /// How far it may go.
  public enum Reach: Int, Sendable {
    /// Reads only.
    case reading
    /// Writes orders that are refused, staged or validated; nothing of it runs. It raises the epoch.
    case ordering
    /// Activates the cabinet's own plan as an order, and lets its lease lapse.
    case activating
  }

  /// What a check came to.
  public enum Outcome: Sendable, Equatable {
    /// The cabinet does as the map says.
    case passed
    /// It does not: what was found, and what would be right.
    case failed(String)
    /// It need not, or nobody is there to do what it takes.
    case notSupported(String)
    /// It was not looked at.
    case notTried(String)
  }

  /// One check.
  public struct Check: Sendable, Equatable {
    /// What is checked, with the section of the map.
    public let name: String
    /// What it came to.
    public let outcome: Outcome
  }

  /// Why a check went wrong.
  struct Fault: Error { let words: String }

  /// What was read of the cabinet before all else.
  struct Known {
    let identity: CabinetIdentity
    let stages: StagesBlock
    let limits: LimitsBlock
    let table: ChangeTable
    let plan: TimingPlan
  }

  let send: (CabinetRequest) -> Result<[UInt16], CabinetFailure>
  let wait: (Double) -> Void
  let ask: ((HandWork) -> Bool)?
  private(set) var checks: [Check] = []
  /// Epoch and last sequence of its own orders; 0 before the first.
  public internal(set) var epoch: UInt32 = 0
  var sequence: UInt32 = 0

  /// Checks that ask by `send` and let so many seconds pass by `wait`. `ask` has somebody work at the
  /// cabinet and tells whether that was done; `nil` if nobody is there.
  public init(
    send: @escaping (CabinetRequest) -> Result<[UInt16], CabinetFailure>,
    wait: @escaping (Double) -> Void, ask: ((HandWork) -> Bool)? = nil
  ) {
    self.send = send
    self.wait = wait
    self.ask = ask
  }

  /// Does all checks within `reach`; the others are told as not tried.
  public mutating func run(_ reach: Reach) -> [Check] {
    checks = []
    let known = checkReading(reach)
    guard let known else {
      skip("orders and leases", because: "the cabinet could not be read")
      return checks
    }
    let isFree = (try? live(known).source) == .timeOfDay
    let reason = isFree ? "reading only" : "another daemon or a person holds control"
    let reach = isFree ? reach : .reading
    if reach == .reading { skip("orders", because: reason) } else { checkOrders(known) }
    if reach == .activating && epoch > 0 {
      checkLease(known)
    } else {
      skip("leases", because: reach == .reading ? reason : "nothing may be activated")
    }
    if epoch > 0 {
      checkHandWork(known, activating: reach == .activating)
    } else {
      skip("work at the cabinet (0x89, 0x8B, a restart)", because: reason)
    }
    return checks
  }

  mutating func skip(_ name: String, because reason: String) {
    checks.append(Check(name: name, outcome: .notTried(reason)))
  }

  mutating func unsupported(_ name: String, because reason: String) {
    checks.append(Check(name: name, outcome: .notSupported(reason)))
  }

  /// Takes the last outcome back, for another.
  mutating func dropLast() { checks.removeLast() }

  /// Notes what `body` comes to under `name`.
  mutating func check(_ name: String, _ body: (inout Conformance) throws -> Void) {
    let outcome: Outcome
    do {
      try body(&self)
      outcome = .passed
    } catch let fault as Fault {
      outcome = .failed(fault.words)
    } catch {
      outcome = .failed("\(error)")
    }
    checks.append(Check(name: name, outcome: outcome))
  }

  // MARK: - Asking

  func read(_ block: RegisterBlock) throws -> [UInt16] {
    try send(.read(address: block.address, count: block.length)).get()
  }

  func result() throws -> OrderResult { try OrderResult(registers: read(RegisterMap.result)) }

  /// The live block; a torn one is read again, as a daemon does.
  func live(_ known: Known) throws -> LiveState {
    var last: (any Error)?
    for _ in 0..<4 {
      do {
        return try LiveState(
          registers: read(RegisterMap.live), stages: known.identity.stages,
          signalGroups: known.identity.signalGroups)
      } catch let error as RegisterError {
        guard case .torn = error else { throw error }
        last = error
      }
    }
    throw last ?? Fault(words: "block live cannot be read")
  }

  /// A request that must be answered with an exception.
  func expect(_ code: UInt8, for request: CabinetRequest, _ what: String) throws {
    switch send(request) {
    case .failure(.exception(code)): return
    case .failure(let failure):
      throw Fault(words: "\(what): \(failure); exception \(code) is right")
    case .success: throw Fault(words: "\(what): it was done; exception \(code) is right")
    }
  }

  func expect(_ isSo: Bool, _ words: @autoclosure () -> String) throws {
    if !isSo { throw Fault(words: words()) }
  }
}
