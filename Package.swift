// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// The standard library leaves `rounded()` and `squareRoot()` to libm, which a target without Glibc
/// must ask for itself.
let libm: [LinkerSetting] = [.linkedLibrary("m")]

/// Rooms are optimised in every build: without, tests that simulate hours take twice as long. Preconditions stay.
let optimised: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// What each room imports, and what that imports in turn. A target must name all of it: the layout of
/// its values depends on rooms it does not import itself, and it would not be compiled anew when
/// they change.
var below: [String: [String]] = [:]

/// `names` and all that is below them, each once.
@MainActor func withAllBelow(_ names: [String]) -> [String] {
  var found: [String] = []
  for name in names.flatMap({ [$0] + below[$0, default: []] }) where !found.contains(name) {
    found.append(name)
  }
  return found
}

/// A library target and its test target, which sees all that the library imports.
@MainActor func room(
  _ name: String, over imports: [String] = [], testedWith helpers: [String] = [],
  embedding resources: [Resource] = []
) -> [Target] {
  let all = withAllBelow(imports)
  below[name] = all
  let dependencies = all.map { Target.Dependency(stringLiteral: $0) }
  let tested = ([name, "Support"] + helpers).map { Target.Dependency(stringLiteral: $0) }
  return [
    .target(
      name: name, dependencies: dependencies, resources: resources, swiftSettings: optimised,
      linkerSettings: libm),
    .testTarget(
      name: "\(name)Tests", dependencies: tested + dependencies, swiftSettings: strict,
      linkerSettings: libm),
  ]
}

/// A C library from Debian: a module map and a shim, no logic.
func debian(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

var targets: [Target] = [
  debian("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
  debian("CJansson", pkgConfig: "jansson", package: "libjansson-dev"),
  debian("CMicrohttpd", pkgConfig: "libmicrohttpd", package: "libmicrohttpd-dev"),
  debian("CModbus", pkgConfig: "libmodbus", package: "libmodbus-dev"),
  debian("CMosquitto", pkgConfig: "libmosquitto", package: "libmosquitto-dev"),
  debian("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
  debian("CSystemd", pkgConfig: "libsystemd", package: "libsystemd-dev"),
  debian("CYAML", pkgConfig: "yaml-0.1", package: "libyaml-dev"),
  // simdjson is C++: a few functions of C over it.
  .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
  .target(
    name: "Support", dependencies: ["Locking", "Phrases", "Safety", "Signals"],
    path: "Tests/Support",
    swiftSettings: strict),
]

targets += room("Phrases")
targets += room("Signals")
targets += room("Safety", over: ["Signals"])
targets += room("Locking")
targets += room("JSONText", testedWith: ["Signals"])
targets += room("Cabinets", over: ["Signals", "Safety"])
targets += room(
  "Optimisation", over: ["Signals"], testedWith: ["Bench", "SplitInstances"])
targets += room("Bench", over: ["Locking", "Optimisation", "Signals"])
targets += room("Modbus", over: ["CModbus", "Locking"])
targets += room("Profiles", over: ["Cabinets", "Safety", "Signals"], testedWith: ["Phrases"])
targets += room("Sites", over: ["Cabinets", "Phrases", "Profiles", "Signals", "CYAML"])
targets += room("Lint", over: ["Phrases", "Signals", "Sites"])
targets += room("Counts", over: ["Signals", "CJansson", "CSimdjson"])
targets += room("Web", over: ["Signals", "CMicrohttpd", "JSONText", "Locking"])
targets += room("Feeds", over: ["Counts", "Signals", "CMosquitto", "Locking", "Web"])
targets += room("Settings", over: ["Feeds", "Sites", "Web"])
targets += room("History", over: ["CSQLite", "Signals", "Locking"])
targets += room(
  "Console", over: ["JSONText", "Phrases", "Signals"],
  embedding: [
    "console.html", "console.css", "words.js", "page.js", "list.js", "junction.js", "overrides.js",
    "main.js",
  ].map { .embedInCode("Page/\($0)") })
targets += room("Demand", over: ["Signals", "Counts"])
targets += room(
  "Control", over: ["Signals", "Counts", "Demand", "Optimisation", "Safety"])
targets += room(
  "Junctions", over: ["Signals", "Counts", "Demand", "Control", "Cabinets", "Safety"])
targets += room(
  "Simulation",
  over: [
    "Signals", "Counts", "Optimisation", "Cabinets", "Control", "JSONText", "Junctions", "Sites",
  ])
targets += room("Measures", over: ["Signals", "Counts", "Demand", "Optimisation"])
targets += room("Reports", over: ["Simulation", "Optimisation", "Control", "Phrases", "Measures"])
targets += room(
  "Replay",
  over: [
    "Signals", "Counts", "Demand", "Safety", "Cabinets", "Control", "Junctions", "History",
    "Locking", "Simulation", "Measures",
  ])
targets += [
  .executableTarget(
    name: "greensplit",
    dependencies: [
      "Bench", "CCurl", "CSystemd", "Cabinets", "Console", "Control", "Counts", "Demand", "Feeds",
      "History", "Junctions", "Lint",
      "Measures", "Modbus", "Optimisation", "Phrases", "Profiles", "Replay", "Reports",
      "Safety", "Settings", "Signals", "Simulation", "Sites", "Web",
    ], swiftSettings: strict, linkerSettings: libm),
  .testTarget(
    name: "greensplitTests",
    dependencies: [
      "greensplit", "CSystemd", "Cabinets", "Control", "Counts", "History", "Locking", "Modbus",
      "Optimisation", "Phrases", "Profiles", "Replay", "Safety", "Signals", "Simulation", "Sites",
      "Support",
    ], swiftSettings: strict, linkerSettings: libm),
  .testTarget(name: "HouseTests", swiftSettings: strict),
  // Split problems with the answers of independent solvers, and our times on them (make bench-split).
  .target(
    name: "SplitInstances", dependencies: ["Optimisation", "Signals"],
    path: "Tests/SplitInstances", swiftSettings: strict, linkerSettings: libm),
  .executableTarget(
    name: "SplitTimes", dependencies: ["Optimisation", "SplitInstances"], path: "Tests/SplitTimes",
    swiftSettings: strict, linkerSettings: libm),
]
// Readers of what comes from outside, fed by libFuzzer (make fuzz) and, in every test, by what it found.
let fuzzed = withAllBelow(["Modbus", "Settings"]).map {
  Target.Dependency(stringLiteral: $0)
}
targets += [
  .target(
    name: "FuzzTargets", dependencies: fuzzed + ["Support"], path: "Tests/Fuzz/Targets",
    swiftSettings: strict, linkerSettings: libm),
  .testTarget(
    name: "FuzzTests", dependencies: fuzzed + ["FuzzTargets", "Support"], path: "Tests/Fuzz/Tests",
    swiftSettings: strict, linkerSettings: libm),
]
// It links only under the fuzzer's own flags, so no other build may know of it.
if Context.environment["GREENSPLIT_FUZZ"] != nil {
  targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: fuzzed + ["FuzzTargets", "Support"], path: "Tests/Fuzz/Driver",
      swiftSettings: strict, linkerSettings: libm))
}

let package = Package(name: "greensplit", targets: targets)
