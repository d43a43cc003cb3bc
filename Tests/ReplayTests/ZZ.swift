import Testing
import Control
import Counts
import Demand
import Safety
import Signals
@testable import Replay
@Test func zzsizes() {
  print("SIZES DE", MemoryLayout<DemandEstimator>.size, "PI", MemoryLayout<ProcessImage>.size, "TR", MemoryLayout<TickReading>.size, "I", MemoryLayout<Intersection>.size, "CR", MemoryLayout<CabinetReport>.size, "CL", MemoryLayout<CabinetLimits>.size, "CS", MemoryLayout<ControllerState>.size, "HM", MemoryLayout<HealthMonitor>.size, "D", MemoryLayout<Decision>.size, "Ctl", MemoryLayout<IntersectionController>.size, "OV", MemoryLayout<Override>.size, "CountRecord", MemoryLayout<CountRecord>.size)
}
