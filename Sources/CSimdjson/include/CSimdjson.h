#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A JSON text that simdjson has read, as its tape: `doc/tape.md` of simdjson describes it.
typedef struct greensplit_json greensplit_json;

/// Reads one JSON text nested at most `depth` levels; NULL if it is none. To be freed.
greensplit_json *_Nullable greensplit_json_read(
    const uint8_t *_Nonnull bytes, size_t length, size_t depth);

/// The tape; valid until the text is freed, as are the strings.
const uint64_t *_Nonnull greensplit_json_tape(const greensplit_json *_Nonnull json);

/// The strings that the tape points into, each a length of four bytes and its UTF-8.
const uint8_t *_Nonnull greensplit_json_strings(const greensplit_json *_Nonnull json);

void greensplit_json_free(greensplit_json *_Nonnull json);

#ifdef __cplusplus
}
#endif
