import Counts
import Signals
import Support
import Testing

/// A reader of count records that shares nothing with ours: Python's json and datetime, and the rules
/// of `docs/count-record.md`. It prints, for each line, the canonical record or "refused".
private let reader = #"""
  import datetime, json, re, sys

  LIMIT = 9007199254740991
  ISO = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,3})?([Zz]|[+-]\d\d:\d\d)", re.A)

  class Refused(Exception): pass

  def check(truth):
      if not truth: raise Refused

  def pairs(items):
      check(len({k for k, _ in items}) == len(items))
      for k, _ in items: text(k)
      return dict(items)

  def text(t):
      check("\0" not in t)
      try: t.encode()
      except UnicodeEncodeError: raise Refused
      return t

  def walk(v, depth=0):
      if isinstance(v, (dict, list)):
          check(depth < 16)
          for x in v.values() if isinstance(v, dict) else v: walk(x, depth + 1)
      if isinstance(v, str): text(v)

  def integer(t):
      check(-2**63 <= int(t) < 2**63)
      return int(t)

  def real(t):
      check(abs(float(t)) != float("inf"))
      return float(t)

  def constant(t): raise Refused

  def number(v, low, high):
      if v is None: return None
      check(type(v) in (int, float) and low <= v <= high)
      return v + 0

  def name(v):
      if v is None: return None
      check(isinstance(v, str) and 1 <= len(v.encode()) <= 128)
      check(not re.search(r"[\x00-\x1f\x7f-\x9f]", v))
      return v

  def time(v):
      if isinstance(v, str):
          m = ISO.fullmatch(v)
          check(m)
          zone = m[4].upper().replace("Z", "+00:00")
          try:
              whole = datetime.datetime.fromisoformat(m[1] + "T" + m[2] + zone)
          except ValueError: raise Refused
          check(not (int(zone[1:3]) > 23 or int(zone[4:]) > 59))
          since = whole - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
          ms = (since.days * 86400 + since.seconds) * 1000 + int(((m[3] or ".0")[1:] + "00")[:3])
          check(0 <= ms < 253402300800000)
          return ms
      check(type(v) in (int, float) and 0 <= v < 253402300799)
      return int(v * 1000 + 0.5)

  def record(line):
      o = json.loads(line, object_pairs_hook=pairs, parse_int=integer, parse_float=real,
                     parse_constant=constant)
      check(isinstance(o, dict))
      walk(o)
      check(type(o.get("v")) in (int, float) and o["v"] == 1)
      det = name(o.get("det"))
      check(det is not None)
      start, end = time(o.get("start")), time(o.get("end"))
      check(100 <= end - start <= 900000)
      seq = o.get("seq")
      check(seq is None or type(seq) in (int, float) and seq == int(seq) and 0 <= seq <= LIMIT)
      count = o.get("count")
      if isinstance(count, dict):
          check(1 <= len(count) <= 32)
          count = {name(k): number(v, 0, 10000) for k, v in count.items() if v is not None} or None
      else:
          count = number(count, 0, 10000)
      view, queue = number(o.get("in_view"), 0, 10000), number(o.get("queue"), 0, 10000)
      check(view is None or queue is None or queue <= view)
      q = o.get("q") or {} if o.get("q") is None else o["q"]
      check(isinstance(q, dict))
      status = q.get("status") if q.get("status") is not None else "ok"
      check(status in ("ok", "degraded", "suspect", "fault", "estimated"))
      flags = q.get("flags") if q.get("flags") is not None else []
      check(isinstance(flags, list) and len(flags) <= 32)
      for f in flags: check(isinstance(f, str) and name(f))
      out = [det, start, end, name(o.get("src")), name(o.get("boot")), seq, count, view, queue,
             number(o.get("occ"), 0, 1), number(o.get("speed_kmh"), 0, 500), status,
             sorted(set(flags)), number(q.get("conf"), 0, 1)]
      return out

  def fields(canonical):
      return record(canonical)

  for line in sys.stdin.buffer.read().split(b"\n"):
      line, _, ours = line.partition(b"\x1e")
      try: theirs = record(line.decode().strip(" \t\r"))
      except (Refused, ValueError, RecursionError, OverflowError): theirs = None
      mine = fields(ours.decode()) if ours else None
      print("same" if theirs == mine else f"{line!r} {theirs!r} {mine!r}")
  """#

@Suite("Agreement with an independent reader")
struct OtherParserTests {
  /// A record with some of its pieces exchanged for what may be right or wrong.
  private func variant(using generator: inout SeededGenerator) -> String {
    let values = [
      "null", "0", "1", "-0.0", "5", "0.5", "-1", "1e2", "1E-3", "1e400", "10000", "10000.5", "900",
      "\"x\"", "\"\"", "true", "[]", "{}", "{\"car\":1}", "{\"car\":null}", "{\"car\":-1}",
      "[\"rain\"]",
      "{\"status\":\"ok\",\"flags\":[\"b\",\"a\",\"b\"],\"conf\":0.5}", "{\"status\":\"bad\"}",
      "{\"conf\":2}", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"a\\tb\"",
      "\"\\u0000\"",
      "9007199254740991", "9007199254740992", "99999999999999999999", "01", "1.", ".5", "+1", "NaN",
      "\"1970-01-01T00:00:03Z\"", "\"1970-01-01T08:00:03.25+08:00\"", "\"1970-02-30T00:00:00Z\"",
      "\"2026-11-23T08:00:00.1234Z\"", "253402300798", "1e-3",
    ]
    let keys = [
      "v", "det", "start", "end", "src", "boot", "seq", "count", "in_view", "queue", "occ",
      "speed_kmh", "q", "other",
    ]
    var fields = [
      ("v", "1"), ("det", "\"a\""), ("start", "0"), ("end", "5"), ("count", "2"), ("in_view", "7"),
    ]
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let key = keys.randomElement(using: &generator) ?? "v"
      let value = values.randomElement(using: &generator) ?? "0"
      if let place = fields.firstIndex(where: { $0.0 == key }),
        Int.random(in: 0...19, using: &generator) > 0
      {
        fields[place].1 = value
      } else {
        fields.append((key, value))
      }
    }
    var text = "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ",") + "}"
    if Int.random(in: 0...9, using: &generator) == 0 {
      text.remove(at: text.indices.randomElement(using: &generator) ?? text.startIndex)
    }
    return text
  }

  @Test("Records and refusals are the same, record by record", arguments: [1, 2] as [UInt64])
  func agreement(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var input = ""
    var accepted = 0
    for number in 0..<3000 {
      let text =
        number % 4 == 0
        ? randomRecord(using: &generator).line : variant(using: &generator)
      let record = CountParser.parse(line: Array(text.utf8)[...]).records.first
      accepted += record == nil ? 0 : 1
      input += (number == 0 ? "" : "\n") + text + "\u{1E}" + (record?.line ?? "")
    }
    // Neither side may be trivial.
    #expect((1000...2500).contains(accepted))
    let (status, output) = try Command.run("python3", ["-c", reader], input: Array(input.utf8))
    #expect(status == 0)
    let verdicts = String(decoding: output, as: UTF8.self).split(separator: "\n")
    #expect(verdicts.count == 3000)
    for verdict in verdicts where verdict != "same" { Issue.record("\(verdict)") }
  }
}
