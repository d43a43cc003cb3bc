import Counts
import Testing

@Suite("A JSON value asked for what it is not")
struct JSONValueTests {
  @Test(
    "has no fields unless it is an object, and no elements unless it is an array",
    arguments: ["[]", "[1]", #"["topic","x"]"#, #"["topic",{"topic":1}]"#, "[[]]"])
  func array(text: String) throws {
    let document = try JSONDocument(Array(text.utf8)[...])
    let root = document.root
    #expect(root.field("topic") == nil && root.fields.isEmpty)
    for element in root.elements where element.kind != .object {
      #expect(element.field("topic") == nil && element.fields.isEmpty)
    }
  }

  @Test("an object and what stands in it")
  func object() throws {
    let document = try JSONDocument(Array(#"{"a":[],"b":"}","c":{"d":7}}"#.utf8)[...])
    let root = document.root
    #expect(root.elements.isEmpty && root.fields.map(\.name) == ["a", "b", "c"])
    for name in ["a", "b"] {
      #expect(root.field(name)?.field("d") == nil && root.field(name)?.fields.isEmpty == true)
    }
    #expect(root.field("c")?.field("d")?.number == 7 && root.field("c")?.elements.isEmpty == true)
  }
}
