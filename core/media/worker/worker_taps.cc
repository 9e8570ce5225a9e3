#include "core/media/worker/worker_taps.h"

#include <utility>

#include "core/media/worker/receive_batch.h"

namespace sluice {

static_assert(TapQueue::kMaxPacket >= ReceiveBatch::kMaxDatagram);

void WorkerTaps::open(RtpConsumer::Spec spec, std::shared_ptr<TapQueue> queue, RtpSource& source, Instant now) {
  const ConsumerKey key = spec.key;
  const auto [tap, is_new] = taps_.emplace(key, std::make_unique<RtpTap>(std::move(spec), std::move(queue)));
  if (is_new) tap->second->consumer().attach(source, now);
}

void WorkerTaps::close(ConsumerKey key) {
  const auto found = taps_.find(key);
  if (found == taps_.end()) return;
  dropped_by_closed_ += found->second->dropped();
  taps_.erase(found);
}

void WorkerTaps::set_paused(ConsumerKey key, bool paused, Instant now) {
  if (const auto found = taps_.find(key); found != taps_.end()) found->second->consumer().set_paused(paused, now);
}

void WorkerTaps::request_keyframe(ConsumerKey key, Instant now) {
  if (const auto found = taps_.find(key); found != taps_.end()) found->second->consumer().request_keyframe(now);
}

std::uint64_t WorkerTaps::dropped() const noexcept {
  std::uint64_t sum = dropped_by_closed_;
  for (const auto& [key, tap] : taps_) sum += tap->dropped();
  return sum;
}

}  // namespace sluice
