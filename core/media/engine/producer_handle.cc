#include "core/media/engine/producer_handle.h"

#include <algorithm>
#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

ProducerHandle::ProducerHandle(std::shared_ptr<RouterState> router, TransportHandle& transport, Spec spec)
    : router_{std::move(router)}, transport_{&transport}, spec_{std::move(spec)}, id_{router_->context->new_id()} {
  router_->producers.emplace(id_, this);
  router_->context->producers.emplace(spec_.key, this);
  RtpProducer::Spec worker_spec{.key = spec_.key,
                                .kind = spec_.kind,
                                .mapping = spec_.negotiated.mapping,
                                .keyframes = {.min_interval = router_->context->keyframe_min_interval},
                                .paused = spec_.paused};
  router_->context->post(
      spec_.worker, [key = spec_.transport, worker_spec = std::move(worker_spec)](WorkerCore& core, Instant) mutable {
        core.produce(key, std::move(worker_spec));
      });
}

ProducerHandle::~ProducerHandle() {
  close();
  if (transport_ != nullptr) transport_->forget(*this);
}

void ProducerHandle::close() {
  if (std::exchange(closed_, true)) return;
  stats_.clear();
  EngineContext& context = *router_->context;
  router_->producers.erase(id_);
  context.producers.erase(spec_.key);
  for (ConsumerHandle* consumer : std::exchange(consumers_, {})) consumer->producer_ended();
  for (const auto& [worker, count] : std::exchange(mirrors_, {})) {
    context.post(worker, [key = spec_.key](WorkerCore& core, Instant) { core.remove_mirror(key); });
  }
  context.post(spec_.worker, [transport = spec_.transport, key = spec_.key](WorkerCore& core, Instant) {
    core.close_producer(transport, key);
  });
}

void ProducerHandle::end() {
  if (closed_) return;
  close();
  router_->context->loop.post([this, alive = std::weak_ptr{alive_}] {
    if (!alive.expired() && on_closed_) std::exchange(on_closed_, nullptr)();
  });
}

void ProducerHandle::on_closed(Function<void()> callback) {
  on_closed_ = in_current_scope<>("producer closed", std::move(callback));
}

void ProducerHandle::set_paused(bool paused) {
  if (closed_ || spec_.paused == paused) return;
  spec_.paused = paused;
  const auto task = [key = spec_.key, paused](WorkerCore& core, Instant now) {
    core.set_producer_paused(key, paused, now);
  };
  router_->context->post(spec_.worker, task);
  for (const auto& [worker, count] : mirrors_) router_->context->post(worker, task);
  for (ConsumerHandle* consumer : consumers_) consumer->producer_paused_changed(paused);
}

void ProducerHandle::add_consumer(ConsumerHandle& consumer, WorkerIndex worker) {
  consumers_.push_back(&consumer);
  if (worker == spec_.worker || mirrors_[worker]++ > 0) return;
  EngineContext& context = *router_->context;
  if (context.stopped) return;
  context.worker(spec_.worker).link_to(context.worker(worker));
  RtpMirror::Spec mirror{.key = spec_.key,
                         .kind = spec_.kind,
                         .home = spec_.worker,
                         .mapping = spec_.negotiated.mapping,
                         .paused = spec_.paused};
  context.post(worker, [mirror = std::move(mirror)](WorkerCore& core, Instant) { core.add_mirror(mirror); });
  context.post(spec_.worker, [key = spec_.key, worker](WorkerCore& core, Instant) { core.add_remote(key, worker); });
}

void ProducerHandle::remove_consumer(ConsumerHandle& consumer, WorkerIndex worker) {
  std::erase(consumers_, &consumer);
  const auto mirror = mirrors_.find(worker);
  if (mirror == mirrors_.end() || --mirror->second > 0) return;
  mirrors_.erase(mirror);
  router_->context->post(spec_.worker,
                         [key = spec_.key, worker](WorkerCore& core, Instant) { core.remove_remote(key, worker); });
  router_->context->post(worker, [key = spec_.key](WorkerCore& core, Instant) { core.remove_mirror(key); });
}

void ProducerHandle::stats(Function<void(std::vector<RtpStreamStats>)> callback) {
  if (closed_) return;
  stats_.ask(*router_->context, spec_.worker,
             in_current_scope<std::vector<RtpStreamStats>>("producer stats", std::move(callback)),
             [key = spec_.key, transport = spec_.transport,
              mime_type = spec_.rtp_parameters.codecs.front().mime_type](WorkerCore& core) {
               std::optional stats{core.producer_stats(transport, key)};
               for (RtpStreamStats& stream : *stats) stream.mime_type = mime_type;
               return stats;
             });
}

}  // namespace sluice
