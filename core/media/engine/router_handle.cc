#include "core/media/engine/router_handle.h"

#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/engine/transport_handle.h"
#include "core/media/ortc/negotiation.h"
#include "core/media/sdp/negotiation.h"

namespace sluice {

RouterHandle::RouterHandle(const std::shared_ptr<EngineContext>& context, std::shared_ptr<GatherFull> gather)
    : state_{std::make_shared<RouterState>(RouterState{context, context->new_id(), {}, {}})},
      gather_{std::move(gather)} {}

RouterHandle::~RouterHandle() {
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

}  // namespace sluice
