#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/control/control_loop.h"
#include "core/store/store_engine.h"
#include "sluice/lifeline.h"
#include "sluice/log.h"
#include "sluice/store.h"

namespace sluice::admin {

/// The gateway's own part of the store: the tables `admin_...`, a name that no plugin may have.
/// @note Control thread only; the engine outlives it.
class AdminStore {
 public:
  struct Parts {
    StoreEngine& engine;
    ControlLoop& loop;
    std::string file;  ///< of the database
    Log& log;
  };

  explicit AdminStore(Parts parts);

  /// Brings the tables of a database that is there to their newest form and reads from them: for the start. Without a
  /// database `read` is not called: a gateway that keeps nothing makes none. Blocks, and throws std::runtime_error.
  void read_at_start(const std::function<void(StoreTransaction&)>& read);

  /// Whether there are tables, as far as is known without asking.
  [[nodiscard]] bool in_use() const noexcept { return made_tables_; }

  /// As Store::transact: `done` runs on the control thread once the work is on disk. Makes the database and the tables
  /// where there are none. Throws Error{limit_exceeded} if too much work waits.
  template <class Work, class Done>
  void transact(Work work, Done done) {
    make_tables();
    store_->transact(std::move(work), std::move(done));
  }

 private:
  void make_tables();

  Parts parts_;
  std::unique_ptr<Store> store_;
  bool made_tables_ = false;
  Lifeline lifeline_;
};

}  // namespace sluice::admin
