#include "core/media/engine/producer_handle.h"

#include <algorithm>
#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/keep_callback.h"
#include "core/media/engine/tap_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

ProducerHandle::ProducerHandle(std::shared_ptr<RouterState> router, TransportHandle& transport, Spec spec)
    : router_{std::move(router)},
      transport_{&transport},
      spec_{std::move(spec)},
      id_{router_->context->new_id()},
      birth_{router_->context->new_birth()} {
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
  const bool tells_levels = spec_.negotiated.mapping.extension_map.id_of(HeaderExtension::audio_level).has_value();
  if (spec_.kind == MediaKind::audio && spec_.speaks && tells_levels) router_->speakers->add(speaker(), id_);
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
  router_->speakers->remove(speaker());
  for (ConsumerHandle* consumer : std::exchange(consumers_, {})) consumer->producer_ended();
  for (TapHandle* tap : std::exchange(taps_, {})) tap->producer_ended();
  for (const auto& [worker, mirror] : std::exchange(mirrors_, {})) {
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

void ProducerHandle::on_score(Function<void(const std::vector<StreamScore>&)> callback) {
  on_score_ = in_current_scope<const std::vector<StreamScore>&>("producer score", std::move(callback));
}

void ProducerHandle::tell(const QualityReport::Produced& report) {
  scores_.clear();
  for (std::uint8_t i = 0; i < report.count; ++i) {
    scores_.push_back({.encoding_idx = i, .ssrc = report.streams[i].ssrc, .score = report.streams[i].score});
    if (i < spec_.rtp_parameters.encodings.size()) scores_.back().rid = spec_.rtp_parameters.encodings[i].rid;
  }
  for (ConsumerHandle* consumer : consumers_) consumer->producer_score_changed();
  const std::vector<StreamScore> scores = scores_;  // the callback may destroy this
  call_and_keep(on_score_, alive_, scores);
}

Score ProducerHandle::score_of(MediaLayer layer) const noexcept {
  if (scores_.empty()) return 0;
  // Of SVC all layers are one stream.
  return scores_[std::min<std::size_t>(layer.spatial, scores_.size() - 1)].score;
}

void ProducerHandle::set_paused(bool paused) {
  if (closed_ || spec_.paused == paused) return;
  spec_.paused = paused;
  if (paused) router_->speakers->mute(speaker());
  post_everywhere(
      [key = spec_.key, paused](WorkerCore& core, Instant now) { core.set_producer_paused(key, paused, now); });
  for (ConsumerHandle* consumer : consumers_) consumer->producer_paused_changed(paused);
}

void ProducerHandle::add_consumer(ConsumerHandle& consumer, WorkerIndex worker) {
  consumers_.push_back(&consumer);
  if (worker == spec_.worker) return;
  Mirror& mirror = mirrors_[worker];
  if (mirror.consumers++ == 0) open_mirror(worker);
  feed(worker, mirror);
}

void ProducerHandle::open_mirror(WorkerIndex worker) const {
  EngineContext& context = *router_->context;
  if (context.stopped) return;
  context.worker(spec_.worker).link_to(context.worker(worker));
  RtpMirror::Spec mirror{.key = spec_.key,
                         .kind = spec_.kind,
                         .home = spec_.worker,
                         .mapping = spec_.negotiated.mapping,
                         .paused = spec_.paused};
  context.post(worker, [mirror = std::move(mirror)](WorkerCore& core, Instant) { core.add_mirror(mirror); });
  if (!held_back_) return;
  context.post(worker,
               [key = spec_.key](WorkerCore& core, Instant now) { core.hold_back_producer(key, /*held=*/true, now); });
}

void ProducerHandle::remove_consumer(ConsumerHandle& consumer, WorkerIndex worker) {
  std::erase(consumers_, &consumer);
  const auto mirror = mirrors_.find(worker);
  if (mirror == mirrors_.end()) return;
  if (--mirror->second.consumers > 0) return feed(worker, mirror->second);
  mirrors_.erase(mirror);
  router_->context->post(spec_.worker,
                         [key = spec_.key, worker](WorkerCore& core, Instant) { core.remove_remote(key, worker); });
  router_->context->post(worker, [key = spec_.key](WorkerCore& core, Instant) { core.remove_mirror(key); });
}

// The producer's own worker goes first: a key frame that a mirror asks for on its return is not refused there.
void ProducerHandle::set_held_back(bool held) {
  if (closed_ || held_back_ == held) return;
  held_back_ = held;
  post_everywhere([key = spec_.key, held](WorkerCore& core, Instant now) { core.hold_back_producer(key, held, now); });
  for (auto& [worker, mirror] : mirrors_) feed(worker, mirror);
}

void ProducerHandle::insistence_changed(WorkerIndex worker) {
  const auto mirror = mirrors_.find(worker);
  if (mirror != mirrors_.end()) feed(worker, mirror->second);
}

bool ProducerHandle::wanted_on(WorkerIndex worker) const {
  return !held_back_ || std::ranges::any_of(consumers_, [worker](const ConsumerHandle* consumer) {
    return consumer->insists() && consumer->worker() == worker;
  });
}

// Packets that nobody on a worker gets do not cross to it.
void ProducerHandle::feed(WorkerIndex worker, Mirror& mirror) {
  const bool wanted = wanted_on(worker);
  if (std::exchange(mirror.fed, wanted) == wanted) return;
  router_->context->post(spec_.worker, [key = spec_.key, worker, wanted](WorkerCore& core, Instant) {
    wanted ? core.add_remote(key, worker) : core.remove_remote(key, worker);
  });
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
