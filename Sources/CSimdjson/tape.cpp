#include "CSimdjson.h"

#include <memory>
#include <new>
#include <simdjson.h>

/// simdjson is C++, which Swift reaches through C; the reading of the tape is Swift's.
struct greensplit_json {
  simdjson::dom::parser parser;
};

/// Largest text whose buffers are kept for the next one, bytes: the longest line of count records.
static constexpr size_t kept = 1 << 16;

/// A parser for the next text of this thread: making its buffers takes as long as reading a record.
static thread_local std::unique_ptr<greensplit_json> spare;

greensplit_json *greensplit_json_read(const uint8_t *bytes, size_t length, size_t depth) {
  std::unique_ptr<greensplit_json> json = std::move(spare);
  if (!json) json.reset(new (std::nothrow) greensplit_json());
  if (!json) return nullptr;
  // The library counts what is around a text as a level.
  const size_t levels = depth + 1;
  if (json->parser.capacity() < length || json->parser.max_depth() != levels) {
    if (json->parser.allocate(length < 1024 ? 1024 : length, levels) != simdjson::SUCCESS)
      return nullptr;
  }
  if (json->parser.parse(bytes, length, true).error() != simdjson::SUCCESS) {
    greensplit_json_free(json.release());
    return nullptr;
  }
  return json.release();
}

const uint64_t *greensplit_json_tape(const greensplit_json *json) {
  return json->parser.doc.tape.get();
}

const uint8_t *greensplit_json_strings(const greensplit_json *json) {
  return json->parser.doc.string_buf.get();
}

void greensplit_json_free(greensplit_json *json) {
  std::unique_ptr<greensplit_json> done(json);
  if (!spare && done->parser.capacity() <= kept) spare = std::move(done);
}
