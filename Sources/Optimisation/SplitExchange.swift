/// The last step of rounding: whole units are exchanged between stages for as long as that lowers
/// the objective.
///
/// One unit from one stage to another is enough where every lane group runs in one stage: a
/// separable convex function has no other local optimum on whole numbers with a fixed sum. Where lane
/// groups run in several, exchanges of two units between up to four stages are tried as well.
struct SplitExchange {
  private let rounding: SplitRounding
  /// Greens, tenths, and what they cost.
  private(set) var greens: [16 of Int]
  private(set) var cost = 0.0

  /// Exchanges that begin with `greens`.
  init(_ greens: [16 of Int], _ rounding: SplitRounding) {
    self.greens = greens
    self.rounding = rounding
  }

  /// Exchanges until none is left that lowers the objective of `program`.
  mutating func run(_ program: inout SplitProgram) {
    repeat {
      for stage in 0..<program.stages { program.green[stage] = Double(greens[stage]) / 10 }
      cost = program.differentiate()
      program.bend()
    } while exchangeOne(program) || (!program.isSeparable && exchangeTwo(program))
  }

  private mutating func exchangeOne(_ program: borrowing SplitProgram) -> Bool {
    for gainer in 0..<program.stages {
      for loser in 0..<program.stages where gainer != loser {
        if take(Exchange(gainer, from: loser), program) { return true }
      }
    }
    return false
  }

  private mutating func exchangeTwo(_ program: borrowing SplitProgram) -> Bool {
    for first in 0..<program.stages {
      for second in first..<program.stages {
        for third in 0..<program.stages where third != first && third != second {
          for fourth in third..<program.stages where fourth != first && fourth != second {
            let exchange = Exchange(first, second, from: third, fourth)
            if program.isCoupled(exchange), take(exchange, program) { return true }
          }
        }
      }
    }
    return false
  }

  /// Makes an exchange if it lowers the cost; equal costs keep what is there, so that the result is
  /// unique.
  private mutating func take(_ exchange: Exchange, _ program: borrowing SplitProgram) -> Bool {
    let extra = Double(rounding.unit) / 10
    guard program.promise(exchange, extra) < 0, isWithin(exchange),
      program.objective(after: exchange, extra) < cost - 1e-12 * abs(cost)
    else { return false }
    greens[exchange.gainers.0] += rounding.unit
    greens[exchange.losers.0] -= rounding.unit
    guard exchange.isDouble else { return true }
    greens[exchange.gainers.1] += rounding.unit
    greens[exchange.losers.1] -= rounding.unit
    return true
  }

  /// Whether the bounds leave room for an exchange.
  private func isWithin(_ exchange: Exchange) -> Bool {
    let (a, b) = exchange.gainers
    let (c, d) = exchange.losers
    let unit = rounding.unit
    let isTwice = exchange.isDouble
    return greens[a] + (isTwice && a == b ? 2 * unit : unit) <= rounding.upper[a]
      && greens[c] - (isTwice && c == d ? 2 * unit : unit) >= rounding.lower[c]
      && greens[b] + unit <= rounding.upper[b] && greens[d] - unit >= rounding.lower[d]
  }
}

/// One unit of green for each of one or two stages, from each of one or two others.
struct Exchange {
  let gainers: (Int, Int)
  let losers: (Int, Int)
  let isDouble: Bool

  /// One unit from one stage to another.
  init(_ gainer: Int, from loser: Int) {
    gainers = (gainer, gainer)
    losers = (loser, loser)
    isDouble = false
  }

  /// Two units; both may go to one stage, or come from one.
  init(_ first: Int, _ second: Int, from third: Int, _ fourth: Int) {
    gainers = (first, second)
    losers = (third, fourth)
    isDouble = true
  }
}

extension SplitProgram {
  /// Whether a double exchange can gain anything where single ones do not: going down, and with its
  /// two halves helping each other, whichever way it is halved.
  @inline(__always)
  func isCoupled(_ exchange: Exchange) -> Bool {
    let (a, b) = exchange.gainers
    let (c, d) = exchange.losers
    let common = newton.curvature(a, b) + newton.curvature(c, d)
    return common < newton.curvature(a, d) + newton.curvature(b, c)
      && common < newton.curvature(a, c) + newton.curvature(b, d)
      && slope[a] + slope[b] < slope[c] + slope[d]
  }

  /// What an exchange of `extra` seconds changes at best: by the slopes, and half of what the
  /// curvature makes of it, for curvature may fall on the way.
  @inline(__always)
  func promise(_ exchange: Exchange, _ extra: Double) -> Double {
    let (a, b) = exchange.gainers
    let (c, d) = exchange.losers
    var tilt = slope[a] - slope[c]
    if exchange.isDouble { tilt += slope[b] - slope[d] }
    guard tilt < 0 else { return 0 }
    var bend = newton.curvature(a, a) + newton.curvature(c, c) - 2 * newton.curvature(a, c)
    if exchange.isDouble {
      bend += newton.curvature(b, b) + newton.curvature(d, d)
      bend += 2 * (newton.curvature(a, b) + newton.curvature(c, d))
      bend -= 2 * (newton.curvature(a, d) + newton.curvature(b, c) + newton.curvature(b, d))
    }
    return extra * (tilt + 0.25 * bend * extra)
  }
}
