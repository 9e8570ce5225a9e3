// All statistics of a router by one question to each of its workers.
#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/router_handle.h"
#include "core/media/engine/stats_question.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

void RouterHandle::stats(RouterStatsWanted wanted, Function<void(RouterStats)> callback) {
  StatsQuestion question{*state_->context};
  for (const TransportHandle* transport : state_->transports) {
    if (wanted.transports) question.add(*transport);
    if (wanted.producers) {
      for (const ProducerHandle* producer : transport->producers()) question.add(*producer);
    }
    if (wanted.consumers) {
      for (const ConsumerHandle* consumer : transport->consumers()) question.add(*consumer);
    }
  }
  std::move(question).ask(state_->context, stats_, in_current_scope<RouterStats>("router stats", std::move(callback)));
}

}  // namespace sluice
