import Glibc
import Support
import Testing

@Suite("Programs that run beside a test")
struct ChildProcessTests {
  @Test("Its output comes line by line, its status is told")
  func lines() throws {
    let child = try ChildProcess(
      "/bin/sh", ["-c", "echo one; echo; printf 'two\\nthree\\n'; exit 7"])
    #expect(try child.line() == "one")
    #expect(try child.line() == "")
    #expect(try child.line() == "two")
    #expect(try child.line() == "three")
    #expect(throws: ChildProcessFailure.self) { try child.line() }
    #expect(child.wait() == 7)
    #expect(child.wait() == 7)
  }

  @Test("One that prints nothing is told from one that ended")
  func silent() throws {
    let child = try ChildProcess("/bin/cat")
    #expect(throws: ChildProcessFailure.silent(program: "/bin/cat", seconds: 0.05)) {
      try child.line(within: 0.05)
    }
    child.closeInput()
    #expect(throws: ChildProcessFailure.ended(program: "/bin/cat")) { try child.line() }
    #expect(child.wait() == 0)
  }

  @Test("A signal shows in the status as a shell says it")
  func signalled() throws {
    let child = try ChildProcess("/bin/cat")
    child.signal(SIGTERM)
    #expect(child.wait() == 128 + SIGTERM)
  }

  @Test("A program that is not there cannot be started")
  func missing() {
    #expect(
      throws: ChildProcessFailure.start(program: "/nowhere", reason: "No such file or directory")
    ) {
      try ChildProcess("/nowhere")
    }
  }

  @Test("It ends with its value")
  func endsWithValue() throws {
    var child: ChildProcess? = try ChildProcess("/bin/sh", ["-c", "echo $$; exec sleep 600"])
    let line = try child?.line() ?? ""
    let process = try #require(pid_t(line))
    child = nil
    #expect(kill(process, 0) == -1)
  }
}
