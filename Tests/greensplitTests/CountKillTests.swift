import Glibc
import History
import Signals
import Support
import Testing

@testable import greensplit

/// Posts bodies of counts on four connections until the daemon is gone, and prints the number of each
/// body when it is answered with 200. Shares no code with the daemon.
private let poster = """
  import http.client, itertools, sys, threading
  host, port, begin = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
  names = ["N.T", "N.L", "E.T", "E.L", "S.T", "S.L", "W.T", "W.L"]
  numbers, lock = itertools.count(), threading.Lock()
  def work():
      connection = http.client.HTTPConnection(host, port, timeout=20)
      while True:
          with lock: number = next(numbers)
          start = begin + 20 * number
          body = "".join(
              '{"v":1,"det":"J001.%s","start":%d,"end":%d,"src":"cam","count":%d}\\n'
              % (name, start + second, start + second + 1, number % 10000)
              for second in range(20) for name in names)
          try:
              connection.request("POST", "/v1/counts", body)
              answer = connection.getresponse()
              answer.read()
          except Exception: return
          if answer.status == 200:
              with lock: print(number, flush=True)
  threads = [threading.Thread(target=work) for _ in range(4)]
  for thread in threads: thread.start()
  for thread in threads: thread.join()
  """

extension EndToEnd {
  @Suite("kill -9 amid counts")
  struct CountKillTests {
    @Test("loses no record that was answered with 200")
    func nothingLost() async throws {
      let street = try Street()
      let (_, addresses) = try await street.traffic()
      let daemon = try await street.daemon([
        "--sites", street.path("J001.yaml"), "--cabinets", "J001=\(addresses[0])", "--http",
        "127.0.0.1:0", "--history", street.path("history.db"),
      ])
      let (entry, _) = try await daemon.hears("listening for counts")
      let address = try #require(entry["address"]).split(separator: ":").map(String.init)
      // A day that is long over: late for control, and for history all the same.
      let begin = Int(street.clock.now().utc.seconds) - 10_000_000
      let sender = try ChildProcess(
        "/usr/bin/env", ["python3", "-c", poster, address[0], address[1], "\(begin)"])
      var answered: [Int] = []
      while answered.count < 40 { answered.append(try #require(Int(try sender.line()))) }
      daemon.signal(SIGKILL)
      #expect(try await daemon.end() == 128 + SIGKILL)
      while let line = try? sender.line(), let number = Int(line) { answered.append(number) }
      #expect(sender.wait() == 0)

      let (reader, always) = try street.story
      var kept: [Int: Int] = [:]
      for count in try reader.counts(in: always, limit: .max) {
        kept[(Int(count.start.seconds) - begin) / 20, default: 0] += 1
      }
      #expect(Set(answered).count == answered.count)
      for number in answered { #expect(kept[number] == 160, "body \(number)") }
    }
  }
}
