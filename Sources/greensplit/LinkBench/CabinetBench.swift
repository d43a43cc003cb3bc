import Cabinets
import Control
import Glibc
import Phrases
import Signals

/// Ten thousand cabinets from one process, measured: simulated cabinets in a process of their own, our
/// links to them in another, and beside them the plain C client of `Tests/links`, one after the other.
struct CabinetBench {
  /// Numbers of cabinets that are measured.
  let sizes: [Int]
  /// How long each is measured, s.
  let seconds: Int
  /// Serial queues that our links share.
  let queues: Int
  /// The C client; `nil` leaves the comparison out.
  let other: String?
  /// The junction that every cabinet stands at.
  let junction: Intersection
  let sitePath: String

  /// What one run of one client came to, as it said itself.
  private struct Outcome {
    let fields: [String: Double]

    subscript(_ name: String) -> Double { fields[name] ?? .nan }
    /// Share of one core.
    var share: Double { self["processor"] / self["seconds"] }

    /// Reads "name=value" words; `nil` if one that must be there is not.
    init?(_ line: String) {
      let words = line.split(separator: " ").map { $0.split(separator: "=").map(String.init) }
      fields = Dictionary(
        words.compactMap { word in
          word.count == 2 ? Double(word[1]).map { (word[0], $0) } : nil
        }, uniquingKeysWith: { $1 })
      let needed = [
        "requests", "missed", "median", "p99", "most", "processor", "seconds", "memory",
      ]
      guard needed.allSatisfy({ fields[$0] != nil }) else { return nil }
    }
  }

  /// The table; whether every mark was met.
  func run() throws -> (text: String, isGood: Bool) {
    var table = TextTable(header: [
      "cabinets", "client", "requests/s", "missed", "median ms", "99 % ms", "most ms",
      "% of a core", "µs each", "MB", "beside C",
    ])
    var isGood = true
    for size in sizes {
      do {
        let reference = try other.map { other in
          try measure(size) {
            try Subprocess(theirs(size, $0), program: other, output: $1) { _ in }
          }
        }
        if let reference { table.add(row(size, "C, epoll", reference, beside: nil)) }
        let ours = try measure(size) {
          try Subprocess(links(size, $0), output: $1) { complain("links: \($0)") }
        }
        table.add(row(size, "greensplit", ours, beside: reference))
        isGood = isGood && ours["missed"] == 0 && ours["p99"] <= 50_000
        if let reference { isGood = isGood && ours.share <= 2.5 * reference.share }
      } catch {
        // What was measured before is told all the same.
        complain("greensplit bench: \(Phrase(of: error).text(Log.language))")
        isGood = false
      }
    }
    return (table.text, isGood)
  }

  /// A crowd of cabinets, and the run of one client against it.
  private func measure(
    _ size: Int, client: (_ port: String, _ output: Int32) throws -> Subprocess
  ) throws -> Outcome {
    let (life, port, result) = (try Pipe(), try Pipe(), try Pipe())
    let crowd = try Subprocess(
      ["bench", "peers", "--cabinets", "\(size)", "--site", sitePath], input: life.read,
      output: port.write
    ) { complain("cabinets: \($0)") }
    close(life.read)
    close(port.write)
    defer {
      // The crowd ends with this end of the pipe, however this process comes to its own.
      close(life.write)
      _ = crowd.wait()
    }
    guard let found = readLine(of: port.read) else {
      throw Failure("the cabinets did not start", "信号机未能启动")
    }
    let running = try client(found, result.write)
    close(result.write)
    let line = readLine(of: result.read)
    guard running.wait() == 0, let outcome = line.flatMap({ Outcome($0) }) else {
      throw Failure(
        "a client of \(size) cabinets failed; it said \(line ?? "nothing")",
        "\(size) 台信号机的客户端失败；其输出：\(line ?? "无")")
    }
    return outcome
  }

  private func links(_ size: Int, _ port: String) -> [String] {
    [
      "bench", "links", "--port", port, "--cabinets", "\(size)", "--seconds", "\(seconds)",
      "--queues", "\(queues)", "--site", sitePath,
    ]
  }

  /// The C client gets a whole order, in which it changes the number alone.
  private func theirs(_ size: Int, _ port: String) -> [String] {
    let order = PlanOrder(
      epoch: 1, sequence: 0, plan: junction.plans[0].plan.taking(over: .stageBoundary),
      leaseSeconds: UInt16(clamping: junction.control.lease.count / 10))
    let text = order.registers.map { register in
      let digits = String(register, radix: 16)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }
    return [port, "\(size)", "\(Self.warmUp)", "\(seconds)", text.joined()]
  }

  /// How long the C client runs before it is measured, s: as long as ours needs to learn who ten
  /// thousand cabinets are.
  private static let warmUp = 8

  private func row(_ size: Int, _ name: String, _ found: Outcome, beside: Outcome?) -> [String] {
    [
      "\(size)", name, decimal(found["requests"] / found["seconds"], places: 0),
      "\(Int(found["missed"]))", decimal(found["median"] / 1000, places: 2),
      decimal(found["p99"] / 1000, places: 1), decimal(found["most"] / 1000, places: 1),
      decimal(100 * found.share, places: 1),
      decimal(found["processor"] * 1e6 / found["requests"], places: 1),
      decimal(found["memory"] / 1024, places: 0),
      beside.map { "\(decimal(found.share / $0.share, places: 2)) x" } ?? "",
    ]
  }
}

/// The first line that comes through a pipe, which is then closed.
func readLine(of descriptor: Int32) -> String? {
  defer { close(descriptor) }
  var line: [UInt8] = []
  var byte: UInt8 = 0
  while read(descriptor, &byte, 1) == 1 {
    if byte == 10 { return String(decoding: line, as: UTF8.self) }
    line.append(byte)
  }
  return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
}
