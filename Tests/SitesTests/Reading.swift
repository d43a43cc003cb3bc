import Phrases
import Sites

/// What reading `text` as the file `f.yaml` says: the errors, one a line, or what the value prints.
func said<Value>(_ text: String, _ read: (Field) -> Value?) -> String {
  said(Array(text.utf8), read)
}

/// What reading `bytes` as the file `f.yaml` says.
func said<Value>(_ bytes: [UInt8], _ read: (Field) -> Value?) -> String {
  switch YAMLFile.read(bytes, named: "f.yaml", read) {
  case .success(let value): "\(value)"
  case .failure(let errors): errors.description
  }
}
