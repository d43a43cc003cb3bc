import Cabinets
import Counts
import Signals

/// What the cabinet's own loops counted in one interval, as records beside those of cameras.
///
/// - Parameters:
///   - page: The page.
///   - first: Number of its first detector.
///   - wanted: Numbers of the loops that the site's detectors name.
/// - Returns: A record of each of them that is on the page. None if the interval is no interval of a
///   record: a cabinet may count over an hour.
func loopRecords(_ page: DetectorPage, from first: Int, wanted: [Int]) -> [CountRecord] {
  // Starts are whole seconds; whole lengths keep intervals from overlapping.
  let length = Int64(page.length.count / 10) * 1000
  guard CountRecord.intervalLengths.contains(length) else { return [] }
  return wanted.compactMap { loop in
    guard page.readings.indices.contains(loop - first) else { return nil }
    let reading = page.readings[loop - first]
    return CountRecord(
      detector: Detector.loopName(loop), start: page.start,
      end: UTC(milliseconds: page.start.milliseconds + length), source: "loops",
      count: VehicleCount(
        total: reading.isFaulty ? 0 : min(Double(reading.count), CountRecord.vehicleLimit)),
      occupancy: reading.isFaulty ? nil : min(1, Double(reading.occupancy) / 200),
      quality: CountQuality(status: reading.isFaulty ? .fault : .ok))
  }
}
