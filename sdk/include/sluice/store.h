#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sluice/background.h"
#include "sluice/function.h"

namespace sluice {

/// A value of a column or of a statement's parameter, with the type that it has in the database. Text is UTF-8; a BLOB
/// is read as text of its bytes.
using StoreValue = std::variant<std::monostate, std::int64_t, double, std::string>;
using StoreRow = std::vector<StoreValue>;

/// One numbered step of a plugin's schema, applied once, in a transaction of its own.
struct Migration {
  int version;      ///< 1, 2, 3, ... without holes
  std::string sql;  ///< statements separated by `;`
};

/// What a unit of work may do, inside one transaction.
/// @note Lives on the store's thread for the length of one unit of work; errors are std::runtime_error.
class StoreTransaction {
 public:
  virtual ~StoreTransaction() = default;
  /// Runs one statement with `?` parameters and gives its rows (none for INSERT, UPDATE, DELETE). At most 10,000 rows.
  virtual std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& parameters = {}) = 0;
};

/// The plugin's part of the database. Names of tables, views and virtual tables start with the plugin's name and a `_`
/// (`chat_messages`; where the plugin's name has a `-`, the table's has a `_`). A statement that touches another
/// plugin's table fails, and so does one that would end the transaction (COMMIT), change the connection (PRAGMA) or
/// attach a database. This guards against mistakes, not against malice: plugins are native code of one process.
///
/// SQL meant for more than one database keeps to the standard: names in double quotes, text in single ones.
///
/// @note Called on the control thread, never blocks it: work runs on the store's own thread, one unit after the other,
/// those of all plugins in the order in which they were handed over.
class Store {
 public:
  virtual ~Store() = default;

  /// Brings the plugin's tables to the newest version; for `Plugin::start`, where blocking is allowed. Steps that were
  /// applied before are skipped; one that fails leaves the version before it. Throws std::runtime_error if a step fails
  /// or the database's schema is newer than `migrations`, std::logic_error if the numbers have a hole.
  virtual void migrate(std::span<const Migration> migrations) = 0;

  /// Runs `work(StoreTransaction&)` in one transaction: committed when it returns, rolled back when it throws. Units
  /// that wait at the same time may reach the disk in one commit; if that fails, all of them have failed. `done` gets a
  /// JobResult with what it returned, on the control thread, after the commit is on disk; it is not called if the
  /// plugin has been stopped by then. The work must not touch plugin state: give it copies. At most 1,024 units wait,
  /// those of all plugins together; one more throws Error{limit_exceeded}.
  template <class Work, class Done>
  void transact(Work work, Done done) {
    using T = std::invoke_result_t<Work&, StoreTransaction&>;
    static_assert(!std::is_void_v<T>, "return a value, for example sluice::Ok{}");
    // Shared by the work (store thread) and its completion (control thread); the queue between them orders the access.
    auto value = std::make_shared<std::optional<T>>();
    transact_raw(
        [work = std::move(work), value](StoreTransaction& transaction) mutable { value->emplace(work(transaction)); },
        [done = std::move(done), value](std::exception_ptr error) mutable {
          done(error ? JobResult<T>{error} : JobResult<T>{std::move(**value)});
        });
  }

  virtual void transact_raw(Function<void(StoreTransaction&)> work, Function<void(std::exception_ptr)> done) = 0;
};

}  // namespace sluice
