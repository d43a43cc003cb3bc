/// The sentences that the core writes and history keeps, with their Chinese.
///
/// Causes, reasons, findings and events are recorded in English, so that a recording is the same bytes
/// in every language and an old one can still be read. Who shows them to a person takes their Chinese
/// from here.
enum Catalogue {
  static let sentences =
    controlSentences + detectorSentences + safetySentences + cabinetSentences + linkSentences
    + historySentences + feedSentences + replaySentences + plantSentences
    + conformanceSentences + meaningSentences + countSentences

  /// How far a text is read: names are from outside, and must not keep anybody busy. What goes beyond
  /// stays as it is.
  struct Patience {
    /// Bytes of a text at most.
    static let longest = 1000

    /// How deep sentences stand within each other.
    var depth = 5

    /// How often the catalogue is still looked through: a list of sentences within sentences takes some
    /// hundred times.
    var looks = 3000

    /// How many places of words are still tried as the end of a value.
    var places = 50_000

    var isOver: Bool { looks <= 0 || places <= 0 }
  }

  /// `text` in Chinese, as one sentence or as a list of such; `nil` if it is neither.
  static func chinese(of text: Substring) -> String? {
    var patience = Patience()
    return chinese(of: text, &patience)
  }

  /// Likewise, within a text that is being read.
  static func chinese(of text: Substring, _ patience: inout Patience) -> String? {
    let text = text.first == " " ? text.dropFirst() : text
    guard !text.isEmpty else { return "" }
    guard patience.depth > 0 else { return nil }
    // The last place of a sentence would take the rest of a list for its value.
    return list(text, "; ", "；", &patience, enumeration) ?? enumeration(text, &patience)
  }

  private static func enumeration(_ text: Substring, _ patience: inout Patience) -> String? {
    one(text, &patience) ?? list(text, ", ", "，", &patience) {
      one($0, &$1) ?? named($0, &$1)
    } ?? named(text, &patience)
  }

  private static func one(_ text: Substring, _ patience: inout Patience) -> String? {
    patience.looks -= 1
    guard !patience.isOver else { return nil }
    for sentence in sentences {
      if let chinese = sentence.chinese(of: text, &patience) { return chinese }
    }
    return nil
  }

  /// What is found of a detector that is named before it: "J001.N.T no record".
  private static func named(_ text: Substring, _ patience: inout Patience) -> String? {
    var from = text.startIndex
    while let space = text[from...].firstIndex(of: " ") {
      from = text.index(after: space)
      for sentence in detectorSentences {
        if let chinese = sentence.chinese(of: text[from...], &patience) {
          return text[..<from] + chinese
        }
      }
    }
    return nil
  }

  private static func list(
    _ text: Substring, _ separator: String, _ mark: String, _ patience: inout Patience,
    _ read: (Substring, inout Patience) -> String?
  ) -> String? {
    let pieces = text.split(separator: separator)
    guard pieces.count > 1 else { return nil }
    var chinese: [String] = []
    for piece in pieces {
      guard let read = read(piece, &patience) else { return nil }
      chinese.append(read)
    }
    return chinese.joined(separator: mark)
  }

  fileprivate static func phrase(_ text: String) -> Phrase {
    guard text.utf8.count <= Patience.longest, let chinese = chinese(of: text[...]) else {
      return Phrase(name: text)
    }
    return Phrase(text, chinese)
  }
}

extension Phrase {
  /// What the core wrote or history keeps, in English, with its Chinese; a text that is none of its
  /// sentences is the same in both.
  public init(recorded english: String) { self = Catalogue.phrase(english) }
}
