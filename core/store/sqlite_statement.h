#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sluice {

/// One prepared statement. Values keep the type that they have in the database, which is each value's own in SQLite:
/// Poco::Data's extraction goes by the column's declaration, and would cut an INTEGER to 32 bits.
/// Failures are std::runtime_error that names the database's file, SQLite's reason and the SQL, never the parameters.
class SqliteStatement {
 public:
  static constexpr std::size_t kMaxSqlBytes = std::size_t{1} << 20U;

  /// Prepares the first statement of `sql`, which must outlive it.
  SqliteStatement(sqlite3* connection, std::string_view sql);
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  /// Nothing but blanks and comments.
  [[nodiscard]] bool empty() const noexcept { return statement_ == nullptr; }
  /// What follows the statement.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

  void bind(const std::vector<StoreValue>& parameters);
  /// True: a row is there. False: done.
  [[nodiscard]] bool step();
  /// A BLOB is given as text of its bytes.
  [[nodiscard]] StoreRow row() const;

 private:
  [[noreturn]] void fail() const;

  sqlite3* connection_;
  std::string_view sql_;
  std::string_view rest_;
  sqlite3_stmt* statement_ = nullptr;
};

/// `SQLite's message (in file: SQL)`.
[[nodiscard]] std::string sqlite_message(sqlite3* connection, std::string_view reason, std::string_view sql);

}  // namespace sluice
