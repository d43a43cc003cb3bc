/// What one make of cabinet says in which register, as data (`docs/cabinet-profiles.md`).
public struct CabinetProfile: Sendable, Equatable {
  /// Name of the profile, such as "tsc-mb".
  public let name: String
  /// Make and model, for people.
  public let make: String
  /// Modbus unit, 1 to 247 or 255.
  public let unit: UInt8
  /// The most registers in one read.
  public let longestRead: Int
  /// The most registers in one write.
  public let longestWrite: Int
  /// Rest between two requests, seconds.
  public let pause: Double
  /// What the make can do.
  public let capabilities: Capabilities
  /// Blocks by address, none over another.
  public let blocks: [Block]
  /// Points in the order of the file, none over another.
  public let points: [Point]
  /// How a plan is written.
  public let order: [Step]
  /// How its lease is kept up; empty if it cannot be.
  public let renewal: [Step]

  /// A profile; the reader in `Sites` sees that all of it fits together.
  public init(
    name: String, make: String, unit: UInt8, longestRead: Int, longestWrite: Int, pause: Double,
    capabilities: Capabilities, blocks: [Block], points: [Point], order: [Step], renewal: [Step]
  ) {
    self.name = name
    self.make = make
    self.unit = unit
    self.longestRead = longestRead
    self.longestWrite = longestWrite
    self.pause = pause
    self.capabilities = capabilities
    self.blocks = blocks
    self.points = points
    self.order = order
    self.renewal = renewal
  }

  /// Registers that are read or written together.
  public struct Block: Sendable, Equatable {
    /// What may be done with a block.
    public enum Access: String, Sendable, CaseIterable {
      /// It is only read.
      case read
      /// It is only written.
      case write
      /// Both.
      case both

      /// Whether it may be read.
      public var isReadable: Bool { self != .write }
      /// Whether it may be written.
      public var isWritable: Bool { self != .read }
    }

    /// Name in the file.
    public let name: String
    /// Its registers, 0-based.
    public let registers: Range<Int>
    /// What may be done with it.
    public let access: Access

    /// Registers `registers` under a name.
    public init(name: String, registers: Range<Int>, access: Access) {
      self.name = name
      self.registers = registers
      self.access = access
    }
  }

  /// What a make can do; each that is missing means doing less.
  public struct Capabilities: Sendable, Equatable {
    /// How the cabinet comes back to its own plan when nobody is left.
    public enum Lease: String, Sendable, CaseIterable {
      /// Each plan has a lease, and a heartbeat renews it.
      case heartbeat
      /// One watchdog for all: a register that must change.
      case watchdog
      /// Only at the next switch of its own schedule, at the latest after `leaseSeconds`.
      case schedule
    }

    /// When a plan may take over.
    public enum Apply: String, Sendable, CaseIterable {
      /// At the start of the next cycle.
      case cycle
      /// At the next stage boundary.
      case stage
      /// At once.
      case now
    }

    /// Whether it refuses orders of an older epoch.
    public let fencing: Bool
    /// How it comes back to its own plan.
    public let lease: Lease
    /// After which time it does so, seconds.
    public let leaseSeconds: Int
    /// When plans may take over.
    public let apply: [Apply]
    /// Whether what was written can be read again.
    public let readBack: Bool

    /// What a make can do.
    public init(
      fencing: Bool, lease: Lease, leaseSeconds: Int, apply: [Apply], readBack: Bool
    ) {
      self.fencing = fencing
      self.lease = lease
      self.leaseSeconds = leaseSeconds
      self.apply = apply
      self.readBack = readBack
    }
  }

  /// Whether it is the reference map itself, which the virtual cabinet speaks without a profile.
  public var isReferenceMap: Bool { name == "tsc-mb" }

  /// Position of the block that holds all of `registers`.
  public func block(of registers: Range<Int>) -> Int? {
    blocks.firstIndex {
      $0.registers.lowerBound <= registers.lowerBound
        && registers.upperBound <= $0.registers.upperBound
    }
  }

  /// The points of a block, in the order of the file.
  public func points(of block: Int) -> [Point] {
    points.filter { blocks[block].registers.contains($0.address) }
  }
}
