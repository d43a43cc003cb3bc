import Signals
import Support
import Testing

@testable import Sites

@Suite("A cabinet on a serial line")
struct SerialLineTests {
  /// What reading the small junction with this cabinet says.
  private func said(with cabinet: String) -> String? {
    Mini.said("control: {", "cabinet: {\(cabinet)}\ncontrol: {")
  }

  /// The small junction under the id `id`, with this cabinet and pace.
  private func junction(_ id: String, _ cabinet: String, pace: String = "stage") -> String {
    Mini.text.pieces(around: "id: M1\n").joined(separator: "id: \(id)\n")
      .pieces(around: "id: M1.").joined(separator: "id: \(id).")
      .pieces(around: "pace: stage").joined(separator: "pace: \(pace)")
      .pieces(around: "lease: 60 s").joined(separator: "lease: 120 s")
      + "cabinet: {\(cabinet)}\n"
  }

  @Test("Is read with what the standard takes for granted")
  func defaults() throws {
    let text = junction("A", "serial: /dev/ttyS1, unit: 3")
    let site = try readSite(Array(text.utf8), named: "a.yaml").get()
    let line = SerialLine(device: "/dev/ttyS1", baud: 19_200, parity: .even, stopBits: 1)
    #expect(site.cabinet == CabinetAddress(way: .serial(line, turnaround: 0.05), unit: 3))
    let other = junction(
      "A", "serial: /dev/ttyUSB0, unit: 247, baud: 9600, parity: none, turnaround: 0.2 s")
    let cabinet = try readSite(Array(other.utf8), named: "a.yaml").get().cabinet
    let slow = SerialLine(device: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 2)
    #expect(cabinet == CabinetAddress(way: .serial(slow, turnaround: 0.2), unit: 247))
  }

  @Test(
    "Is refused if anything of it is not as it must be",
    arguments: [
      ("serial: ttyS1, unit: 1", "cabinet.serial: \"ttyS1\" is no device; write its path"),
      ("serial: /dev/ttyS1", "cabinet: needs a unit, since others share the line"),
      ("serial: /dev/ttyS1, unit: 0", "cabinet.unit: unit 0 is no cabinet's own on a serial line"),
      ("serial: /dev/ttyS1, unit: 255", "unit 255 is no cabinet's own on a serial line"),
      ("serial: /dev/ttyS1, unit: 248", "write 1 to 247"),
      ("serial: /dev/ttyS1, unit: 1, baud: 14400", "no line has 14400 baud; write 1200, 2400"),
      ("serial: /dev/ttyS1, unit: 1, parity: mark", "write none, even or odd"),
      ("serial: /dev/ttyS1, unit: 1, stop_bits: 3", "cabinet.stop_bits: 3 is out of range"),
      ("serial: /dev/ttyS1, unit: 1, turnaround: 2 s", "it must be 0.001 to 1 s"),
      ("serial: /dev/ttyS1, unit: 1, turnaround: 50 ms", "has the wrong unit"),
      ("serial: /dev/ttyS1, connect: \"127.0.0.1:1\", unit: 1", "stands beside connect"),
      ("connect: \"127.0.0.1:1\", baud: 9600", "cabinet.baud: is for serial lines"),
      ("unit: 1", "cabinet: leads nowhere; write connect"),
      ("serial: /dev/ttyS1, unit: 1, speed: 9600", "cabinet.speed: is not a key here"),
    ])
  func mistakes(cabinet: String, words: String) throws {
    let errors = try #require(said(with: cabinet))
    #expect(errors.hasPrefix("m.yaml:46:"), "\(errors)")
    #expect(errors.contains(words), "\(errors)")
  }

  @Test("Speaks as the others on its line, under a unit of its own")
  func shared() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", junction("A", "serial: /dev/ttyS1, unit: 1"))
    try scratch.write("b.yaml", junction("B", "serial: /dev/ttyS1, unit: 2"))
    #expect(scratch.errors() == [])
    try scratch.write("b.yaml", junction("B", "serial: /dev/ttyS1, unit: 1"))
    #expect(
      scratch.errors() == [
        #"b.yaml:47:10: error: cabinet: unit 1 on /dev/ttyS1 is that of junction "A" in a.yaml "#
          + "too; give each its own"
      ])
    try scratch.write("b.yaml", junction("B", "serial: /dev/ttyS1, unit: 2, baud: 38400"))
    #expect(
      scratch.errors() == [
        "b.yaml:47:10: error: cabinet: 38400 baud, parity even, 1 stop bit here, but 19200 baud, "
          + "parity even, 1 stop bit in a.yaml line 47; all cabinets of a line speak alike"
      ])
    try scratch.write("b.yaml", junction("B", "serial: /dev/ttyS2, unit: 1, baud: 38400"))
    #expect(scratch.errors() == [])
  }

  @Test("Is refused where its line has no time for it, with the figures and what would hold")
  func load() throws {
    let scratch = try Scratch()
    try scratch.write(
      "a.yaml", junction("A", "serial: /dev/ttyS1, unit: 1, baud: 9600", pace: "second"))
    // By hand: live 93, plan 197, result 33 and active 193 characters a second of 11 bits are 0.59 s,
    // four turnarounds 0.20 s, eight silences 0.03 s; lease, identity and clock less
    // than 0.01 s.
    #expect(
      scratch.errors() == [
        "a.yaml:47:10: error: cabinet: 1 cabinet on /dev/ttyS1 would need 83 % of the line's time at "
          + "9600 baud (A 83 %), and 80 % may be planned for; what would hold: 19200 baud (52 %); or "
          + "a slower pace"
      ])
    let two = "serial: /dev/ttyS1, baud: 19200, unit: "
    try scratch.write("a.yaml", junction("A", two + "1", pace: "second"))
    try scratch.write("b.yaml", junction("B", two + "2", pace: "second"))
    let errors = scratch.errors()
    #expect(errors.count == 1)
    #expect(
      errors[0].hasPrefix("b.yaml:47:10: error: cabinet: 2 cabinets on /dev/ttyS1 would need 1"))
    #expect(
      errors[0].contains("or the first 1 of them at 19200 baud (52 %), the others on another line"))
    try scratch.write("b.yaml", junction("B", two + "2", pace: "cycle"))
    #expect(scratch.errors() == [])
  }

  @Test("A line's characters and silences are those of the standard")
  func timing() {
    let line = SerialLine(device: "/dev/ttyS1", baud: 9600)
    #expect(line.characterTime == 11 / 9600.0)
    #expect(line.gap == 3.5 * 11 / 9600.0)
    #expect(SerialLine(device: "/dev/ttyS1", baud: 38_400).gap == 0.001_75)
    #expect(SerialLine(device: "/dev/ttyS1", baud: 9600, parity: .none).stopBits == 2)
    #expect(
      SerialLine(device: "/dev/ttyS1", baud: 9600, parity: .none, stopBits: 1).characterTime
        == 10 / 9600.0)
  }
}
