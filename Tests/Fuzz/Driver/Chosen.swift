import FuzzTargets
import Glibc

/// The target that GREENSPLIT_FUZZ_TARGET names. The environment, since libFuzzer starts the program
/// again by itself with arguments of its own.
let chosen: FuzzTarget = {
  let name = getenv("GREENSPLIT_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    let known = FuzzTarget.all.map(\.name).joined(separator: ", ")
    fatalError("GREENSPLIT_FUZZ_TARGET is '\(name)'; one of \(known)")
  }
  return target
}()

/// What libFuzzer calls for each input.
func hold(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  do {
    try chosen.hold(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    fatalError("\(chosen.name): \(error)")
  }
  return 0
}

/// libFuzzer's own main.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
