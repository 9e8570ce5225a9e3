#include "core/media/engine/stats_question.h"

#include <iterator>
#include <memory>
#include <utility>

#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

/// The answers so far. Owner: the callback of the slice that each worker is asked for now.
struct StatsQuestion::Gathering {
  std::shared_ptr<EngineContext> context;
  PendingAnswers<RouterStats>& pending;  // answers come only while it lives
  Function<void(RouterStats)> callback;
  std::vector<Slices> left;  // by worker
  std::size_t workers = 0;   // that have not told everything
  RouterStats stats{};

  template <class T>
  static void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
  void add(RouterStats part) {
    append(stats.transports, part.transports);
    append(stats.producers, part.producers);
    append(stats.consumers, part.consumers);
  }
};

void StatsQuestion::add(const TransportHandle& transport) {
  add(transport.worker(),
      {.kind = Kind::transport, .id = transport.id(), .transport = transport.key(), .key = 0, .mime_type = {}});
}

void StatsQuestion::add(const ProducerHandle& producer) {
  add(producer.worker(), {.kind = Kind::producer,
                          .id = producer.id(),
                          .transport = producer.transport_key(),
                          .key = producer.key().value(),
                          .mime_type = producer.rtp_parameters().codecs.front().mime_type});
}

void StatsQuestion::add(const ConsumerHandle& consumer) {
  add(consumer.worker(), {.kind = Kind::consumer,
                          .id = consumer.id(),
                          .transport = consumer.transport_key(),
                          .key = consumer.key().value(),
                          .mime_type = consumer.mime_type()});
}

void StatsQuestion::add(WorkerIndex worker, Object object) {
  Slices& slices = by_worker_[worker.value()];
  if (slices.empty() || slices.back().size() == kSlice) slices.emplace_back().reserve(kSlice);
  slices.back().push_back(std::move(object));
}

void StatsQuestion::ask(const std::shared_ptr<EngineContext>& context, PendingAnswers<RouterStats>& pending,
                        Function<void(RouterStats)> callback) && {
  const auto gathering = std::make_shared<Gathering>(
      Gathering{.context = context, .pending = pending, .callback = std::move(callback), .left = {}});
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < by_worker_.size(); ++i) {
    if (!by_worker_[i].empty()) asked.push_back(i);
  }
  // Of nothing, too, the answer comes later.
  if (asked.empty()) asked.push_back(0);
  gathering->workers = asked.size();
  gathering->left = std::move(by_worker_);
  for (const std::size_t worker : asked) ask_next(gathering, worker);
}

void StatsQuestion::ask_next(const std::shared_ptr<Gathering>& gathering, std::size_t worker) {
  Slices& left = gathering->left[worker];
  Slice slice;
  if (!left.empty()) {
    slice = std::move(left.front());
    left.pop_front();
  }
  gathering->pending.ask(
      *gathering->context, WorkerIndex{static_cast<std::uint8_t>(worker)},
      [gathering, worker](RouterStats part) {
        gathering->add(std::move(part));
        if (!gathering->left[worker].empty()) return ask_next(gathering, worker);
        if (--gathering->workers == 0) gathering->callback(std::move(gathering->stats));
      },
      [slice = std::move(slice)](WorkerCore& core) mutable { return std::optional{answer(slice, core)}; });
}

// On the worker's thread.
RouterStats StatsQuestion::answer(Slice& slice, const WorkerCore& core) {
  RouterStats stats;
  for (Object& object : slice) {
    if (object.kind == Kind::transport) {
      auto found = core.transport_stats(object.transport);
      if (found) stats.transports.push_back({std::move(object.id), std::move(*found)});
    } else if (object.kind == Kind::producer) {
      auto streams = core.producer_stats(object.transport, ProducerKey{object.key});
      for (RtpStreamStats& stream : streams) stream.mime_type = object.mime_type;
      stats.producers.push_back({std::move(object.id), std::move(streams)});
    } else if (auto found = core.consumer_stats(object.transport, ConsumerKey{object.key})) {
      found->mime_type = std::move(object.mime_type);
      stats.consumers.push_back({std::move(object.id), std::move(*found)});
    }
  }
  return stats;
}

}  // namespace sluice
