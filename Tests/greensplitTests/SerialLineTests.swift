import Glibc
import History
import Support
import Testing

@testable import greensplit

extension EndToEnd {
  @Suite("Cabinets on one serial line")
  struct SerialLineTests {
    private let line: SerialPair
    private let near: [String]
    private let far: [String]

    init() throws {
      line = try SerialPair()
      // Pseudo terminals know no parity.
      let rest = ["--baud", "115200", "--parity", "none"]
      near = ["--serial", line.devices.near] + rest
      far = ["--serial", line.devices.far] + rest
    }

    /// A shipped site whose cabinet is on the line.
    private func site(_ id: String, unit: Int) throws -> String {
      try Street.site(id).replacing(
        /\ncabinet: .*/,
        with: "\ncabinet: {serial: \(line.devices.near), baud: 115200, parity: none, unit: \(unit)}"
      )
    }

    @Test("are driven like those on the network, cut off, go home and are taken back")
    func twoCabinets() async throws {
      let street = try Street()
      let junctions = ["J001", "J002"]
      for (position, id) in junctions.enumerated() {
        street.folder.write(try site(id, unit: position + 1), to: "\(id).yaml")
      }
      let (cabinets, addresses) = try await street.traffic(
        junctions, far + ["--cut-off", "500+200"], listen: [])
      #expect(addresses == ["\(line.devices.far):1", "\(line.devices.far):2"])
      let daemon = try await street.daemon(
        junctions.flatMap { ["--sites", street.path("\($0).yaml")] } + [
          "--follow", street.path("counts"), "--history", street.path("history.db"),
        ])
      var began: [Int] = []
      for id in junctions { began.append(try await street.takesControl(cabinets, of: id)) }
      let cut = try await cabinets.hears("network cut off", from: began.max() ?? 0).position
      for id in junctions {
        let lost = try await daemon.heard("the loss of \(id)") {
          $0["junction"] == id && $0["what"]?.hasPrefix("link lost: no answer") == true
        }
        let home = try await street.goesHome(cabinets, of: id, from: cut)
        _ = try await daemon.heard(from: lost.position, "the return of \(id)") {
          $0["junction"] == id && $0["what"]?.hasPrefix("link is back after ") == true
        }
        _ = try await street.takesControl(cabinets, of: id, from: home)
      }
      daemon.signal(SIGTERM)
      #expect(try await daemon.end(within: 5) == 0, "\(daemon.errors)")
      let (reader, always) = try street.story
      let receipts = try reader.plans(in: always, limit: .max).flatMap(\.receipts)
      #expect(receipts.contains { $0.outcome == .running })
      #expect(!receipts.contains { [.refused, .exception].contains($0.outcome) }, "\(receipts)")
    }

    @Test("are read and held to the map by the tools")
    func tools() async throws {
      let cabinet = try Program(
        ["cabinet", "--site", "\(Peers.root)/intersections/J001.yaml", "--unit", "9"] + far)
      try await cabinet.hears("cabinet is listening", ["address": "\(line.devices.far):9"])
      let map = "\(Peers.root)/intersections/cabinets/tsc-mb.yaml"
      let (status, output, errors) = try await Program.run(
        ["cabinet-read", "--profile", map, "--unit", "9"] + near)
      #expect(status == 0, "\(errors)")
      #expect(output.contains("Greensplit virtual cabinet"))
      #expect(!output.contains("not read"))
      let tested = try await Program.run(
        ["cabinet-test", "--profile", map, "--unit", "9"] + near)
      #expect(tested.status == 0, "\(tested.errors)\(tested.output)")
      #expect(tested.output.contains("passed        an older epoch is 0x82"))
      let stranger = try await Program.run(
        ["cabinet-read", "--profile", map, "--unit", "8", "--deadline", "0.1"] + near)
      #expect(stranger.status == 1)
      #expect(stranger.output.contains("not read: no answer in time"))
    }

    @Test(
      "are not looked for where the command line makes no sense",
      arguments: [
        (["--baud", "9600"], "--baud is for --serial, which is missing"),
        (["--serial", "/dev/null", "--baud", "9601"], "expected one of 1200, 2400"),
        (["--serial", "/dev/null", "--parity", "mark"], "expected none, even or odd"),
        (["--serial", "/dev/null", "--stop-bits", "3"], "expected 1 or 2"),
        (["--serial", "/dev/null", "--unit", "255"], "unit 255 is none of a serial line's"),
        (["--serial", "/dev/null", "--connect", "127.0.0.1:1"], "stands beside --serial"),
      ])
    func usage(arguments: [String], words: String) async throws {
      let map = "\(Peers.root)/intersections/cabinets/tsc-mb.yaml"
      let (status, _, errors) = try await Program.run(
        ["cabinet-read", "--profile", map] + arguments)
      #expect(status == 2)
      #expect(errors.contains(words), "\(errors)")
    }

    @Test("are not served or asked on what is no serial device")
    func noDevice() async throws {
      let served = try await Program.run(
        [
          "cabinet", "--site", "\(Peers.root)/intersections/J001.yaml", "--serial", "/dev/null",
        ])
      #expect(served.status == 1)
      #expect(served.errors.contains("/dev/null is no serial device"))
    }
  }
}
