public import Cabinets
import Signals

/// The reads that tell what a cabinet of some make shows, and what came of them.
struct StatusReads: Sendable {
  /// One read, with the points that it brings.
  struct Read: Sendable {
    let registers: Range<Int>
    let points: [CabinetProfile.Point]
  }

  /// What was told.
  struct Status: Sendable {
    var stage: Int?
    var source: ControlSource?
    var leaseLeft: Int?
  }

  let reads: [Read]

  /// As few reads as the make allows: points of one block together, if they fit into one.
  init(_ profile: CabinetProfile) {
    let wanted: [CabinetValue] = [.runningStage, .source, .leaseLeft]
    var reads: [Read] = []
    for position in profile.blocks.indices {
      let points = profile.points(of: position).filter { point in
        point.value.map { wanted.contains($0) } ?? false
      }
      guard let first = points.map(\.address).min(),
        let end = points.map({ $0.registers().upperBound }).max()
      else { continue }
      if end - first <= profile.longestRead {
        reads.append(Read(registers: first..<end, points: points))
      } else {
        reads += points.map { Read(registers: $0.registers(), points: [$0]) }
      }
    }
    self.reads = reads
  }

  /// Adds to `status` what `registers`, the answer to read `position`, say.
  func digest(
    _ registers: [UInt16], of position: Int, into status: inout Status
  ) throws(RegisterError) {
    let read = reads[position]
    guard registers.count == read.registers.count else {
      throw .length(
        block: read.points[0].name, found: registers.count, expected: read.registers.count)
    }
    for point in read.points {
      let place = point.registers()
      let first = place.lowerBound - read.registers.lowerBound
      let raw = point.raw(registers[first..<first + place.count])
      switch point.value {
      case .runningStage: status.stage = raw - 1
      case .leaseLeft: status.leaseLeft = point.time(raw).count / 10
      case .source:
        guard let source = UInt16(exactly: raw).flatMap(ControlSource.init) else {
          throw .value(block: point.name, field: "source", found: raw, allowed: "0 to 4")
        }
        status.source = source
      default: break
      }
    }
  }
}

extension CabinetProfile {
  /// What a daemon asks each second of a cabinet of this make.
  public var statusRequests: [CabinetRequest] {
    StatusReads(self).reads.map {
      .read(address: UInt16($0.registers.lowerBound), count: UInt16($0.registers.count))
    }
  }
}
