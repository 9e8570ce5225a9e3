#include "core/media/bwe/pacer.h"

#include <algorithm>
#include <cmath>
#include <new>

namespace sluice {

namespace {

// Audio and packets that waited their time are sent into a full bucket. Beyond its size again that is forgotten, or
// video would pay for it long after; two packets always fit, or a bucket smaller than a packet would forget most of
// each.
constexpr double kMinDebt = 3000;

// What a full packet weighs: the time of a probe is that of its bytes or that of its packets, whichever is longer.
constexpr std::size_t kProbePacket = 1200;

double bytes_per_ns(DataRate rate) { return static_cast<double>(rate.bps()) / 8e9; }
double ns(Duration duration) { return static_cast<double>(duration.count()); }

}  // namespace

void Pacer::set_rate(DataRate rate, Instant now) noexcept {
  advance(now);
  if (rate == rate_) return;
  rate_ = rate;
  use_rate();
}

void Pacer::start_probe(const ProbeCluster& probe, Instant now) noexcept {
  advance(now);
  if (probe.rate.is_zero() || pending_count_ == kMaxProbes) return;
  pending_[pending_count_++] = probe;
  if (!probing_) begin_probe(now);
}

bool Pacer::may_send(PacePriority priority, Instant now) noexcept {
  advance(now);
  if (priority == PacePriority::audio) return true;
  if (!has_budget()) return false;
  if (!waiting_) return true;
  return waiting_->retransmissions.empty() && (priority == PacePriority::retransmission || waiting_->video.empty());
}

void Pacer::on_sent(std::size_t bytes, Instant now) noexcept {
  advance(now);
  count(bytes);
}

bool Pacer::push(PacePriority priority, Bytes packet, Instant now) noexcept {
  advance(now);
  if (!waiting_) waiting_.reset(new (std::nothrow) Waiting);
  const bool pushed = waiting_ && packet.size() <= PacketQueue::kMaxPacket && make_room(packet.size()) &&
                      (priority == PacePriority::video ? waiting_->video : waiting_->retransmissions).push(packet, now);
  if (!pushed) {
    ++dropped_;
    emptied_ = now;
    return false;
  }
  // At this rate what stands behind everything else leaves in time. The rate stays until the queue is empty.
  const DataRate needed = DataRate::of(queued_bytes(), kMaxWait);
  if (needed > catch_up_) {
    catch_up_ = needed;
    use_rate();
  }
  return true;
}

std::optional<MutableBytes> Pacer::poll(Instant now) noexcept {
  advance(now);
  PacketQueue* const queue = next_queue(now);
  if (!queue) {
    asked_ = now;
    return std::nullopt;
  }
  const MutableBytes packet = queue->pop();
  count(packet.size());
  if (queued_packets() == 0) {
    emptied_ = now;
    catch_up_ = {};
    use_rate();
  }
  return packet;
}

std::size_t Pacer::padding_due(Instant now) noexcept {
  advance(now);
  asked_ = now;
  if (!probing_ || queued_packets() != 0 || level_ > padding_threshold()) return 0;
  const auto missing = std::max(static_cast<std::size_t>(limit_ - level_), std::size_t{1});
  // All bytes may have left before all packets.
  return probe_.bytes == 0 ? missing : std::min(missing, std::max(probe_.bytes, kMinPadding));
}

std::optional<Instant> Pacer::next_timeout() const noexcept {
  if (!probing_ && pending_count_ != 0) return updated_;
  std::optional<Instant> due;
  if (queued_packets() != 0) {
    due = std::max(when_below(limit_), asked_ + kTick);
    if (!waiting_->video.empty()) due = std::min(*due, waiting_->video.waiting_since() + kMaxWait);
    if (!waiting_->retransmissions.empty()) {
      due = std::min(*due, waiting_->retransmissions.waiting_since() + kMaxWait);
    }
  } else if (probing_) {
    due = std::max(when_below(padding_threshold()), asked_ + kTick);
  }
  return probing_ ? std::min(*due, probe_deadline_) : due;
}

void Pacer::clear() noexcept {
  if (waiting_) {
    waiting_->retransmissions.clear();
    waiting_->video.clear();
  }
  emptied_ = updated_;
  pending_count_ = 0;
  probe_id_ = 0;
  probing_ = false;
  catch_up_ = {};
  use_rate();
  level_ = 0;
}

std::size_t Pacer::queued_packets() const noexcept {
  return waiting_ ? waiting_->retransmissions.packets() + waiting_->video.packets() : 0;
}

std::size_t Pacer::queued_bytes() const noexcept {
  return waiting_ ? waiting_->retransmissions.bytes() + waiting_->video.bytes() : 0;
}

void Pacer::advance(Instant now) noexcept {
  if (now > updated_) {
    level_ = std::max(0.0, level_ - drain_ * ns(now - updated_));
    updated_ = now;
  }
  if (probing_ && now >= probe_deadline_) {
    probing_ = false;
    use_rate();
  }
  if (!probing_ && probe_id_ != 0) probe_id_ = 0;
  if (!probing_ && pending_count_ != 0) begin_probe(now);
  if (waiting_ && now - emptied_ > kKeepMemory && queued_packets() == 0) waiting_.reset();
}

// A bucket that was so full stays so full: what it holds is time.
void Pacer::use_rate() noexcept {
  const DataRate base = probing_ ? probe_.rate : rate_;
  drain_ = bytes_per_ns(std::max(base, catch_up_));
  // A queue that is drained much faster than the rate must get out between two deadlines what that takes.
  const double limit = std::max(bytes_per_ns(base) * ns(kBurst), drain_ * ns(2 * kTick));
  level_ = limit_ > 0 ? level_ * (limit / limit_) : 0;
  limit_ = limit;
}

void Pacer::count(std::size_t bytes) noexcept {
  level_ = std::min(level_ + static_cast<double>(bytes), limit_ + std::max(limit_, kMinDebt));
  if (!probing_) return;
  probe_.bytes -= std::min(probe_.bytes, bytes);
  probe_.packets -= std::min(probe_.packets, std::size_t{1});
  if (probe_.bytes != 0 || probe_.packets != 0) return;
  probing_ = false;  // its id stands until the next call: this packet still belongs to it
  use_rate();
}

void Pacer::begin_probe(Instant now) noexcept {
  probe_ = pending_.front();
  std::shift_left(pending_.begin(), pending_.end(), 1);
  --pending_count_;
  probing_ = true;
  probe_id_ = probe_.id;
  const Duration fed = probe_.rate.time_for(std::max(probe_.bytes, probe_.packets * kProbePacket));
  probe_deadline_ = now + std::min(std::min(fed, kMaxProbe) * 2 + kProbeGrace, kMaxProbe);
  use_rate();
  // Even from its first packet on: the bucket is full, but for what leaves between two deadlines.
  level_ = std::max(level_, limit_ - drain_ * ns(kTick));
}

// Room for one more: of what waits, the oldest video is worth the least. False: no video waits.
bool Pacer::make_room(std::size_t bytes) noexcept {
  while (queued_packets() >= kMaxPackets || queued_bytes() + bytes > kMaxBytes) {
    if (waiting_->video.empty()) return false;
    static_cast<void>(waiting_->video.pop());
    ++dropped_;
  }
  return true;
}

PacketQueue* Pacer::next_queue(Instant now) noexcept {
  if (queued_packets() == 0) return nullptr;
  const auto overdue = [now](const PacketQueue& queue) {
    return !queue.empty() && now - queue.waiting_since() >= kMaxWait;
  };
  // Retransmissions without end do not hold video up without end.
  if (overdue(waiting_->video)) return &waiting_->video;
  if (overdue(waiting_->retransmissions)) return &waiting_->retransmissions;
  if (!has_budget()) return nullptr;
  return waiting_->retransmissions.empty() ? &waiting_->video : &waiting_->retransmissions;
}

double Pacer::padding_threshold() const noexcept { return std::max(limit_ - static_cast<double>(kMinPadding), 0.0); }

Instant Pacer::when_below(double level) const noexcept {
  if (rate_.is_zero() && !probing_) return updated_;
  if (level_ < level || drain_ <= 0) return updated_;
  return updated_ + Duration{static_cast<Duration::rep>(std::ceil((level_ - level) / drain_)) + 1};
}

}  // namespace sluice
