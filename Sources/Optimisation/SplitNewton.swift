/// The Newton step of a `SplitProgram`: the least of the quadratic model over greens within their
/// bounds whose sum stays what it is.
struct SplitNewton {
  /// The step, s, and the greens that it leads to, exactly on the bounds that it meets.
  private(set) var step = StageVector(repeating: 0)
  private(set) var target = StageVector(repeating: 0)

  private var stages = 0
  private(set) var isSeparable = true
  /// Curvature by each green alone, and where lane groups run in several stages by each two, in rows
  /// of sixteen.
  private var diagonal = StageVector(repeating: 0)
  private var mixed: [Double] = []
  private var free: [16 of Int] = .init(repeating: 0)
  private var count = 0

  /// Takes up a problem; it is separable if every lane group runs in one stage only.
  mutating func take(stages: Int, isSeparable: Bool) {
    self.stages = stages
    self.isSeparable = isSeparable
    guard !isSeparable, mixed.count < 16 * stages else { return }
    mixed = Array(repeating: 0, count: 16 * stages)
  }

  /// Sets the curvature of one green.
  @inline(__always)
  mutating func bend(_ stage: Int, _ second: Double) {
    diagonal[stage] = second
    if !isSeparable { mixed[stage &* 17] = second }
  }

  /// Sets the curvature between two greens.
  @inline(__always)
  mutating func bend(_ row: Int, _ column: Int, _ second: Double) {
    mixed[row &* 16 &+ column] = second
    mixed[column &* 16 &+ row] = second
  }

  /// Finds the step from `green`; answers whether it goes down.
  mutating func direct(
    _ green: StageVector, _ slope: StageVector, _ lower: StageVector, _ upper: StageVector
  ) -> Bool {
    // Stages that serve nobody, or only beyond saturation, have next to no curvature of their own.
    var ridge = 0.0
    for stage in 0..<stages { ridge = max(ridge, diagonal[stage]) }
    ridge = max(ridge * 1e-10, .leastNormalMagnitude)
    if !isSeparable, model(green, slope, lower, upper, ridge, isCoupled: true) { return true }
    return model(green, slope, lower, upper, ridge, isCoupled: false)
  }

  /// The least of the quadratic model within the bounds, with curvature between greens or without;
  /// answers whether the way there goes down.
  ///
  /// Greens that the step would carry beyond a bound are set on it, those of the side that goes too
  /// far in all, and the rest is solved again: exact without curvature between greens (the continuous
  /// quadratic knapsack), and then always down. Otherwise some may have been set too early: they are
  /// released again one by one (primal active set method).
  private mutating func model(
    _ green: StageVector, _ slope: StageVector, _ lower: StageVector, _ upper: StageVector,
    _ ridge: Double, isCoupled: Bool
  ) -> Bool {
    count = stages
    for stage in 0..<stages {
      free[stage] = stage
      step[stage] = 0
    }
    var moved = 0.0
    while count > 0 {
      if isCoupled {
        guard solveCoupled(slope, ridge, moved) else { return false }
      } else {
        solveSeparable(slope, ridge, moved)
      }
      guard let fixed = fix(green, lower, upper) else { break }
      moved += fixed
    }
    if isCoupled { release(green, slope, lower, upper, ridge) }
    return settle(green, slope)
  }

  /// h d = ν - slope with Σ d = -moved on the free greens.
  private mutating func solveSeparable(
    _ slope: StageVector, _ ridge: Double, _ moved: Double
  ) {
    var inverses = StageVector(repeating: 0)
    var slopes = 0.0
    var units = 0.0
    for place in 0..<count {
      let stage = free[place]
      let inverse = 1 / (diagonal[stage] + ridge)
      inverses[place] = inverse
      units += inverse
      slopes += slope[stage] * inverse
    }
    let level = (slopes - moved) / units
    for place in 0..<count { step[free[place]] = (level - slope[free[place]]) * inverses[place] }
  }

  /// H d = ν 1 - slope - H(fixed) d(fixed) with Σ d = -moved on the free greens; answers whether the
  /// curvature is positive.
  private mutating func solveCoupled(
    _ slope: StageVector, _ ridge: Double, _ moved: Double
  ) -> Bool {
    var factor = TriangularFactor()
    // Slopes and ones, solved for together.
    var sides: [16 of SIMD2<Double>] = .init(repeating: SIMD2(0, 1))
    for row in 0..<count {
      let stage = free[row]
      for column in 0..<row { factor[row, column] = mixed[stage &* 16 &+ free[column]] }
      factor[row, row] = diagonal[stage] + ridge
      sides[row][0] = slope[stage]
    }
    if count < stages { addPull(to: &sides) }
    guard factor.factorise(count) else { return false }
    factor.solve(&sides, count)
    var sums = SIMD2<Double>(0, 0)
    for row in 0..<count { sums += sides[row] }
    let level = (sums[0] - moved) / sums[1]
    for row in 0..<count { step[free[row]] = level * sides[row][1] - sides[row][0] }
    return true
  }

  /// What the steps of the greens that are set already add to the slopes of the free.
  private func addPull(to sides: inout [16 of SIMD2<Double>]) {
    var place = 0
    for stage in 0..<stages {
      if place < count, free[place] == stage {
        place += 1
        continue
      }
      for row in 0..<count {
        let other = free[row]
        sides[row][0] += mixed[stage &* 16 &+ other] * step[stage]
      }
    }
  }

  /// Sets greens that went beyond a bound on it and takes them from the free; answers how far they
  /// move together, or `nil` if none did.
  private mutating func fix(
    _ green: StageVector, _ lower: StageVector, _ upper: StageVector
  ) -> Double? {
    var above = 0.0
    var below = 0.0
    for place in 0..<count {
      let stage = free[place]
      let reached = green[stage] + step[stage]
      target[stage] = reached
      if reached > upper[stage] { above += reached - upper[stage] }
      if reached < lower[stage] { below += lower[stage] - reached }
    }
    guard above > 0 || below > 0 else { return nil }
    var moved = 0.0
    var left = 0
    for place in 0..<count {
      let stage = free[place]
      if above >= below, target[stage] > upper[stage] {
        step[stage] = upper[stage] - green[stage]
        target[stage] = upper[stage]
        moved += step[stage]
      } else if below >= above, target[stage] < lower[stage] {
        step[stage] = lower[stage] - green[stage]
        target[stage] = lower[stage]
        moved += step[stage]
      } else {
        free[left] = stage
        left += 1
      }
    }
    count = left
    return moved
  }

  /// Releases greens from their bounds while the model falls that way.
  private mutating func release(
    _ green: StageVector, _ slope: StageVector, _ lower: StageVector, _ upper: StageVector,
    _ ridge: Double
  ) {
    // Each release lowers the model, so no set of free greens comes twice; the limit is for rounding.
    for _ in 0..<(4 * stages) {
      guard count < stages, freeWorst(green, slope, lower, upper) else { return }
      var isWhole = false
      while !isWhole {
        let before = step
        guard solveCoupled(slope, ridge, movedByFixed()) else { return }
        isWhole = stopAtBound(before, green, lower, upper)
      }
    }
  }

  /// Frees the green whose release gains most per second; answers whether any gains.
  private mutating func freeWorst(
    _ green: StageVector, _ slope: StageVector, _ lower: StageVector, _ upper: StageVector
  ) -> Bool {
    var gainer = (stage: -1, slope: Double.infinity)
    var loser = (stage: -1, slope: -Double.infinity)
    var scale = 0.0
    for stage in 0..<stages {
      var tilt = slope[stage]
      for other in 0..<stages { tilt += curvature(stage, other) * step[other] }
      scale = max(scale, abs(tilt))
      let reached = green[stage] + step[stage]
      if reached < upper[stage], tilt < gainer.slope { gainer = (stage, tilt) }
      if reached > lower[stage], tilt > loser.slope { loser = (stage, tilt) }
    }
    guard gainer.slope < loser.slope - 1e-9 * scale else { return false }
    let isNew = insert(gainer.stage)
    return insert(loser.stage) || isNew
  }

  /// Curvature between two greens, or of one.
  @inline(__always)
  func curvature(_ one: Int, _ other: Int) -> Double {
    if isSeparable { return one == other ? diagonal[one] : 0 }
    return mixed[one &* 16 &+ other]
  }

  /// Adds a stage to the free, which stay in order; answers whether it was not among them.
  private mutating func insert(_ stage: Int) -> Bool {
    for place in 0..<count where free[place] == stage { return false }
    var place = count
    while place > 0, free[place - 1] > stage {
      free[place] = free[place - 1]
      place -= 1
    }
    free[place] = stage
    count += 1
    return true
  }

  private func movedByFixed() -> Double {
    var moved = 0.0
    var place = 0
    for stage in 0..<stages {
      if place < count, free[place] == stage { place += 1 } else { moved += step[stage] }
    }
    return moved
  }

  /// Goes from `before` towards the step as far as the bounds allow; a green that stops it is set.
  /// Answers whether none did.
  private mutating func stopAtBound(
    _ before: StageVector, _ green: StageVector, _ lower: StageVector, _ upper: StageVector
  ) -> Bool {
    var length = 1.0
    var stopper = -1
    for place in 0..<count {
      let stage = free[place]
      let way = step[stage] - before[stage]
      let bound = way > 0 ? upper[stage] : lower[stage]
      let room = bound - green[stage] - before[stage]
      if abs(way) > abs(room), room / way < length {
        length = max(0, room / way)
        stopper = place
      }
    }
    guard stopper >= 0 else { return true }
    let stopped = free[stopper]
    let bound = step[stopped] > before[stopped] ? upper[stopped] : lower[stopped]
    for place in 0..<count {
      let stage = free[place]
      step[stage] = before[stage] + length * (step[stage] - before[stage])
    }
    step[stopped] = bound - green[stopped]
    target[stopped] = bound
    count -= 1
    for place in stopper..<count { free[place] = free[place + 1] }
    return count == 0
  }

  /// The greens that the step leads to, and whether it goes down. Slopes count from one of those that
  /// move freely, so that the rounding of a sum of nothing does not hide a short way down.
  private mutating func settle(_ green: StageVector, _ slope: StageVector) -> Bool {
    for place in 0..<count { target[free[place]] = green[free[place]] + step[free[place]] }
    let level = slope[free[0]]
    var rate = 0.0
    for stage in 0..<stages { rate += (slope[stage] - level) * step[stage] }
    return rate < 0
  }
}

/// A symmetric matrix of up to sixteen rows by its lower triangle, and its factors L D Lᵀ in place
/// (Cholesky without roots).
struct TriangularFactor {
  private var values: [136 of Double] = .init(repeating: 0)

  /// The element of a row and a column that is not beyond it.
  @inline(__always)
  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[Self.start(row) &+ column] }
    set { values[Self.start(row) &+ column] = newValue }
  }

  /// Where a row begins.
  @inline(__always)
  private static func start(_ row: Int) -> Int { (row &* (row &+ 1)) &>> 1 }

  /// Factorises; answers whether the matrix is positive definite. The diagonal then holds 1 / D.
  @inline(__always)
  mutating func factorise(_ count: Int) -> Bool {
    for row in 0..<count {
      let start = Self.start(row)
      for column in 0..<row {
        let other = Self.start(column)
        var sum = values[start &+ column]
        for inner in 0..<column { sum -= values[start &+ inner] * values[other &+ inner] }
        // L D so far; only L stays.
        values[start &+ column] = sum
      }
      var pivot = values[start &+ row]
      for column in 0..<row {
        let scaled = values[start &+ column]
        let entry = scaled * values[Self.start(column) &+ column]
        pivot -= scaled * entry
        values[start &+ column] = entry
      }
      guard pivot > 0 else { return false }
      values[start &+ row] = 1 / pivot
    }
    return true
  }

  /// Solves L D Lᵀ x = x in place, two right sides at once.
  @inline(__always)
  mutating func solve(_ x: inout [16 of SIMD2<Double>], _ count: Int) {
    for row in 0..<count {
      let start = Self.start(row)
      var sum = x[row]
      for column in 0..<row { sum -= values[start &+ column] * x[column] }
      x[row] = sum
    }
    for row in 0..<count { x[row] *= values[Self.start(row) &+ row] }
    var row = count &- 1
    while row > 0 {
      let start = Self.start(row)
      let done = x[row]
      for column in 0..<row { x[column] -= values[start &+ column] * done }
      row &-= 1
    }
  }
}
