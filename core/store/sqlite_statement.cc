#include "core/store/sqlite_statement.h"

#include <sqlite3.h>

#include <stdexcept>

namespace sluice {

namespace {

constexpr std::size_t kShownSqlBytes = 200;

int bind_value(sqlite3_stmt* statement, int position, const StoreValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, position, *integer);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, position, *real);
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, position, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, position);
}

StoreValue column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
      // The bytes first: asking for the size must not convert.
      const void* bytes = sqlite3_column_blob(statement, column);
      const int size = sqlite3_column_bytes(statement, column);
      if (bytes == nullptr) return std::string{};
      return std::string{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    }
    default:
      return std::monostate{};
  }
}

}  // namespace

std::string sqlite_message(sqlite3* connection, std::string_view reason, std::string_view sql) {
  const char* file = sqlite3_db_filename(connection, "main");
  std::string message{reason};
  message.append(" (").append(file == nullptr ? "database" : file).append(": ").append(sql.substr(0, kShownSqlBytes));
  if (sql.size() > kShownSqlBytes) message.append("...");
  return message.append(")");
}

SqliteStatement::SqliteStatement(sqlite3* connection, std::string_view sql) : connection_{connection}, sql_{sql} {
  if (sql.size() > kMaxSqlBytes) throw std::runtime_error{"a statement is longer than 1 MiB; use parameters"};
  if (sql.find('\0') != std::string_view::npos) throw std::runtime_error{"a statement holds a NUL byte"};
  const char* tail = nullptr;
  if (sqlite3_prepare_v2(connection_, sql.data(), static_cast<int>(sql.size()), &statement_, &tail) != SQLITE_OK) {
    fail();
  }
  rest_ = sql.substr(static_cast<std::size_t>(tail - sql.data()));
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::bind(const std::vector<StoreValue>& parameters) {
  const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_));
  if (wanted != parameters.size()) {
    throw std::runtime_error{sqlite_message(
        connection_,
        "the statement takes " + std::to_string(wanted) + " parameters, not " + std::to_string(parameters.size()),
        sql_)};
  }
  int position = 0;
  for (const StoreValue& value : parameters) {
    if (bind_value(statement_, ++position, value) != SQLITE_OK) fail();
  }
}

bool SqliteStatement::step() {
  const int result = sqlite3_step(statement_);
  if (result != SQLITE_ROW && result != SQLITE_DONE) fail();
  return result == SQLITE_ROW;
}

StoreRow SqliteStatement::row() const {
  const int columns = sqlite3_column_count(statement_);
  StoreRow row;
  row.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) row.push_back(column_value(statement_, column));
  return row;
}

void SqliteStatement::fail() const {
  throw std::runtime_error{sqlite_message(connection_, sqlite3_errmsg(connection_), sql_)};
}

}  // namespace sluice
