#include "core/store/sqlite_guard.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/store/table_rule.h"

namespace sluice {

namespace {

// SQLite's own: the schema's tables, which only DDL can change, and the functions that read JSON as a table.
bool is_builtin(std::string_view table) {
  static constexpr std::array<std::string_view, 2> kTableFunctions{"json_each", "json_tree"};
  return table.starts_with("sqlite_") || std::ranges::count(kTableFunctions, table) != 0;
}

std::string_view view_of(const char* text) { return text == nullptr ? std::string_view{} : std::string_view{text}; }

}  // namespace

SqliteGuard::SqliteGuard(sqlite3* connection) { sqlite3_set_authorizer(connection, &SqliteGuard::authorize, this); }

std::string SqliteGuard::take_refusal() { return std::exchange(refusal_, {}); }

int SqliteGuard::authorize(void* self, int action, const char* first, const char* second, const char*, const char*) {
  auto& guard = *static_cast<SqliteGuard*>(self);
  if (!guard.restricted() || guard.allows(action, view_of(first), view_of(second))) return SQLITE_OK;
  return SQLITE_DENY;
}

// What `first` and `second` are for each action: sqlite.org/c3ref/c_alter_table.html.
bool SqliteGuard::allows(int action, std::string_view first, std::string_view second) {
  switch (action) {
    case SQLITE_READ:
      // No column: "referred to, and nothing is read". The name may then be that of a WITH clause, which is no table.
      return second.empty() || allows_table(first);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_ANALYZE:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_TEMP_VIEW:
    case SQLITE_DROP_VTABLE:
      return allows_table(first);
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TEMP_INDEX:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_TEMP_TRIGGER:
    case SQLITE_ALTER_TABLE:
      return allows_table(second);
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
    case SQLITE_FUNCTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_REINDEX:  // asked for each CREATE INDEX
      return true;
    case SQLITE_PRAGMA:
      if (first == "data_version") return true;  // the full-text index asks for it
      refusal_ = "plugin '" + plugin_ + "' may not use PRAGMA " + std::string{first};
      return false;
    case SQLITE_TRANSACTION:
      refusal_ = "plugin '" + plugin_ + "' may not use " + std::string{first} + ": the store owns the transaction";
      return false;
    default:
      refusal_ = "plugin '" + plugin_ + "' may not use this kind of statement";
      return false;
  }
}

bool SqliteGuard::allows_table(std::string_view table) {
  if (is_builtin(table) || owns_table(plugin_, table)) return true;
  refusal_ = "plugin '" + plugin_ + "' may not touch the table '" + std::string{table} +
             "': the names of its tables start with its own";
  return false;
}

}  // namespace sluice
