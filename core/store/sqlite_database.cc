#include "core/store/sqlite_database.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "core/store/sqlite_guard.h"
#include "core/store/sqlite_statement.h"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds kBusyTimeout{5'000};
// Poco tries a file that cannot be opened again and again until then; it will be no better the second time.
constexpr std::size_t kOpenTimeoutSeconds = 0;

[[noreturn]] void fail_to_open(const std::string& path, std::string_view reason) {
  throw std::runtime_error{"the database '" + path + "' cannot be opened: " + std::string{reason}};
}

// What plugins keep is nobody else's to read. SQLite gives its log files the mode of the database.
void create_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
  } else if (errno != EEXIST) {
    fail_to_open(path, std::strerror(errno));
  }
}

Poco::Data::Session open_session(const std::string& path) {
  static const bool registered = [] {
    Poco::Data::SQLite::Connector::registerConnector();
    return true;
  }();
  static_cast<void>(registered);
  if (path.empty()) fail_to_open(path, "no file is named");
  create_file(path);
  try {
    return Poco::Data::Session{Poco::Data::SQLite::Connector::KEY, path, kOpenTimeoutSeconds};
  } catch (const Poco::Exception& error) {
    fail_to_open(path, error.displayText());
  }
}

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const std::string& path)
      : session_{open_session(path)},
        connection_{Poco::Data::SQLite::Utility::dbHandle(session_)},
        guard_{connection_} {
    try {
      configure();
    } catch (const std::exception& error) {
      fail_to_open(path, error.what());
    }
  }

  ~SqliteDatabase() override {
    try {
      session_.close();  // before the guard, which it may call
    } catch (const Poco::Exception&) {
      // Nothing is lost: what was committed is in the log.
    }
  }

  // IMMEDIATE: a lock that another process holds is waited for here, not met half-way through the work.
  void begin() override { query("BEGIN IMMEDIATE"); }
  void commit() override { query("COMMIT"); }
  void rollback() noexcept override {
    if (in_transaction()) sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  [[nodiscard]] bool in_transaction() const noexcept override { return sqlite3_get_autocommit(connection_) == 0; }

  void begin_part() override { query("SAVEPOINT sluice_part"); }
  void keep_part() override { query("RELEASE sluice_part"); }
  void undo_part() override {
    query("ROLLBACK TO sluice_part");
    query("RELEASE sluice_part");
  }

  std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& parameters = {}) override {
    const auto statement = prepare(sql);
    if (statement->empty()) throw std::runtime_error{"there is no statement"};
    if (!prepare(statement->rest())->empty()) {
      throw std::runtime_error{sqlite_message(connection_, "one statement at a time", sql)};
    }
    statement->bind(parameters);
    std::vector<StoreRow> rows;
    while (statement->step()) {
      if (rows.size() == kMaxRows) {
        throw std::runtime_error{sqlite_message(connection_, "more than 10,000 rows; add a LIMIT", sql)};
      }
      rows.push_back(statement->row());
    }
    return rows;
  }

  void run_script(std::string_view sql) override {
    while (!sql.empty()) {
      const auto statement = prepare(sql);
      if (!statement->empty()) {
        statement->bind({});
        while (statement->step()) {
        }
      }
      sql = statement->rest();
    }
  }

  void restrict_to(std::string_view plugin) override { guard_.restrict_to(plugin); }

 private:
  void configure() {
    sqlite3_busy_timeout(connection_, static_cast<int>(kBusyTimeout.count()));
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    if (query("PRAGMA journal_mode=WAL") != std::vector<StoreRow>{{std::string{"wal"}}}) {
      throw std::runtime_error{"its file system has no write-ahead log (shared memory and locks)"};
    }
    query("PRAGMA synchronous=FULL");
    query("PRAGMA foreign_keys=ON");
  }

  std::unique_ptr<SqliteStatement> prepare(std::string_view sql) {
    // After some failures (disk full, INSERT OR ROLLBACK) SQLite has rolled back by itself; what follows must not be
    // committed on its own.
    if (guard_.restricted() && !in_transaction()) {
      throw std::runtime_error{"the transaction was rolled back by an earlier failure"};
    }
    try {
      return std::make_unique<SqliteStatement>(connection_, sql);
    } catch (const std::runtime_error&) {
      const std::string refusal = guard_.take_refusal();
      if (refusal.empty()) throw;
      throw std::runtime_error{sqlite_message(connection_, refusal, sql)};
    }
  }

  Poco::Data::Session session_;
  sqlite3* connection_;
  SqliteGuard guard_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& path) { return std::make_unique<SqliteDatabase>(path); }

OpenDatabase sqlite_opener(std::string path) {
  return [path = std::move(path)] { return open_sqlite(path); };
}

}  // namespace sluice
