#include "core/media/engine/engine_context.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/media/engine/consumer_handle.h"
#include "core/media/engine/producer_handle.h"
#include "sluice/error.h"

namespace sluice {

EngineContext::EngineContext(ControlLoop& control, FillRandom fill, Log& logger)
    : loop{control}, random{std::move(fill)}, log{logger} {
  std::array<std::uint8_t, 4> seed{};
  random(seed);
  ssrc_ = ByteReader{seed}.u32();
}

Ssrc EngineContext::new_ssrc() noexcept {
  constexpr std::uint32_t kStep = 0x9e3779b1;  // odd, hence every value comes once in 2^32
  constexpr std::uint32_t kProbator = 1234;
  do {
    ssrc_ += kStep;
  } while (ssrc_ == 0 || ssrc_ == kProbator);
  return Ssrc{ssrc_};
}

SequenceRewriter::Numbers EngineContext::new_numbers() const {
  std::array<std::uint8_t, 6> fill{};
  random(fill);
  ByteReader reader{fill};
  // Were the first packets lost up to the first wrap, the receiver's roll-over counter would be wrong for good: RFC
  // 3711 section 3.3.1. So that is far away.
  const auto sequence = static_cast<std::uint16_t>(reader.u16() & 0x7fff);
  return {RtpSequence{sequence}, RtpTimestamp{reader.u32()}};
}

IceCredentials EngineContext::new_ice_credentials() const {
  // RFC 8445 section 5.3: at least 24 bits of ufrag and 128 of password. The ufrag also finds the transport: more bits
  // keep a worker's thousands apart.
  return {.ufrag = random_token(random, 64), .pwd = random_token(random, 160)};
}

std::string EngineContext::new_id() const { return random_token(random, 120); }

// Each handle is looked up when its turn comes: the callback of one may destroy another.
void EngineContext::tell(const QualityReport& report) {
  for (const QualityReport::Produced& produced : report.produced) {
    if (const auto found = producers.find(produced.producer); found != producers.end()) found->second->tell(produced);
  }
  for (const auto& [consumer, score] : report.consumed) {
    if (const auto found = consumers.find(consumer); found != consumers.end()) found->second->tell(score);
  }
  for (const auto& [consumer, layers] : report.layers) {
    if (const auto found = consumers.find(consumer); found != consumers.end()) found->second->tell(layers);
  }
}

void EngineContext::tell(std::span<const SpeakerReport> reports, Instant now) {
  std::set<std::shared_ptr<RouterSpeakers>> routers;
  for (const SpeakerReport& report : reports) {
    const auto found = producers.find(ProducerKey{report.id.value()});
    // What was on its way when it was paused says nothing any more.
    if (found == producers.end() || found->second->paused()) continue;
    const std::shared_ptr<RouterSpeakers>& speakers = found->second->router_speakers();
    speakers->handle(report, now);
    routers.insert(speakers);
  }
  for (const auto& speakers : routers) speakers->conclude(now);
}

void EngineContext::post(WorkerIndex index, MediaWorker::Task task) const {
  if (!stopped) worker(index).post(std::move(task));
}

WorkerPlace::WorkerPlace(std::shared_ptr<EngineContext> context) : context_{std::move(context)} {
  std::vector<std::size_t>& load = context_->load;
  const auto least = std::ranges::min_element(load);
  if (*least >= context_->max_transports) {
    throw Error{ErrorCode::limit_exceeded,
                "the gateway holds as many transports as it may",
                {{"limit", context_->max_transports * load.size()}}};
  }
  ++*least;
  worker_ = WorkerIndex{static_cast<std::uint8_t>(least - load.begin())};
}

WorkerPlace::~WorkerPlace() {
  if (context_ != nullptr) --context_->load[worker_.value()];
}

}  // namespace sluice
