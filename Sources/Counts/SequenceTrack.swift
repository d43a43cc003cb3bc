/// The running numbers of one camera: what is missing, and when it began anew.
///
/// A number that comes late is taken back from the losses if it is among the last 64 (the window of
/// RFC 4303, section 3.4.3). Records of several detectors may share a number.
struct SequenceTrack {
  /// Largest gap that is a loss; a wider one is a counter that began elsewhere. A camera of ten
  /// records a second loses as many in a day.
  static let gapLimit: Int64 = 1_000_000

  /// Numbers that never came, so far.
  private(set) var lost = 0

  /// Starts of the camera beyond the first one heard.
  private(set) var restarts = 0

  /// The camera's start that spoke last.
  private(set) var boot: String?

  /// The start before that one.
  private var formerBoot: String?

  private var highest: Int64?

  /// Bit n: the number `highest` - n has come.
  private var window: UInt64 = 0

  /// Notes that a record with `boot` and `sequence` has come.
  mutating func note(boot: String?, sequence: Int64?) {
    if let boot, boot != self.boot {
      // What the camera had still to send when it began anew is no further start.
      if boot == formerBoot { return }
      if self.boot != nil { restarts += 1 }
      formerBoot = self.boot
      self.boot = boot
      highest = nil
    }
    guard let sequence else { return }
    guard let highest else { return begin(at: sequence) }
    let step = sequence - highest
    // Without a name for its starts, a camera that counts from far below has begun anew; with one,
    // these are old records that it had kept.
    if step > Self.gapLimit || (step <= -64 && boot == nil) {
      restarts += 1
      return begin(at: sequence)
    }
    if step > 0 {
      lost += Int(step - 1)
      window = step < 64 ? window << UInt64(step) | 1 : 1
      self.highest = sequence
    } else if step > -64 {
      let bit: UInt64 = 1 << UInt64(-step)
      if window & bit == 0 { lost -= 1 }
      window |= bit
    }
  }

  /// What lies before the first number heard is no loss.
  private mutating func begin(at sequence: Int64) {
    highest = sequence
    window = ~0
  }
}
