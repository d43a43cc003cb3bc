extension CabinetProfile {
  /// One value in the registers of a cabinet, or a row of values at equal distances.
  public struct Point: Sendable, Equatable {
    /// Name in the file.
    public let name: String
    /// First register, 0-based.
    public let address: Int
    /// How registers hold it.
    public let kind: Kind
    /// Whether the first of two registers is the high word.
    public let isHighWordFirst: Bool
    /// Number of values: 1, or as many as the row has.
    public let count: Int
    /// Registers from one value of the row to the next.
    public let stride: Int
    /// What one step of the register is worth, in thousandths of `unit`.
    public let step: Int
    /// Unit of the value; empty for a plain number.
    public let unit: String
    /// Words for single values.
    public let meanings: [Meaning]
    /// What it always holds; `nil` if that changes.
    public let constant: UInt32?
    /// What greensplit writes there, or learns from it; `nil` for what only people read.
    public let value: CabinetValue?

    /// A point; the reader in `Sites` sees that all of it fits together.
    public init(
      name: String, address: Int, kind: Kind, isHighWordFirst: Bool = true, count: Int = 1,
      stride: Int = 1, step: Int = 1000, unit: String = "", meanings: [Meaning] = [],
      constant: UInt32? = nil, value: CabinetValue? = nil
    ) {
      self.name = name
      self.address = address
      self.kind = kind
      self.isHighWordFirst = isHighWordFirst
      self.count = count
      self.stride = stride
      self.step = step
      self.unit = unit
      self.meanings = meanings
      self.constant = constant
      self.value = value
    }

    /// How registers hold a value.
    public enum Kind: String, Sendable, CaseIterable {
      /// One register, unsigned.
      case u16
      /// Two registers, unsigned.
      case u32
      /// One register of bits, each of which has a meaning of its own.
      case bits
      /// A row of characters, two a register.
      case text
      /// A row of bytes, two a register.
      case bytes
      /// A row of half-bytes, four a register.
      case nibbles
    }

    /// What a single value, or a bit, means.
    public struct Meaning: Sendable, Equatable {
      /// The value, or the number of the bit from the lowest on.
      public let value: Int
      /// What it means.
      public let words: String

      /// `value` means `words`.
      public init(value: Int, words: String) {
        self.value = value
        self.words = words
      }
    }

    /// Registers of value `position` of the row.
    public func registers(_ position: Int = 0) -> Range<Int> {
      let first = address + position * stride
      return first..<first + width
    }

    /// Registers that one value takes.
    var width: Int {
      switch kind {
      case .u16, .bits, .text, .bytes, .nibbles: 1
      case .u32: 2
      }
    }
  }
}

/// What greensplit fills in, or learns, by a point. A profile cannot compute: all there is to say about
/// a value is here.
public enum CabinetValue: String, Sendable, CaseIterable {
  /// Epoch of whoever orders.
  case epoch
  /// Number of the order.
  case sequence
  /// Free number for people.
  case planID = "plan_id"
  /// Number of entries.
  case entries
  /// Cycle; 0 without one.
  case cycle
  /// Offset.
  case offset
  /// When the plan takes over: 0 cycle start, 1 stage boundary, 2 now.
  case apply
  /// Lease, seconds.
  case lease
  /// CRC-32 of the registers of the block before it.
  case crc32
  /// What is to be done: 2 activate, as in the reference map.
  case operation
  /// 0xA55A xor the low word of the sequence.
  case key
  /// Differs with each renewal.
  case beat
  /// Number of the entry, from 1.
  case entry
  /// Stage of an entry, from 1.
  case stage
  /// Green of an entry.
  case green
  /// Longest green of an entry.
  case longestGreen = "longest_green"

  /// Stage that runs, from 1.
  case runningStage = "running_stage"
  /// Who decides: 0 central, 1 time-of-day, 2 manual, 3 flash, 4 preempt.
  case source
  /// 1 while a slot is taken over, until its strobe is set back.
  case stored
  /// What became of the order: 0 nothing yet, 1 taken, 2 refused.
  case outcome
  /// Seconds until the cabinet returns to its own plan.
  case leaseLeft = "lease_left"

  /// Whether it belongs to one entry of a plan.
  public var isOfEntry: Bool {
    [.entry, .stage, .green, .longestGreen].contains(self)
  }

  /// Whether the cabinet tells it, rather than greensplit.
  public var isTold: Bool {
    [.runningStage, .source, .stored, .outcome, .leaseLeft].contains(self)
  }
}
