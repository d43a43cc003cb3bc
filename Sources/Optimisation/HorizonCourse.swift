/// How queues move, from the tables.
extension HorizonTables {
  /// Queues and cost after steps in which the lane groups of `stage` move.
  @inline(__always)
  func hold(_ stage: Int, _ range: Range<Int>, queues: inout Lanes, cost: inout Float) {
    var course = begin(stage, at: range.lowerBound, queues)
    run(&course, to: range.upperBound)
    queues = self.queues(course)
    cost += waits(course).total
  }

  /// A stage whose queues move.
  ///
  /// Queues that lose `rate - arrivals` a step and never go below zero are
  ///
  ///     queue(t) = max(queue(b) + served(b), max over b < u <= t of served(u)) - served(t)
  ///
  /// so that a step is one maximum and one sum, with no chain of additions to wait for.
  struct Course {
    let first: Int
    let begins: Int
    var step: Int
    /// The maximum, and its sum by step.
    var level: Lanes
    var sum = Lanes.zero
  }

  /// `stage` at the step at which its queues begin to move.
  @inline(__always)
  func begin(_ stage: Int, at step: Int, _ queues: Lanes) -> Course {
    let first = stage * (steps + 1)
    return Course(first: first, begins: step, step: step, level: queues + served[first + step])
  }

  /// Lets queues move to the end of `step - 1`.
  @inline(__always)
  func run(_ course: inout Course, to step: Int) {
    guard course.step < step else { return }
    // Without the buffer each step checks bounds, a fifth of the whole time.
    served.withUnsafeBufferPointer { served in
      for next in (course.first + course.step + 1)...(course.first + step) {
        course.level = course.level.raised(to: served[next])
        course.sum = course.sum + course.level
      }
    }
    course.step = step
  }

  /// The queues that a course has come to.
  @inline(__always)
  func queues(_ course: Course) -> Lanes { course.level - served[course.first + course.step] }

  /// Their sum over its steps.
  @inline(__always)
  func waits(_ course: Course) -> Lanes {
    course.sum
      - (servedSum[course.first + course.step] - servedSum[course.first + course.begins])
  }

  /// Queues and cost after closed steps between two stages. Where nobody moves, in closed form from
  /// the prefix sums; else step by step.
  @inline(__always)
  func close(
    from: Int, to: Int, _ range: Range<Int>, queues: inout Lanes, cost: inout Float
  ) {
    let change = from * stages + to
    if from >= 0, isCarried[change] {
      var sum = Lanes.zero
      for step in range {
        queues = (queues + arrivals[step] - carried[change]).drained
        sum = sum + queues
      }
      cost += sum.total
      return
    }
    let before = arrived[range.lowerBound]
    let base = queues - before
    let wait = waited[range.upperBound] - waited[range.lowerBound]
    cost += (base * Float(range.count) + wait).total
    queues = base + arrived[range.upperBound]
  }
}
