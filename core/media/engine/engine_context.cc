#include "core/media/engine/engine_context.h"

#include <algorithm>
#include <array>

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

IceCredentials EngineContext::new_ice_credentials() const {
  // RFC 8445 section 5.3: at least 24 bits of ufrag and 128 of password. The ufrag also finds the transport: more bits
  // keep a worker's thousands apart.
  return {.ufrag = random_token(random, 64), .pwd = random_token(random, 160)};
}

std::string EngineContext::new_id() const { return random_token(random, 120); }

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
