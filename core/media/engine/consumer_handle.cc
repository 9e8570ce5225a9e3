#include "core/media/engine/consumer_handle.h"

#include <optional>
#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/keep_callback.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/transport_handle.h"

namespace sluice {

namespace {

RtpConsumer::Spec worker_spec(const EngineContext& context, const ConsumerHandle::Spec& spec) {
  const RtpParameters& parameters = spec.negotiated.parameters;
  return {.key = spec.key,
          .kind = spec.kind,
          .mapping = spec.negotiated.mapping,
          .clock_rate = parameters.codecs.front().clock_rate,
          .cname = parameters.rtcp.cname.value_or(""),
          .first = context.new_numbers(),
          .paused = spec.paused};
}

}  // namespace

ConsumerHandle::ConsumerHandle(std::shared_ptr<RouterState> router, TransportHandle& transport,
                               ProducerHandle* producer, Spec spec)
    : router_{std::move(router)},
      transport_{&transport},
      producer_{nullptr},
      spec_{std::move(spec)},
      is_slot_{producer == nullptr},
      id_{router_->context->new_id()},
      birth_{router_->context->new_birth()} {
  router_->context->consumers.emplace(spec_.key, this);
  // The mirror, where one is needed, is posted to the same worker before the consumer that attaches to it.
  feed_from(producer);
  std::optional<ProducerKey> key;
  if (producer != nullptr) key = producer->key();
  router_->context->post(
      spec_.worker,
      [transport_key = spec_.transport, key, consumer = worker_spec(*router_->context, spec_)](
          WorkerCore& core, Instant now) mutable { core.consume(transport_key, std::move(consumer), key, now); });
}

void ConsumerHandle::feed_from(ProducerHandle* producer) {
  if (producer != nullptr) producer->add_consumer(*this, spec_.worker);
  producer_ = producer;
  producer_id_ = producer == nullptr ? std::string{} : producer->id();
  producer_paused_ = producer != nullptr && producer->paused();
}

ProducerHandle* ConsumerHandle::find_fitting(const std::string& producer_id) const {
  if (producer_id.empty()) return nullptr;
  const auto found = router_->producers.find(producer_id);
  if (found == router_->producers.end()) throw Error{ErrorCode::not_found, "there is no such producer in this router"};
  if (ortc::fits_slot(found->second->negotiated().consumable, spec_.negotiated.mapping)) return found->second;
  throw Error{ErrorCode::unsupported, "the consumer was negotiated without a codec of this producer"};
}

void ConsumerHandle::set_producer(const std::string& producer_id) {
  if (!is_slot_ || closed_) throw Error{ErrorCode::conflict, "this consumer cannot change its producer"};
  if (producer_id == producer_id_) return;
  ProducerHandle* const before = producer_;
  feed_from(find_fitting(producer_id));
  std::optional<ProducerKey> key;
  if (producer_ != nullptr) key = producer_->key();
  router_->context->post(spec_.worker,
                         [transport = spec_.transport, consumer = spec_.key, key](WorkerCore& core, Instant now) {
                           core.switch_consumer(transport, consumer, key, now);
                         });
  // Its mirror, where this was the last consumer of it, may only go after the consumer has left it.
  if (before != nullptr) before->remove_consumer(*this, spec_.worker);
}

ConsumerHandle::~ConsumerHandle() {
  close();
  if (transport_ != nullptr) transport_->forget(*this);
}

void ConsumerHandle::close() {
  if (std::exchange(closed_, true)) return;
  router_->context->consumers.erase(spec_.key);
  stats_.clear();
  router_->context->post(spec_.worker, [transport = spec_.transport, key = spec_.key](WorkerCore& core, Instant) {
    core.close_consumer(transport, key);
  });
  if (producer_ != nullptr) std::exchange(producer_, nullptr)->remove_consumer(*this, spec_.worker);
}

void ConsumerHandle::end(ConsumerEnd why) {
  if (closed_) return;
  close();
  router_->context->loop.post([this, why, alive = std::weak_ptr{alive_}] {
    if (!alive.expired() && on_closed_) std::exchange(on_closed_, nullptr)(why);
  });
}

void ConsumerHandle::producer_ended() {
  producer_ = nullptr;
  if (!is_slot_) return end(ConsumerEnd::producer_closed);
  feed_from(nullptr);  // the worker's consumer loses its source with the producer, or its mirror
}

void ConsumerHandle::producer_paused_changed(bool paused) {
  producer_paused_ = paused;
  router_->context->loop.post([this, paused, alive = std::weak_ptr{alive_}] {
    if (!alive.expired() && !closed_) call_and_keep(on_producer_paused_, alive_, paused);
  });
}

void ConsumerHandle::set_paused(bool paused) {
  if (closed_ || spec_.paused == paused) return;
  spec_.paused = paused;
  router_->context->post(spec_.worker,
                         [transport = spec_.transport, key = spec_.key, paused](WorkerCore& core, Instant now) {
                           core.set_consumer_paused(transport, key, paused, now);
                         });
}

void ConsumerHandle::set_priority(std::uint8_t priority) {
  if (closed_ || priority_ == priority) return;
  priority_ = priority;
  router_->context->post(spec_.worker,
                         [transport = spec_.transport, key = spec_.key, priority](WorkerCore& core, Instant) {
                           core.set_consumer_priority(transport, key, priority);
                         });
}

void ConsumerHandle::set_preferred_layers(std::optional<PreferredLayers> most) {
  if (closed_ || spec_.kind == MediaKind::audio || preferred_ == most) return;
  preferred_ = most;
  std::optional<LayerPosition> limit;
  if (most) limit = LayerPosition{most->spatial, most->temporal.value_or(kEveryLayer.temporal)};
  router_->context->post(spec_.worker,
                         [transport = spec_.transport, key = spec_.key, limit](WorkerCore& core, Instant) {
                           core.set_consumer_preferred(transport, key, limit);
                         });
}

void ConsumerHandle::set_insists(bool insists) {
  if (closed_ || insists_ == insists) return;
  insists_ = insists;
  router_->context->post(spec_.worker,
                         [transport = spec_.transport, key = spec_.key, insists](WorkerCore& core, Instant now) {
                           core.set_consumer_insists(transport, key, insists, now);
                         });
  if (producer_ != nullptr) producer_->insistence_changed(spec_.worker);
}

void ConsumerHandle::request_key_frame() {
  if (closed_) return;
  router_->context->post(spec_.worker, [transport = spec_.transport, key = spec_.key](WorkerCore& core, Instant now) {
    core.request_consumer_keyframe(transport, key, now);
  });
}

void ConsumerHandle::on_closed(Function<void(ConsumerEnd)> callback) {
  on_closed_ = in_current_scope<ConsumerEnd>("consumer closed", std::move(callback));
}

void ConsumerHandle::on_producer_paused(Function<void(bool)> callback) {
  on_producer_paused_ = in_current_scope<bool>("producer paused", std::move(callback));
}

void ConsumerHandle::on_layers_changed(Function<void(const LayersChange&)> callback) {
  on_layers_changed_ = in_current_scope<const LayersChange&>("consumer layers", std::move(callback));
}

void ConsumerHandle::on_score(Function<void(ConsumerScore)> callback) {
  on_score_ = in_current_scope<ConsumerScore>("consumer score", std::move(callback));
}

void ConsumerHandle::tell(const LayersChange& layers) {
  if (layers == layers_) return;
  layers_ = layers;
  const LayersChange told = layers;  // the callback may destroy this
  call_and_keep(on_layers_changed_, alive_, told);
}

void ConsumerHandle::tell(Score score) { score_changed({.score = score, .producer_score = producer_score()}); }

// Called from the producer, whose other consumers hear of it, too: the plugin does later.
void ConsumerHandle::producer_score_changed() {
  router_->context->loop.post([this, alive = std::weak_ptr{alive_}] {
    if (!alive.expired() && !closed_) score_changed({.score = score_.score, .producer_score = producer_score()});
  });
}

void ConsumerHandle::score_changed(ConsumerScore score) {
  if (score == score_) return;
  score_ = score;
  call_and_keep(on_score_, alive_, score);
}

Score ConsumerHandle::producer_score() const noexcept {
  return producer_ == nullptr ? Score{0} : producer_->score_of(layers_.current.value_or(MediaLayer{}));
}

std::string ConsumerHandle::mime_type() const {
  const bool of_producer = is_slot_ && producer_ != nullptr;
  const RtpParameters& sent = of_producer ? producer_->rtp_parameters() : spec_.negotiated.parameters;
  return sent.codecs.front().mime_type;
}

void ConsumerHandle::stats(Function<void(RtpStreamStats)> callback) {
  if (closed_) return;
  stats_.ask(*router_->context, spec_.worker, in_current_scope<RtpStreamStats>("consumer stats", std::move(callback)),
             [transport = spec_.transport, key = spec_.key, mime_type = mime_type()](WorkerCore& core) {
               auto stats = core.consumer_stats(transport, key);
               if (stats) stats->mime_type = mime_type;
               return stats;
             });
}

}  // namespace sluice
