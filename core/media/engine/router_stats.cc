// All statistics of a router by one question to each of its workers.
#include <memory>
#include <utility>
#include <vector>

#include "core/control/callback_scope.h"
#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/router_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

namespace {

/// What one worker is asked for.
struct Question {
  struct OfTransport {
    std::string id;
    TransportKey key;
  };
  struct OfProducer {
    std::string id;
    TransportKey transport;
    ProducerKey key;
    std::string mime_type;
  };
  struct OfConsumer {
    std::string id;
    TransportKey transport;
    ConsumerKey key;
    std::string mime_type;
  };
  std::vector<OfTransport> transports;
  std::vector<OfProducer> producers;
  std::vector<OfConsumer> consumers;

  void add(const TransportHandle& transport, RouterStatsWanted wanted) {
    if (wanted.transports) transports.push_back({transport.id(), transport.key()});
    if (wanted.producers) {
      for (const ProducerHandle* producer : transport.producers()) {
        producers.push_back(
            {producer->id(), transport.key(), producer->key(), producer->rtp_parameters().codecs.front().mime_type});
      }
    }
    if (wanted.consumers) {
      for (const ConsumerHandle* consumer : transport.consumers()) {
        consumers.push_back({consumer->id(), transport.key(), consumer->key(), consumer->mime_type()});
      }
    }
  }

  /// On the worker's thread.
  [[nodiscard]] RouterStats answer(const WorkerCore& core) {
    RouterStats stats;
    for (OfTransport& asked : transports) {
      if (auto found = core.transport_stats(asked.key)) {
        stats.transports.push_back({std::move(asked.id), std::move(*found)});
      }
    }
    for (OfProducer& asked : producers) {
      auto streams = core.producer_stats(asked.transport, asked.key);
      for (RtpStreamStats& stream : streams) stream.mime_type = asked.mime_type;
      stats.producers.push_back({std::move(asked.id), std::move(streams)});
    }
    for (OfConsumer& asked : consumers) {
      if (auto found = core.consumer_stats(asked.transport, asked.key)) {
        found->mime_type = std::move(asked.mime_type);
        stats.consumers.push_back({std::move(asked.id), std::move(*found)});
      }
    }
    return stats;
  }
};

/// The answers of all workers. Owners: the questions that are on their way.
struct Gathering {
  std::size_t missing = 0;
  RouterStats stats;
  Function<void(RouterStats)> callback;

  template <class T>
  static void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
  void add(RouterStats part) {
    append(stats.transports, part.transports);
    append(stats.producers, part.producers);
    append(stats.consumers, part.consumers);
    if (--missing == 0) callback(std::move(stats));
  }
};

}  // namespace

void RouterHandle::stats(RouterStatsWanted wanted, Function<void(RouterStats)> callback) {
  const EngineContext& context = *state_->context;
  std::vector<Question> questions(context.workers.size());
  for (const TransportHandle* transport : state_->transports) {
    questions[transport->worker().value()].add(*transport, wanted);
  }
  const auto gathering = std::make_shared<Gathering>();
  gathering->missing = questions.size();
  gathering->callback = in_current_scope<RouterStats>("router stats", std::move(callback));
  for (std::size_t i = 0; i < questions.size(); ++i) {
    stats_.ask(
        context, WorkerIndex{static_cast<std::uint8_t>(i)},
        [gathering](RouterStats part) { gathering->add(std::move(part)); },
        [question = std::move(questions[i])](WorkerCore& core) mutable {
          return std::optional{question.answer(core)};
        });
  }
}

}  // namespace sluice
