import Glibc
import Phrases
import Sites

/// Writes all of `text` to a descriptor; what cannot be written (a closed pipe) is given up.
func write(_ text: String, to descriptor: Int32) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR || errno == EAGAIN { continue }
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}

/// Writes a line to standard output.
func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

/// Writes a line to standard error.
func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

/// Whether standard error is a terminal, so that progress may be drawn.
var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

/// How a command ends.
enum ExitStatus: Int32 {
  case success = 0
  /// What was checked is not right, or the work failed.
  case failure = 1
  /// The command line cannot be understood.
  case usage = 2
  /// An attached simulator failed; the result so far is kept.
  case plant = 3
  /// Another operator holds what was asked for.
  case held = 4
  /// The person who was asked did not agree.
  case declined = 5
}

/// A failure that ends a command, worded for the person who must act.
struct Failure: WordedError {
  let words: Phrase
  let status: ExitStatus

  init(_ words: Phrase, status: ExitStatus = .failure) {
    self.words = words
    self.status = status
  }

  init(_ english: String, _ chinese: String, status: ExitStatus = .failure) {
    self.init(Phrase(english, chinese), status: status)
  }

  /// A file that is not as it should be, with all its errors.
  init(_ path: String, _ errors: SiteErrors) {
    self.init(
      "\(path) cannot be used:\n\(errors.text(.english))",
      "\(path) 无法使用：\n\(errors.text(.chinese))")
  }
}
