#include "core/media/engine/transport_handle.h"

#include <algorithm>
#include <utility>

#include "core/control/callback_scope.h"
#include "core/media/dtls/fingerprint.h"
#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/full_ice_connection.h"
#include "core/media/engine/keep_callback.h"
#include "core/media/engine/producer_handle.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/validate.h"
#include "core/media/rtp/demux.h"

namespace sluice {

namespace {

std::vector<Fingerprint> parse_fingerprints(const DtlsParameters& parameters) {
  std::vector<Fingerprint> parsed;
  for (const DtlsFingerprint& fingerprint : parameters.fingerprints) {
    if (const auto value = Fingerprint::parse(fingerprint.algorithm, fingerprint.value)) parsed.push_back(*value);
  }
  return parsed;
}

// RFC 8842 section 5.3: the peer's role decides ours; one that leaves it open gets the passive side.
DtlsRole our_role(DtlsRole theirs) { return theirs == DtlsRole::server ? DtlsRole::client : DtlsRole::server; }

bool names_own(const DtlsParameters& theirs, const DtlsParameters& ours) {
  const auto own = parse_fingerprints(ours);
  const auto named = parse_fingerprints(theirs);
  return std::ranges::any_of(
      named, [&](const Fingerprint& fingerprint) { return std::ranges::find(own, fingerprint) != own.end(); });
}

void demand_room(std::size_t count, std::size_t limit, const std::string& what) {
  if (count < limit) return;
  throw Error{ErrorCode::limit_exceeded, "the transport carries as many " + what + " as it may", {{"limit", limit}}};
}

static_assert(TransportHandle::kMaxProducers * ortc::kMaxEncodings <= RtpDemuxer::kMaxStreams);

}  // namespace

TransportHandle::TransportHandle(std::shared_ptr<RouterState> router, Spec spec)
    : router_{std::move(router)},
      spec_{std::move(spec)},
      id_{router_->context->new_id()},
      birth_{router_->context->new_birth()} {
  router_->context->transports.emplace(spec_.key, this);
  router_->transports.push_back(this);
}

TransportHandle::~TransportHandle() {
  EngineContext& context = *router_->context;
  context.transports.erase(spec_.key);
  std::erase(router_->transports, this);
  end_media();
  context.post(worker(), [key = spec_.key](WorkerCore& core, Instant now) { core.close(key, now); });
}

void TransportHandle::end_media() {
  for (ConsumerHandle* consumer : std::exchange(consumers_, {})) {
    consumer->forget_transport();
    consumer->end(ConsumerEnd::transport_closed);
  }
  for (ProducerHandle* producer : std::exchange(producers_, {})) {
    producer->forget_transport();
    producer->end();
  }
}

void TransportHandle::end(std::string_view reason) {
  if (state_ == TransportState::closed) return;
  end_media();
  // Before the worker tells the same, which knows no reason.
  router_->context->loop.post([this, reason = std::string{reason}, alive = std::weak_ptr{alive_}] {
    if (!alive.expired()) state_changed(TransportState::closed, reason);
  });
  router_->context->post(worker(), [key = spec_.key](WorkerCore& core, Instant now) { core.close(key, now); });
}

const DtlsParameters& TransportHandle::dtls_parameters() const noexcept { return router_->context->dtls_parameters; }

void TransportHandle::demand_open() const {
  if (state_ == TransportState::closed || state_ == TransportState::failed) {
    throw Error{ErrorCode::conflict, "the transport is closed"};
  }
}

void TransportHandle::connect(const ConnectOptions& options) {
  demand_open();
  if (peer_) throw Error{ErrorCode::conflict, "the transport is connected already"};
  ortc::validate(options.dtls_parameters);
  if (names_own(options.dtls_parameters, dtls_parameters())) {
    throw Error{ErrorCode::invalid_payload,
                "dtlsParameters.fingerprints names the gateway's own certificate",
                {{"path", "dtlsParameters.fingerprints"}}};
  }
  if (spec_.full_ice != nullptr) spec_.full_ice->connect(options);
  const DtlsRole role = our_role(options.dtls_parameters.role);
  auto fingerprints = parse_fingerprints(options.dtls_parameters);
  const auto strongest = strongest_acceptable(fingerprints);
  peer_ = Peer{.role = role, .fingerprint_algorithm = std::string{strongest ? to_string(*strongest) : ""}};
  router_->context->post(worker(), [key = spec_.key, role, fingerprints = std::move(fingerprints)](
                                       WorkerCore& core, Instant now) { core.connect(key, role, fingerprints, now); });
}

const IceParameters& TransportHandle::restart_ice() {
  demand_open();
  if (spec_.full_ice != nullptr) {
    throw Error{ErrorCode::unsupported, "an ICE restart is not offered with full ICE: make a new transport"};
  }
  IceCredentials credentials = router_->context->new_ice_credentials();
  spec_.ice_parameters.username_fragment = credentials.ufrag;
  spec_.ice_parameters.password = credentials.pwd;
  router_->context->post(
      worker(), [key = spec_.key, credentials = std::move(credentials)](WorkerCore& core, Instant now) mutable {
        core.restart_ice(key, std::move(credentials), now);
      });
  return spec_.ice_parameters;
}

void TransportHandle::add_ice_candidate(const IceCandidate& candidate) {
  demand_open();
  ortc::validate(candidate);
  if (spec_.full_ice != nullptr) spec_.full_ice->add_candidate(candidate);
}

std::unique_ptr<Producer> TransportHandle::produce(const ProduceOptions& options) {
  demand_open();
  demand_room(producers_.size(), kMaxProducers, "producers");
  EngineContext& context = *router_->context;
  auto negotiated = ortc::negotiate_producer(
      options.kind, options.rtp_parameters, context.capabilities, [&context] { return context.new_ssrc(); }, id_);
  const ProducerKey key{context.new_key()};
  names_.claim(key, options.rtp_parameters);
  auto producer = std::make_unique<ProducerHandle>(router_, *this,
                                                   ProducerHandle::Spec{.key = key,
                                                                        .transport = spec_.key,
                                                                        .worker = worker(),
                                                                        .kind = options.kind,
                                                                        .rtp_parameters = options.rtp_parameters,
                                                                        .negotiated = std::move(negotiated),
                                                                        .paused = options.paused,
                                                                        .speaks = options.speaks});
  producers_.push_back(producer.get());
  return producer;
}

std::unique_ptr<Consumer> TransportHandle::consume(const ConsumeOptions& options) {
  demand_open();
  ProducerHandle* producer = nullptr;
  if (!options.producer_id.empty()) {
    const auto found = router_->producers.find(options.producer_id);
    if (found == router_->producers.end()) {
      throw Error{ErrorCode::not_found, "there is no such producer in this router"};
    }
    producer = found->second;
  } else if (!options.kind) {
    throw Error{ErrorCode::invalid_payload, "kind is missing: a consumer without a producer needs it"};
  }
  demand_room(consumers_.size(), kMaxConsumers, "consumers");
  auto negotiated = negotiate(options, producer);
  ConsumerHandle::Spec spec{.key = ConsumerKey{router_->context->new_key()},
                            .transport = spec_.key,
                            .worker = worker(),
                            .kind = producer != nullptr ? producer->kind() : *options.kind,
                            .negotiated = std::move(negotiated),
                            .paused = options.paused};
  auto consumer = std::make_unique<ConsumerHandle>(router_, *this, producer, std::move(spec));
  consumers_.push_back(consumer.get());
  return consumer;
}

ortc::NegotiatedConsumer TransportHandle::negotiate(const ConsumeOptions& options, const ProducerHandle* producer) {
  EngineContext& context = *router_->context;
  const auto new_ssrc = [&context] { return context.new_ssrc(); };
  const auto mid = Mid::from(options.mid ? *options.mid : next_mid());
  if (!mid) throw Error{ErrorCode::invalid_payload, "mid is empty, or too long for its header extension"};
  if (producer != nullptr) {
    return ortc::negotiate_consumer(producer->negotiated(), options.rtp_capabilities, new_ssrc, {.mid = mid});
  }
  // All slots of a transport are one participant's sight of the room: one CNAME, so that the client keeps them in step.
  return ortc::negotiate_slot(*options.kind, context.capabilities, options.rtp_capabilities, id_, new_ssrc,
                              {.mid = mid});
}

// A MID may be used again long after: eight digits keep it within what a header extension holds.
std::string TransportHandle::next_mid() { return std::to_string(next_mid_++ % 100'000'000); }

void TransportHandle::forget(ProducerHandle& producer) noexcept {
  names_.release(producer.key());
  std::erase(producers_, &producer);
}

void TransportHandle::forget(ConsumerHandle& consumer) noexcept { std::erase(consumers_, &consumer); }

void TransportHandle::on_state(Function<void(TransportState, std::string_view)> callback) {
  on_state_ = in_current_scope<TransportState, std::string_view>("transport state", std::move(callback));
}

void TransportHandle::state_changed(TransportState state, const std::string& reason) {
  if (state_ == TransportState::closed) return;  // it was ended from here
  state_ = state;
  if (history_.size() == kMaxHistory) history_.erase(history_.begin());
  history_.push_back({.state = state, .reason = reason, .at = router_->context->loop.wall_time()});
  router_->context->log.debug("transport state", {{"transport", id_}, {"state", to_json(state)}, {"reason", reason}});
  call_and_keep(on_state_, alive_, state, reason);
}

void TransportHandle::stats(Function<void(TransportStats)> callback) {
  stats_.ask(*router_->context, worker(), in_current_scope<TransportStats>("transport stats", std::move(callback)),
             [key = spec_.key](WorkerCore& core) { return core.transport_stats(key); });
}

}  // namespace sluice
