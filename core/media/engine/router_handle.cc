#include "core/media/engine/router_handle.h"

#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/tap_handle.h"
#include "core/media/engine/transport_handle.h"
#include "core/media/ortc/negotiation.h"
#include "core/media/sdp/negotiation.h"

namespace sluice {

RouterHandle::RouterHandle(const std::shared_ptr<EngineContext>& context, std::shared_ptr<GatherFull> gather)
    : state_{std::make_shared<RouterState>(
          RouterState{context, context->new_id(), {}, {}, {}, std::make_shared<RouterSpeakers>(context->loop), {}})},
      gather_{std::move(gather)} {
  if (const auto scope = CallbackScope::current()) state_->plugin = scope->name();
}

RouterHandle::~RouterHandle() {
  state_->speakers->forget_callbacks();
  const auto forgotten = std::exchange(state_->gathering, {});  // what the callbacks own may call back
}

const RtpCapabilities& RouterHandle::rtp_capabilities() const noexcept { return state_->context->capabilities; }

bool RouterHandle::can_consume(const std::string& producer_id, const RtpCapabilities& capabilities) const {
  const auto found = state_->producers.find(producer_id);
  return found != state_->producers.end() && ortc::can_consume(found->second->negotiated().consumable, capabilities);
}

void RouterHandle::create_transport(Function<void(std::unique_ptr<Transport>)> ready) {
  if (*gather_) {
    // Comes back later, from the control loop: in the scope of who asked.
    auto scoped = in_current_scope<std::unique_ptr<Transport>>("transport ready", std::move(ready));
    return (*gather_)(state_, std::move(scoped));
  }
  EngineContext& context = *state_->context;
  WorkerPlace place{state_->context};
  const WorkerIndex worker = place.worker();
  const TransportKey key{context.new_key()};
  IceCredentials credentials = context.new_ice_credentials();
  TransportHandle::Spec spec{
      .key = key,
      .place = std::move(place),
      .ice_parameters = {.username_fragment = credentials.ufrag, .password = credentials.pwd, .ice_lite = true},
      .ice_candidates = context.candidates[worker.value()],
      .full_ice = nullptr};
  const MediaTransport::Spec media{.key = key, .rtcp_ssrc = context.new_ssrc()};
  context.post(worker, [media, credentials = std::move(credentials)](WorkerCore& core, Instant now) mutable {
    core.open(media, std::move(credentials), now);
  });
  ready(std::make_unique<TransportHandle>(state_, std::move(spec)));
}

std::unique_ptr<SdpSession> RouterHandle::create_sdp_session(Transport& transport) {
  return std::make_unique<sdp::Negotiation>(transport, rtp_capabilities());
}

std::unique_ptr<Tap> RouterHandle::tap(const TapOptions& options) {
  const auto found = state_->producers.find(options.producer_id);
  if (found == state_->producers.end()) throw Error{ErrorCode::not_found, "there is no such producer in this router"};
  return std::make_unique<TapHandle>(state_->context, *found->second, options);
}

void RouterHandle::on_dominant_speaker(Function<void(const SpeakerLevel&)> callback) {
  state_->speakers->on_dominant(in_current_scope<const SpeakerLevel&>("dominant speaker", std::move(callback)));
}

void RouterHandle::on_audio_levels(Duration interval, Function<void(const std::vector<SpeakerLevel>&)> callback) {
  state_->speakers->on_levels(interval,
                              in_current_scope<const std::vector<SpeakerLevel>&>("audio levels", std::move(callback)));
}

void RouterHandle::on_loudest(std::size_t count, Function<void(const std::string&, bool)> callback) {
  state_->speakers->on_loudest(count,
                               in_current_scope<const std::string&, bool>("loudest speakers", std::move(callback)));
}

}  // namespace sluice
