/// When junctions that begin together first speak to their cabinets.
///
/// To introduce itself a junction asks a dozen times in one tick, and once a second from then on: ten
/// thousand in the same second would be a burst of ten times what follows.
enum Introductions {
  /// Junctions that may begin in one second; fewer all begin at once.
  static let share = 500

  /// Seconds over which any number of them is spread: so much later may control begin.
  static let longest = 5

  /// Whole seconds after the others' start at which junction number `rank` of `count` begins. Those of
  /// one second are spread over their queues, and over the second by the phases of their ticks.
  static func delay(of rank: Int, among count: Int, on queues: Int) -> Double {
    let rounds = min(longest, (count + share - 1) / share)
    // Junctions are dealt to queues one by one.
    return rounds > 1 ? Double(rank / queues % rounds) : 0
  }
}
