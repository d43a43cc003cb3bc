import FuzzTargets
import Glibc

if CommandLine.arguments.dropFirst() == ["list"] {
  // For `.ci/fuzz`: name, longest input and seeds of each target.
  for target in FuzzTarget.all {
    print(target.name, target.longest, target.seeds.joined(separator: " "))
  }
} else {
  var count = CommandLine.argc
  var arguments = CommandLine.unsafeArgv
  exit(runDriver(&count, &arguments) { hold($0, $1) })
}
