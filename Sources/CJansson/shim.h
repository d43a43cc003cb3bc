#pragma once
#include <jansson.h>

/// `json_typeof` is a macro.
static inline json_type greensplit_json_type(const json_t *value) { return json_typeof(value); }

/// Swift sees a fixed array as a tuple.
static inline const char *greensplit_json_error_text(const json_error_t *error) {
  return error->text;
}
