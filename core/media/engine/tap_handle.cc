#include "core/media/engine/tap_handle.h"

#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/redundancy.h"
#include "sluice/error.h"

namespace sluice {

namespace {

// What a reader of packets takes: every codec by itself, in the router's numbering; of the extensions the one without
// which a telephone's picture lies on its side.
RtpCapabilities reader_capabilities(const RtpCapabilities& router) {
  RtpCapabilities out = router;
  std::erase_if(out.codecs, [](const RtpCodecCapability& codec) { return ortc::is_red(codec.mime_type); });
  std::erase_if(out.header_extensions, [](const RtpHeaderExtensionCapability& extension) {
    return extension.uri != uri(HeaderExtension::video_orientation);
  });
  return out;
}

ortc::NegotiatedConsumer negotiate(EngineContext& context, const ProducerHandle& producer) {
  const auto new_ssrc = [&context] { return context.new_ssrc(); };
  ortc::NegotiatedConsumer out = ortc::negotiate_consumer(
      producer.negotiated(), reader_capabilities(context.capabilities), new_ssrc, {.mid = std::nullopt, .rtx = false});
  // Nobody answers from the other end of a queue.
  out.mapping.feedback = {};
  for (RtpCodecParameters& codec : out.parameters.codecs) codec.rtcp_feedback.clear();
  return out;
}

void demand_room(const EngineContext& context, const ProducerHandle& producer) {
  if (producer.tap_count() >= TapHandle::kMaxOfProducer) {
    throw Error{ErrorCode::limit_exceeded,
                "the producer has as many taps as it may have",
                {{"limit", TapHandle::kMaxOfProducer}}};
  }
  if (context.taps[producer.worker().value()] >= TapHandle::kMaxOfWorker) {
    throw Error{ErrorCode::limit_exceeded,
                "the producer's worker has as many taps as it may have",
                {{"limit", TapHandle::kMaxOfWorker}}};
  }
}

std::optional<LayerPosition> limit_of(const std::optional<PreferredLayers>& most) {
  if (!most) return std::nullopt;
  return LayerPosition{most->spatial, most->temporal.value_or(kEveryLayer.temporal)};
}

std::string current_plugin() {
  const auto scope = CallbackScope::current();
  return scope == nullptr ? std::string{} : scope->name();
}

}  // namespace

TapHandle::TapHandle(std::shared_ptr<EngineContext> context, ProducerHandle& producer, const TapOptions& options)
    : context_{std::move(context)},
      producer_{&producer},
      key_{context_->new_key()},
      worker_{producer.worker()},
      kind_{producer.kind()},
      id_{context_->new_id()},
      producer_id_{producer.id()},
      plugin_{current_plugin()},
      paused_{options.paused} {
  demand_room(*context_, producer);
  ortc::NegotiatedConsumer negotiated = negotiate(*context_, producer);
  parameters_ = std::move(negotiated.parameters);
  queue_ = std::make_shared<TapQueue>(options.queue_bytes);
  producer.add_tap(*this);
  ++context_->taps[worker_.value()];
  RtpConsumer::Spec spec{.key = key_,
                         .kind = kind_,
                         .mapping = std::move(negotiated.mapping),
                         .clock_rate = parameters_.codecs.front().clock_rate,
                         .cname = parameters_.rtcp.cname.value_or(""),
                         .first = context_->new_numbers(),
                         .paused = paused_,
                         .preferred = kind_ == MediaKind::video ? limit_of(options.preferred_layers) : std::nullopt,
                         .insists = true};
  context_->post(worker_, [producer = producer.key(), spec = std::move(spec), queue = queue_](WorkerCore& core,
                                                                                              Instant now) mutable {
    core.tap(producer, std::move(spec), std::move(queue), now);
  });
}

TapHandle::~TapHandle() { close(); }

void TapHandle::close() {
  if (closed()) return;
  std::exchange(producer_, nullptr)->remove_tap(*this);
  --context_->taps[worker_.value()];
  context_->post(worker_, [key = key_](WorkerCore& core, Instant) { core.taps().close(key); });
}

void TapHandle::producer_ended() {
  close();
  context_->loop.post([this, alive = std::weak_ptr{alive_}] {
    if (!alive.expired() && on_closed_) std::exchange(on_closed_, nullptr)();
  });
}

void TapHandle::set_paused(bool paused) {
  if (closed() || paused_ == paused) return;
  paused_ = paused;
  context_->post(worker_,
                 [key = key_, paused](WorkerCore& core, Instant now) { core.taps().set_paused(key, paused, now); });
}

void TapHandle::request_key_frame() {
  if (closed()) return;
  context_->post(worker_, [key = key_](WorkerCore& core, Instant now) { core.taps().request_keyframe(key, now); });
}

void TapHandle::on_closed(Function<void()> callback) {
  on_closed_ = in_current_scope<>("tap closed", std::move(callback));
}

}  // namespace sluice
