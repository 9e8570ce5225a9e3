#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/clock.h"
#include "core/control/background_pool.h"
#include "core/store/database.h"
#include "sluice/function.h"
#include "sluice/metrics.h"

namespace sluice {

/// The store's thread: units of work, one after the other, on one connection. The database is opened for the first
/// unit, so that a gateway whose plugins keep nothing makes no file; a failure to open is that unit's failure, and the
/// next one tries again.
///
/// Units are plugin code: stop the engine before the plugins' libraries are unloaded, and let the control loop run dry
/// after that.
class StoreEngine {
 public:
  static constexpr std::size_t kMaxWaiting = 1024;
  /// So many units share a commit at most: the first of them waits for the last.
  static constexpr std::size_t kMostPerCommit = 64;
  using Work = Function<void(Database&)>;
  using Outcome = Function<void(std::exception_ptr)>;

  /// What the engine tells of itself; nothing where `clock` is null.
  struct Watch {
    const Clock* clock = nullptr;
    Histogram* commit_seconds = nullptr;  ///< of units that ran together, or of one that ran alone
    Counter* failures = nullptr;          ///< units whose work or commit threw
  };

  explicit StoreEngine(OpenDatabase open) : StoreEngine{std::move(open), Watch{}} {}
  /// What `watch` points to outlives the engine.
  StoreEngine(OpenDatabase open, Watch watch);
  /// Stops.
  ~StoreEngine();
  StoreEngine(const StoreEngine&) = delete;
  StoreEngine& operator=(const StoreEngine&) = delete;

  /// Appends a unit of work. `outcome` runs after it on the store's thread, with null or what the work threw; it must
  /// not throw. Any thread. Throws Error{limit_exceeded} if kMaxWaiting units wait, Error{draining} once stopped.
  void submit(Work work, Outcome outcome);
  /// The same in a transaction of the engine's, which is committed before `outcome` runs. Units that wait at the same
  /// time share one, because the disk is what takes long: each can fail alone, and all fail where the commit does.
  void submit_unit(Work work, Outcome outcome);
  /// The same, waited for: blocks, and rethrows what the work threw. Not on the store's thread.
  void run(Work work);
  /// Calls `done` once every unit that was handed over before has run and is destroyed: on the store's thread, or at
  /// once where there is none. It must not throw. Opens no database.
  void after_waiting(Function<void()> done);
  /// Runs what waits, then closes the database. Blocks.
  void stop();

  /// Units that wait. Any thread.
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Unit {
    bool alone = false;  ///< brings its own transactions
    Work work;           ///< empty: there is only the outcome
    Outcome outcome;
    std::exception_ptr error{};
  };
  using Units = std::vector<Unit>;

  void append(Unit unit);
  [[nodiscard]] Units take_next();
  void run_waiting();
  void run_group(Units& units);
  void run_and_measure(Units& units);
  void run_alone(Unit& unit);
  void run_together(Units& units);
  static void run_part(Unit& unit, Database& connection);
  [[nodiscard]] Database& database();

  OpenDatabase open_;
  Watch watch_;
  std::unique_ptr<Database> database_;  // the store's thread only, until that has been joined
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;  // guards the two below
  std::deque<Unit> waiting_;
  bool running_ = false;  ///< a job of the pool is there that ends when nothing waits
  BackgroundPool thread_{1};
};

}  // namespace sluice
