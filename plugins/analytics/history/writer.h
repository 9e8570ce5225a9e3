#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "history/batch.h"
#include "history/context.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/lifeline.h"
#include "sluice/result.h"
#include "sluice/timers.h"

namespace sluice::analytics {

/// Writes what the others collect, all of it together, every ten seconds. Where the store is behind or fails, what is
/// to be written waits and is tried again; of too much the eldest is dropped and counted. Nobody ever waits for the
/// store.
/// @note Control thread only.
class Writer {
 public:
  static constexpr std::chrono::seconds kInterval{10};
  /// Of one unit of work: others use the store, too.
  static constexpr std::size_t kMostPerUnit = 4'000;
  /// That wait.
  static constexpr std::size_t kMostQuality = 60'000;
  static constexpr std::size_t kMostOther = 100'000;

  /// Called before each write. `everything`: it is time; else what has changed, for somebody who wants to read.
  using Collect = Function<void(Batch&, bool everything)>;
  using Written = Function<void(Result<Ok, Error>)>;

  Writer(Host& host, HistoryMetrics& metrics, Collect collect)
      : host_{host}, metrics_{metrics}, collect_{std::move(collect)} {}

  /// Begins: first, what a crash has left is put in order.
  void start();
  /// Writes now what there is, and says when it can be read.
  void flush_then(Written written);
  void flush(bool everything);
  /// Hands all that there is to the store, whatever it is doing: the plugin stops, and nobody is told how that went.
  void finish();
  /// Nothing waits to be written.
  [[nodiscard]] bool idle() const noexcept { return backlog_.empty() && !writing_; }
  /// What the store's ids of this process' sessions begin behind; nothing: not known yet.
  [[nodiscard]] std::optional<SessionId> base() const noexcept { return base_; }

 private:
  void put_in_order();
  void write_some();
  void written(const std::shared_ptr<Batch>& batch, Instant since, const Result<Ok, Error>& result);
  void trim();
  void answer(const Result<Ok, Error>& result);

  Host& host_;
  HistoryMetrics& metrics_;
  Collect collect_;
  Batch backlog_;
  std::vector<Written> waiting_;
  std::optional<SessionId> base_;
  bool writing_ = false;
  Timer timer_;
  Lifeline lifeline_;
};

}  // namespace sluice::analytics
