#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/store.h"

namespace sluice {

/// One connection to a database: all that the store asks of SQLite, and all that another database has to offer to stand
/// in its place. Failures are std::runtime_error.
/// @note One thread at a time.
class Database {
 public:
  static constexpr std::size_t kMaxRows = 10'000;

  virtual ~Database() = default;

  /// Transactions are the gateway's: begun and ended while no plugin is in charge (`restrict_to`).
  virtual void begin() = 0;
  /// What was done since `begin` is on disk once this returns.
  virtual void commit() = 0;
  /// Does nothing where the database has rolled back by itself.
  virtual void rollback() noexcept = 0;
  /// False, too, where the database has rolled back by itself, as it does after some failures (a full disk).
  [[nodiscard]] virtual bool in_transaction() const noexcept = 0;

  /// A part of the transaction that can be undone by itself; parts do not nest.
  virtual void begin_part() = 0;
  virtual void keep_part() = 0;
  virtual void undo_part() = 0;

  /// Runs one statement with `?` parameters. Throws where it brings more than kMaxRows rows.
  virtual std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& parameters = {}) = 0;
  /// Runs statements separated by `;`, whose rows nobody wants.
  virtual void run_script(std::string_view sql) = 0;

  /// From now on statements reach the tables of this plugin only (see `owns_table`) and cannot end the transaction.
  /// Empty: the gateway's own statements, which may do anything.
  virtual void restrict_to(std::string_view plugin) = 0;
};

/// Connects, or throws std::runtime_error that names the database and what is wrong with it.
using OpenDatabase = std::function<std::unique_ptr<Database>()>;

/// Statements are a plugin's while this lives.
class OnBehalfOf {
 public:
  OnBehalfOf(Database& database, std::string_view plugin) : database_{database} { database.restrict_to(plugin); }
  ~OnBehalfOf() { database_.restrict_to({}); }
  OnBehalfOf(const OnBehalfOf&) = delete;
  OnBehalfOf& operator=(const OnBehalfOf&) = delete;

 private:
  Database& database_;
};

/// Runs `work` in one transaction: committed when it returns, rolled back when it throws.
template <class Work>
void in_transaction(Database& database, Work&& work) {
  database.begin();
  try {
    std::forward<Work>(work)();
    database.commit();
  } catch (...) {
    database.rollback();
    throw;
  }
}

}  // namespace sluice
