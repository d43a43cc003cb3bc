import Signals
import Simulation
import Support
import Testing

@Suite("Counts are what cameras would see")
struct CameraTests {
  private func junction(view: Double) -> Intersection {
    Street.single(
      length: 700, detectors: [Detector(id: "J1.W", laneGroup: 0, lanes: 1, view: view)])
  }

  @Test("All intervals together count everyone who crossed, each interval from the one before")
  func counts() throws {
    let junction = Sample.fourArm()
    let clock = try #require(PlanClock(junction.plans[0].plan, at: junction))
    var model = try TrafficModel(
      [junction], (0..<8).map { .constant($0 % 2 == 0 ? 700 : 180, at: $0) })
    var sums = Array(repeating: 0, count: 8)
    var last = 0.0
    while model.time < 1800 {
      model.run(until: model.time + 5, under: [clock])
      let records = model.takeCounts()
      #expect(records.map(\.detector) == junction.detectors.map(\.id))
      for (position, record) in records.enumerated() {
        #expect(record.start == last && record.end == model.time)
        let inView = try #require(record.inView)
        let queue = try #require(record.queue)
        #expect((0...inView).contains(queue))
        // 80 m of road hold twelve vehicles a lane.
        #expect(inView <= 12 * junction.detectors[position].lanes)
        sums[position] += record.count
      }
      last = model.time
    }
    #expect(sums == (0..<8).map { model.crossed(in: $0, of: 0) })
    #expect(sums.reduce(0, +) > 1000)
  }

  @Test("A standing queue is in view as far as the camera sees, one vehicle each 7 m")
  func standing() throws {
    var model = try TrafficModel([junction(view: 50)], [.constant(900)])
    model.run(until: 600, under: [[.red, .green]])
    let record = try #require(model.takeCounts().first)
    #expect(record.count == 0)
    #expect(record.inView == 8)
    #expect(record.queue == 8)
  }

  @Test("Vehicles that drive freely are in view and do not stand")
  func moving() throws {
    var model = try TrafficModel([junction(view: 140)], [.constant(720)])
    var (seen, standing, samples) = (0, 0, 0)
    while model.time < 7200 {
      model.run(until: model.time + 10, under: [[.green, .red]])
      guard let record = model.takeCounts().first, model.time > 100 else { continue }
      seen += record.inView ?? 0
      standing += record.queue ?? 0
      samples += 1
    }
    // 0.2 vehicles a second for the 10 s of 140 m.
    #expect(abs(Double(seen) / Double(samples) - 2) < 0.2)
    #expect(Double(standing) < 0.15 * Double(seen))
  }

  @Test("A queue that moves off stands no longer at its head")
  func startingWave() throws {
    var model = try TrafficModel([junction(view: 100)], [.constant(900)])
    model.run(until: 600, under: [[.red, .green]])
    model.run(until: 605, under: [[.green, .red]])
    let record = try #require(model.takeCounts().first)
    // One crossed after 4 s. After 5 s the wave has reached the fourth of those left.
    #expect(record.count == 1)
    #expect(record.inView == 15)
    #expect(record.queue == 11)
  }

  @Test("A camera at the stop line alone says nothing of the queue")
  func stopLine() throws {
    var model = try TrafficModel([junction(view: 0)], [.constant(900)])
    model.run(until: 100, under: [[.green, .red]])
    let record = try #require(model.takeCounts().first)
    #expect(record.inView == nil && record.queue == nil)
    #expect(record.count > 0)
  }

  @Test("Detectors of single lanes share what their lane group counts")
  func lanes() throws {
    let detectors = (0..<2).map { Detector(id: "lane \($0)", laneGroup: 0, lanes: 1, view: 80) }
    let junction = Street.single(lanes: 2, saturationFlow: 3600, detectors: detectors)
    var model = try TrafficModel([junction], [.constant(1800)])
    model.run(until: 1800, under: [[.green, .red]])
    let records = model.takeCounts()
    #expect(records.reduce(0) { $0 + $1.count } == model.crossed(in: 0, of: 0))
    #expect(records.allSatisfy { $0.count > 100 })
  }

  @Test("Missed and doubled vehicles come at their rates")
  func faults() throws {
    func count(_ faults: CountFaults) throws -> Double {
      var model = try TrafficModel([junction(view: 80)], [.constant(900)], faults: faults)
      model.run(until: 14_400, under: [[.green, .red]])
      return Double(model.takeCounts().reduce(0) { $0 + $1.count })
    }
    let truth = try count(CountFaults())
    // 3600 draws: a standard deviation below 1 %.
    #expect(abs(try count(CountFaults(missRate: 0.2)) / truth - 0.8) < 0.03)
    #expect(abs(try count(CountFaults(doubleRate: 0.1)) / truth - 1.1) < 0.03)
  }

  @Test("A dead camera sends nothing until it is repaired, and does not catch up")
  func outage() throws {
    let faults = CountFaults(outages: [.init(detector: "J1.W", from: 100, until: 300)])
    var model = try TrafficModel([junction(view: 80)], [.constant(900)], faults: faults)
    var sent: [Double] = []
    var sum = 0
    while model.time < 600 {
      model.run(until: model.time + 50, under: [[.green, .red]])
      for record in model.takeCounts() {
        sent.append(record.end)
        sum += record.count
      }
    }
    #expect(sent == [50, 300, 350, 400, 450, 500, 550, 600])
    #expect(sum < model.crossed(in: 0, of: 0) - 20)
  }
}
