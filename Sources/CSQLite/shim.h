#pragma once
#include <sqlite3.h>

/// Binds a copy of `length` bytes of UTF-8: `SQLITE_TRANSIENT` is a cast that Swift cannot import, and
/// a null pointer to no bytes would bind NULL instead of the empty text.
static inline int greensplit_sqlite3_bind_text(
  sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text ? text : "", length, SQLITE_TRANSIENT);
}

/// Binds a copy of `length` bytes; no bytes are an empty blob, not NULL.
static inline int greensplit_sqlite3_bind_blob(
  sqlite3_stmt *statement, int index, const void *bytes, int length) {
  return sqlite3_bind_blob(statement, index, bytes ? bytes : "", length, SQLITE_TRANSIENT);
}
