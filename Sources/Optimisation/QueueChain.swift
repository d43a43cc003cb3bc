/// Queues of four lane groups as Markov chains: how likely each length is, one step after the other.
///
/// Whoever comes comes by chance, and whoever gives way goes by chance. A queue that is taken for its mean is
/// gone after its green; of real ones one in two is not, and what is left over waits a whole red more.
struct QueueChain: Sendable {
  /// A step, s: the headway at which a queue discharges, so that about one vehicle a lane goes in it.
  static let step = 2.0

  /// The longest queue told apart, vehicles a lane: three times what stands in the view of a camera.
  static let longest = 39

  /// What chance does to four queues in one step.
  struct Chances {
    /// Mean arrivals, vehicles a lane.
    let arriving: Four
    /// Probabilities that nobody, one and two come: with the mean and the variance of Poisson's.
    let none: Four
    let one: Four
    let two: Four
    /// Probabilities that nobody, one and two of a queue go.
    let stays: Four
    let oneGoes: Four
    let twoGo: Four

    /// - Parameters:
    ///   - arriving: Mean arrivals, vehicles a lane; no more than one counts.
    ///   - going: Mean departures of a queue, vehicles a lane; no more than two count.
    init(arriving: Four, going: Four) {
      let arriving = arriving.replacing(with: 1, where: arriving .> 1)
      let going = going.replacing(with: 2, where: going .> 2)
      self.arriving = arriving
      two = arriving * arriving * 0.5
      one = arriving - arriving * arriving
      none = 1 - one - two
      twoGo = (going - 1).replacing(with: 0, where: going .< 1)
      oneGoes = going - 2 * twoGo
      stays = 1 - oneGoes - twoGo
    }
  }

  /// A length less likely than this has no part in any decision.
  private static let negligible = 1e-9

  /// Probability of each length; three more that nobody has, so that every length has some above it.
  private var likely = [Four](repeating: Four(), count: longest + 4)

  /// The longest that is likely; all above are nothing.
  private var top = 0

  /// Sets queues of `queue` vehicles a lane; one between two whole numbers is one of them by chance.
  mutating func start(at queue: Four) {
    for length in 0...top { likely[length] = Four() }
    top = 0
    for lane in 0..<4 {
      let length = min(Double(Self.longest), max(0, queue[lane]))
      let whole = Int(length)
      let part = length - Double(whole)
      likely[whole][lane] = 1 - part
      if part > 0 { likely[whole + 1][lane] = part }
      top = max(top, part > 0 ? whole + 1 : whole)
    }
  }

  /// Some go, then some come.
  ///
  /// - Returns: How many go on average, vehicles a lane.
  mutating func advance(_ chances: borrowing Chances) -> Four {
    let (none, one, two) = (chances.none, chances.one, chances.two)
    let (stays, oneGoes, twoGo) = (chances.stays, chances.oneGoes, chances.twoGo)
    let gone = oneGoes * (1 - likely[0]) + twoGo * (2 - 2 * likely[0] - likely[1])
    var here = likely[0] + (oneGoes + twoGo) * likely[1] + twoGo * likely[2]
    var shorter = Four()
    var shortest = Four()
    top = min(Self.longest, top + 2)
    for length in 0..<top {
      let longer =
        stays * likely[length + 1] + oneGoes * likely[length + 2] + twoGo * likely[length + 3]
      likely[length] = none * here + one * shorter + two * shortest
      (shortest, shorter, here) = (shorter, here, longer)
    }
    likely[top] = none * here + one * shorter + two * shortest
    // Nobody stands behind the longest.
    if top == Self.longest { likely[top] += (one + two) * here + two * shorter }
    while top > 0, likely[top].max() < Self.negligible {
      likely[top] = Four()
      top -= 1
    }
    return gone
  }

  /// The mean of what each length is worth.
  func mean(of worth: [Four]) -> Four {
    var sum = Four()
    for length in 0...top { sum += likely[length] * worth[length] }
    return sum
  }

  /// What each length is worth before a step, if `worth` tells it after the step and each vehicle that
  /// waits at the step's end costs `wait`.
  static func before(_ chances: borrowing Chances, wait: Double, _ worth: inout [Four]) {
    var (shorter, shortest) = (Four(), Four())
    for length in 0...longest {
      let stayed =
        wait * (Double(length) + chances.arriving) + chances.none * worth[length]
        + chances.one * worth[min(longest, length + 1)]
        + chances.two * worth[min(longest, length + 2)]
      switch length {
      case 0: worth[0] = stayed
      case 1: worth[1] = chances.stays * stayed + (1 - chances.stays) * shorter
      default:
        worth[length] =
          chances.stays * stayed + chances.oneGoes * shorter + chances.twoGo * shortest
      }
      (shortest, shorter) = (shorter, stayed)
    }
  }
}
