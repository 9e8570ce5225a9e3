#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "core/store/migrations.h"
#include "core/store/sqlite_database.h"
#include "sluice/testing/fake_host.h"

namespace sluice::testing {

/// A plugin's store on a real SQLite database, without a thread: work runs when it is handed over, and completes at
/// FakeHost::run(). The plugin's guard holds, so that a statement for another plugin's table fails here, too.
class SqliteStore final : public Store {
 public:
  SqliteStore(FakeHost& host, std::string plugin, const std::string& path = ":memory:")
      : host_{host}, plugin_{std::move(plugin)}, database_{open_sqlite(path == ":memory:" ? temporary() : path)} {
    host.use_store(*this);
  }
  ~SqliteStore() override {
    database_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  void migrate(std::span<const Migration> migrations) override {
    apply_migrations(*database_, plugin_, migrations, host_.timers().wall_time());
  }
  void transact_raw(Function<void(StoreTransaction&)> work, Function<void(std::exception_ptr)> done) override {
    std::exception_ptr error;
    try {
      in_transaction(*database_, [&] {
        const OnBehalfOf owner{*database_, plugin_};
        Transaction transaction{*database_};
        work(transaction);
      });
    } catch (...) {
      error = std::current_exception();
    }
    host_.background().run_raw([] {}, [done = std::move(done), error]() mutable { done(error); });
  }
  /// For the test to look into, and to break.
  [[nodiscard]] Database& database() noexcept { return *database_; }

 private:
  class Transaction final : public StoreTransaction {
   public:
    explicit Transaction(Database& database) : database_{database} {}
    std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& parameters) override {
      return database_.query(sql, parameters);
    }

   private:
    Database& database_;
  };

  std::string temporary() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    folder_ = pattern;
    return (folder_ / "store.db").string();
  }

  FakeHost& host_;
  std::string plugin_;
  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

}  // namespace sluice::testing
