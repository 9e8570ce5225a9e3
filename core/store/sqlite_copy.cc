#include "core/store/sqlite_copy.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "core/base/file_descriptor.h"

namespace sluice {

namespace {

constexpr int kPagesPerStep = 256;  // then whoever waits for the disk has a turn, and `stop` is looked at
constexpr std::chrono::milliseconds kBusyTimeout{5'000};

struct Close {
  void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;
struct Finish {
  void operator()(sqlite3_backup* copy) const noexcept { sqlite3_backup_finish(copy); }
};

[[noreturn]] void fail(const std::string& file, std::string_view reason) {
  throw std::runtime_error{"copying the database: '" + file + "': " + std::string{reason}};
}

void run(sqlite3* connection, const std::string& file, const char* sql) {
  if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(file, sqlite3_errmsg(connection));
}

// Not made where there is none.
Connection open(const std::string& file) {
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  Connection connection{raw};
  if (result != SQLITE_OK) fail(file, raw == nullptr ? "no memory" : sqlite3_errmsg(raw));
  sqlite3_busy_timeout(raw, static_cast<int>(kBusyTimeout.count()));
  return connection;
}

void create(const std::string& file) {
  const FileDescriptor made{::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600), file.c_str()};
}

void sync(const std::string& file) {
  const FileDescriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC), file.c_str()};
  if (::fsync(opened.get()) != 0) fail(file, std::strerror(errno));
}

void copy_pages(sqlite3* from, sqlite3* to, const std::string& target, const std::atomic<bool>& stop) {
  const std::unique_ptr<sqlite3_backup, Finish> copy{sqlite3_backup_init(to, "main", from, "main")};
  if (copy == nullptr) fail(target, sqlite3_errmsg(to));
  int result = SQLITE_OK;
  while (result == SQLITE_OK) {
    if (stop) fail(target, "given up: the gateway stops");
    result = sqlite3_backup_step(copy.get(), kPagesPerStep);
  }
  if (result != SQLITE_DONE) fail(target, sqlite3_errstr(result));
}

void copy(const std::string& source, const std::string& target, const std::atomic<bool>& stop) {
  const Connection from = open(source);
  const Connection to = open(target);
  // The copy is thrown away where it breaks off, and synced as a whole.
  run(to.get(), target, "PRAGMA journal_mode=OFF");
  run(to.get(), target, "PRAGMA synchronous=OFF");
  // One moment for all steps. With a transaction for each, what others write meanwhile would start the copy anew.
  run(from.get(), source, "BEGIN");
  run(from.get(), source, "SELECT count(*) FROM sqlite_master");
  copy_pages(from.get(), to.get(), target, stop);
  run(from.get(), source, "COMMIT");
}

}  // namespace

void copy_sqlite(const std::string& source, const std::string& target, const std::atomic<bool>& stop) {
  create(target);
  try {
    copy(source, target, stop);
    sync(target);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(target, ignored);
    throw;
  }
}

}  // namespace sluice
