#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/media/engine/pending_answers.h"
#include "sluice/media_stats.h"

namespace sluice {

class ConsumerHandle;
class ProducerHandle;
class TransportHandle;

/// The statistics of any handles, asked of the workers that they are on. A worker answers in slices, and goes back to
/// its packets between two of them.
/// @note Control thread only.
class StatsQuestion {
 public:
  /// Objects that a worker tells of at a time: a fraction of a millisecond.
  static constexpr std::size_t kSlice = 128;

  explicit StatsQuestion(const EngineContext& context) : by_worker_(std::max<std::size_t>(1, context.workers.size())) {}

  void add(const TransportHandle& transport);
  void add(const ProducerHandle& producer);
  void add(const ConsumerHandle& consumer);

  /// `callback` gets all together, in no order; what has closed meanwhile is missing. It is dropped with `pending`, and
  /// called late if a worker is stuck. Never during this call.
  void ask(const std::shared_ptr<EngineContext>& context, PendingAnswers<RouterStats>& pending,
           Function<void(RouterStats)> callback) &&;

 private:
  enum class Kind : std::uint8_t { transport, producer, consumer };
  struct Object {
    Kind kind;
    std::string id;
    TransportKey transport;
    std::uint64_t key;  // of the producer or consumer
    std::string mime_type;
  };
  using Slice = std::vector<Object>;
  using Slices = std::deque<Slice>;
  struct Gathering;

  static void ask_next(const std::shared_ptr<Gathering>& gathering, std::size_t worker);
  [[nodiscard]] static RouterStats answer(Slice& slice, const WorkerCore& core);
  void add(WorkerIndex worker, Object object);

  std::vector<Slices> by_worker_;
};

}  // namespace sluice
