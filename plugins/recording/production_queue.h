#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "context.h"
#include "free_space.h"
#include "record.h"
#include "shelf.h"
#include "sluice/jobs.h"
#include "sluice/timers.h"
#include "view.h"

namespace sluice::recording {

/// What the queue tells of a recording, in whichever room it was.
class ProductionObserver {
 public:
  virtual ~ProductionObserver() = default;
  virtual void progressed(const Record& record, const Progress& progress) = 0;
  virtual void ready(const Record& record) = 0;
  virtual void failed(const Record& record) = 0;
  /// It was deleted while it was made: nothing of it is used any more.
  virtual void dropped(const std::string& id) = 0;
};

/// Makes products of captured sessions: first come, first served, so many at once, each in a process of its own. What
/// does not succeed is tried again later, `kMostAttempts` times in all. What the store has as `captured` or
/// `producing` and was not ended here is queued again by the next start.
class ProductionQueue {
 public:
  static constexpr int kMostAttempts = 3;
  static constexpr std::chrono::seconds kRetryInterval{30};
  static constexpr std::chrono::seconds kSpaceInterval{60};
  /// A job without progress for so long is killed. One percent of the longest recording takes some minutes.
  static constexpr std::chrono::hours kStalled{1};
  /// How often an unchanged percentage is told, at most.
  static constexpr std::chrono::seconds kProgressInterval{1};

  ProductionQueue(Context& context, FreeSpace& free_space, ProductionObserver& observer)
      : context_{context}, free_space_{free_space}, observer_{observer}, shelf_{context} {}

  /// The row is `captured`.
  void add(const std::string& id);
  /// It was deleted: its job is killed, and it waits no longer. Where it is `busy` still, `dropped` comes.
  void cancel(const std::string& id);
  [[nodiscard]] bool busy(const std::string& id) const { return running_.contains(id); }
  [[nodiscard]] std::optional<Progress> progress(const std::string& id) const;
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size() + retries_.size(); }
  [[nodiscard]] std::size_t running() const noexcept { return running_.size(); }
  /// Begins nothing any more. What runs may end.
  void drain() { draining_ = true; }
  /// All jobs are killed.
  void stop();
  [[nodiscard]] Shelf& shelf() noexcept { return shelf_; }

 private:
  struct Production {
    Record record;
    std::unique_ptr<Job> job{};
    std::optional<ProductionReport> report{};
    Progress progress{};
    Instant told{};
    Instant began{};
    Timer stalled{};
  };
  using Shared = std::shared_ptr<Production>;

  void begin_next();
  void demand_space(const Shared& production);
  void read_row(const Shared& production);
  void run(const Shared& production);
  void watch(const Shared& production);
  void on_message(const Shared& production, const json::object& message);
  void on_progress(const Shared& production, const ProductionProgress& progress);
  void ended(const Shared& production, const JobEnd& end);
  void made(const Shared& production, std::vector<KeptFile> files);
  void unsuccessful(const Shared& production, const std::string& reason);
  void give_up(const Shared& production, const std::string& reason);
  void put_back(const Shared& production);
  void drop(const Shared& production);
  void clean_up(const std::string& id, bool with_session);
  void release(const Shared& production);
  void count();

  Context& context_;
  FreeSpace& free_space_;
  ProductionObserver& observer_;
  Shelf shelf_;
  std::deque<std::string> waiting_;
  std::map<std::string, Shared> running_;  // shared with callbacks that are on their way
  std::map<std::string, Timer> retries_;
  Timer later_;  // there is no space now
  bool draining_ = false;
};

}  // namespace sluice::recording
