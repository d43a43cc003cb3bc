import Foundation
import Signals
import Testing

@Suite("How a junction is controlled")
struct ControlSettingsTests {
  let settings = ControlSettings(
    pace: .stage, sequence: .skip, lease: .seconds(60), usedYellow: .zero,
    longestWait: .seconds(90))

  @Test("Another pace or order changes nothing else")
  func replaced() {
    #expect(settings.with() == settings)
    let other = settings.with(pace: .second, sequence: .free)
    #expect(other.pace == .second && other.sequence == .free)
    #expect(other.lease == settings.lease && other.usedYellow == .zero)
    #expect(other.longestWait == .seconds(90))
  }

  @Test(
    "What is recorded is read again; older ones have the usual used yellow and no longest wait")
  func recorded() throws {
    let text = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(ControlSettings.self, from: text) == settings)
    var fields = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
    fields["usedYellow"] = nil
    fields["longestWait"] = nil
    let older = try JSONDecoder().decode(
      ControlSettings.self, from: JSONSerialization.data(withJSONObject: fields))
    #expect(older.usedYellow == .seconds(2))
    #expect(older.longestWait == nil)
  }
}
