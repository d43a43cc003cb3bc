extension CabinetProfile {
  /// One step of writing: the whole vocabulary there is. Positions are those of `blocks` and `points`.
  public indirect enum Step: Sendable, Equatable {
    /// Writes a block.
    case write(block: Int)
    /// Reads a block and compares it with what was written.
    case readBack(block: Int)
    /// Writes a number to a point.
    case set(point: Int, to: UInt32)
    /// Writes a number to a point, upon which the cabinet takes over one entry.
    case store(point: Int, to: UInt32)
    /// Writes a number to a point, upon which the cabinet takes the plan as a whole.
    case commit(point: Int, to: UInt32)
    /// Reads a point until it holds one of some values; `refused` are those upon which all is over.
    case wait(point: Int, values: [UInt32], refused: [UInt32], seconds: Double)
    /// Waits.
    case pause(seconds: Double)
    /// Does steps for each entry of the plan.
    case eachEntry([Step])

    /// The step with all within it.
    public var withAllWithin: [Step] {
      guard case .eachEntry(let steps) = self else { return [self] }
      return [self] + steps.flatMap(\.withAllWithin)
    }
  }
}
