#include "core/media/bwe/bandwidth_estimator.h"

#include <algorithm>

#include "core/media/bwe/acknowledged_rate.h"
#include "core/media/bwe/arrival_groups.h"
#include "core/media/bwe/feedback_silence.h"
#include "core/media/bwe/loss_control.h"
#include "core/media/bwe/overuse_detector.h"
#include "core/media/bwe/probe_controller.h"
#include "core/media/bwe/probe_estimator.h"
#include "core/media/bwe/queue_delay.h"
#include "core/media/bwe/queue_drain.h"
#include "core/media/bwe/rate_control.h"
#include "core/media/bwe/receiver_bounds.h"
#include "core/media/bwe/trendline.h"

namespace sluice {

namespace {

constexpr double kRoundTripWeight = 0.125;  // of a new sample, as TCP has it (RFC 6298)
constexpr Duration kAssumedRoundTrip = std::chrono::milliseconds{100};
constexpr Duration kMaxRoundTrip = std::chrono::seconds{10};
constexpr double kSilenceDecrease = 0.8;
constexpr double kPathChanged = 0.5;
/// Of the rate that filled a link: what remains lets the queue of the probe empty.
constexpr double kProbeUse = 0.95;
/// A probe that took so many times as long to arrive as to leave has filled the link.
constexpr double kProbeFull = 1.1;
/// The same for a probe that only confirms: a link with room lets all of it through.
constexpr double kConfirmFull = 1.05;
/// Loss in a probe beyond the inherent one that means so, too: one packet of five may be chance.
constexpr double kProbeLoss = 0.25;
/// Of what a probe found on a link that others fill, too, this part is taken.
constexpr double kSharedRise = 0.5;
/// Times the estimate: others have so much more than we that it is worth asking again soon.
constexpr double kMuchMore = 1.3;
constexpr Duration kStale = std::chrono::seconds{1};  // an overuse that is older than this is over
constexpr double kDrop = 0.9;                         // a decrease below this part of what was is worth a recovery

/// For so long after overuse no probe finds more than the capacity that overuse has shown.
constexpr Duration kFresh = std::chrono::seconds{4};
/// From a probe that raised the bound of losses to the next one.
/// Of the estimate: who sends less does not use it.
constexpr double kInUse = 0.75;
/// What the delay does for so long after a probe was reported is its own queue, which goes away by itself.
constexpr Duration kProbeSettle = std::chrono::milliseconds{300};
constexpr Duration kLiftPause = std::chrono::milliseconds{700};

}  // namespace

/// The parts, and what goes from one to the next.
class BandwidthEstimator::Impl {
 public:
  Impl(const Config& config, Instant now) noexcept
      : config_{config}, rate_{config.start, config.min, config.max, now}, estimate_{rate_.rate()} {}

  void on_sent(Instant now) noexcept { silence_.on_sent(now); }
  void on_feedback(const FeedbackResults& feedback, Instant now) noexcept;
  void on_remb(DataRate rate, Instant now) noexcept;
  void on_report(double fraction_lost, Duration round_trip, Instant now) noexcept;
  void set_wanted(DataRate rate) noexcept { wanted_ = rate; }
  void on_path_changed(Instant now) noexcept;

  [[nodiscard]] DataRate estimate() const noexcept { return estimate_; }
  [[nodiscard]] std::optional<Duration> round_trip() const noexcept { return round_trip_; }
  [[nodiscard]] double loss() const noexcept { return answered_ ? loss_.loss() : reported_loss_; }
  [[nodiscard]] bool overused() const noexcept {
    return (detector_.usage() == PathUsage::overuse || queue_.surging()) && !only_probed();
  }
  [[nodiscard]] BandwidthTrace trace() const noexcept;

  std::optional<ProbeCluster> poll_probe(Instant now) noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

 private:
  void take_packet(const PacketResult& packet) noexcept;
  void take_delay(const PacketResult& packet) noexcept;
  void take_round_trip(Duration sample) noexcept;
  void take_probe_result(Instant now) noexcept;
  [[nodiscard]] DataRate fresh_limit(Instant now) const noexcept;
  void control(Instant now) noexcept;
  void combine(Instant now) noexcept;
  [[nodiscard]] std::optional<DataRate> without_inherent_loss(std::optional<DataRate> rate) const noexcept;
  [[nodiscard]] ProbeSituation situation() const noexcept;
  /// Media alone is far below the estimate: what grew the queue was the probe.
  [[nodiscard]] bool only_probed() const noexcept {
    if (!probed_at_ || feedback_at_ - *probed_at_ >= kProbeSettle) return false;
    const auto acknowledged = acknowledged_.over(AcknowledgedRate::kLong);
    return acknowledged && *acknowledged < estimate_ * kInUse;
  }
  [[nodiscard]] Duration assumed_round_trip() const noexcept { return round_trip_.value_or(kAssumedRoundTrip); }

  Config config_;
  DataRate wanted_;
  bool answered_ = false;  // transport-wide feedback has come
  std::optional<Duration> round_trip_;
  double reported_loss_ = 0;

  ArrivalGroups groups_;
  Trendline trendline_;
  OveruseDetector detector_;
  AcknowledgedRate acknowledged_;
  QueueDelay queue_;
  QueueDrain drain_;
  RateControl rate_;
  LossControl loss_;
  ReceiverBounds receiver_;
  std::optional<DataRate> remb_;  // that stood when the parts were last combined
  FeedbackSilence silence_;
  ProbeController probes_;
  ProbeEstimator probe_;
  std::uint8_t last_probe_ = 0;  // of the packet before
  std::optional<Instant> overused_at_;
  std::optional<Instant> probed_at_;  // a probe's packets were last reported
  Instant feedback_at_{};
  DataRate estimate_;
};

void BandwidthEstimator::Impl::on_feedback(const FeedbackResults& feedback, Instant now) noexcept {
  if (feedback.packets.empty()) return;
  answered_ = true;
  feedback_at_ = now;
  probes_.on_feedback();
  silence_.on_feedback();
  if (feedback.round_trip > Duration::zero()) take_round_trip(feedback.round_trip);
  for (const PacketResult& packet : feedback.packets) take_packet(packet);
  queue_.end_message();
  control(now);
  combine(now);
  take_probe_result(now);
  combine(now);
}

void BandwidthEstimator::Impl::take_packet(const PacketResult& packet) noexcept {
  // What a probe loses it has brought upon itself.
  if (packet.late) {
    loss_.on_late();
  } else if (packet.probe == 0) {
    packet.arrived ? loss_.on_arrived() : loss_.on_lost();
  }
  probe_.on_packet(packet);
  if (!packet.arrived) return;
  acknowledged_.on_arrival(*packet.arrived, packet.bytes);
  queue_.on_packet(packet.sent, *packet.arrived);
  take_delay(packet);
}

/// A probe fills the queue on purpose: its own delays, and the step to those after it, are left out.
void BandwidthEstimator::Impl::take_delay(const PacketResult& packet) noexcept {
  if (packet.probe != last_probe_) {
    groups_.reset();
    detector_.forget_overuse();
  }
  last_probe_ = packet.probe;
  if (packet.probe != 0) {
    probed_at_ = feedback_at_;
    return;
  }
  const auto delta = groups_.on_packet(packet.sent, *packet.arrived);
  if (groups_.take_broken()) {
    trendline_.reset();
    detector_.reset();
    queue_.reset();
  }
  if (!delta) return;
  trendline_.on_delta(*delta);
  detector_.on_trend({.trend = trendline_.value(),
                      .sent = delta->sent,
                      .arrival = delta->arrival,
                      .standing_queue = queue_.standing()});
}

void BandwidthEstimator::Impl::take_round_trip(Duration sample) noexcept {
  const Duration bounded = std::min(sample, kMaxRoundTrip);
  if (!round_trip_) round_trip_ = bounded;
  const double change = static_cast<double>((bounded - *round_trip_).count()) * kRoundTripWeight;
  round_trip_ = *round_trip_ + Duration{static_cast<Duration::rep>(change)};
}

/// What would have arrived if the path did not lose a share of everything.
std::optional<DataRate> BandwidthEstimator::Impl::without_inherent_loss(std::optional<DataRate> rate) const noexcept {
  if (!rate) return std::nullopt;
  return *rate * (1 / (1 - loss_.inherent()));
}

void BandwidthEstimator::Impl::control(Instant now) noexcept {
  const auto acknowledged = acknowledged_.over(AcknowledgedRate::kLong);
  if (overused()) {
    probes_.on_overuse(estimate_, now);
    overused_at_ = now;
  }
  rate_.update({.usage = overused() ? PathUsage::overuse : detector_.usage(),
                .acknowledged = without_inherent_loss(acknowledged),
                .throughput = without_inherent_loss(acknowledged_.over(AcknowledgedRate::kShort)),
                .round_trip = assumed_round_trip(),
                .bounded = estimate_ < rate_.rate()},
               now);
  loss_.update({.estimate = estimate_,
                .acknowledged = acknowledged,
                .round_trip = assumed_round_trip(),
                .queue = queue_.value(),
                .overused = overused()},
               now);
  if (rate_.take_capacity_risen()) probes_.on_capacity_risen(now);
  const auto before = rate_.take_decreased_from();
  drain_.update(queue_.value(), now);
  if (before)
    drain_.on_decrease(rate_.rate() * (1 / RateControl::kDecrease), queue_.value(), assumed_round_trip(), now);
  if (before && rate_.rate() < *before * kDrop) probes_.on_drop(*before, now);
}

void BandwidthEstimator::Impl::take_probe_result(Instant now) noexcept {
  const auto result = probe_.take_result();
  if (!result) return;
  const double excess = std::max(result->loss - loss_.inherent(), 0.0);
  const double limit = probes_.confirming() ? kConfirmFull : kProbeFull;
  const bool held_up = result->stretch > limit && result->received * limit < result->sent;
  const bool full = held_up || excess > kProbeLoss;
  const DataRate through = (full ? std::min(result->received, result->sent) : result->sent) * (1 - excess);
  const DataRate found = full ? through * kProbeUse : through;
  if (overused()) return probes_.on_result(ProbeVerdict::nothing, now);
  if (const DataRate most = fresh_limit(now); found > most) {
    rate_.set_rate(full ? std::min(rate_.rate(), most) : std::max(rate_.rate(), most), now);
    return probes_.wait_until(*overused_at_ + kFresh);
  }
  const bool more = found > estimate_;
  const bool bounded = estimate_ < rate_.rate();  // by something else than the delay
  if (!full) {
    if (more) rate_.set_rate(std::max(rate_.rate(), found), now);
    const bool lifted = loss_.on_probe(found);
    // With a bound of losses that has risen: on, but not at once, for what it would lose shows after a round trip.
    if (bounded && lifted) return probes_.wait_until(now + kLiftPause);
    const bool further = more && !bounded && !probes_.confirming();
    return probes_.on_result(further ? ProbeVerdict::more : ProbeVerdict::full, now);
  }
  if (bounded) return probes_.on_result(ProbeVerdict::full, now);
  if (more && !probes_.confirming()) return probes_.confirm(found, now);
  if (more) {
    const bool little = found < estimate_ * kMuchMore;
    rate_.set_rate(estimate_ + (found - estimate_) * kSharedRise, now);
    return probes_.on_result(little ? ProbeVerdict::shared : ProbeVerdict::shared_more, now);
  }
  rate_.on_capacity(through, now);
  rate_.set_rate(std::min(rate_.rate(), found), now);
  probes_.on_result(ProbeVerdict::full, now);
}

/// What was too much a moment ago still is: that there is room now is because all that share the link have stepped
/// back.
DataRate BandwidthEstimator::Impl::fresh_limit(Instant now) const noexcept {
  const bool fresh = overused_at_ && now - *overused_at_ < kFresh;
  return fresh && rate_.capacity() ? *rate_.capacity() : config_.max;
}

void BandwidthEstimator::Impl::combine(Instant now) noexcept {
  DataRate rate = rate_.rate();
  remb_ = receiver_.remb(now);
  if (!answered_) {
    rate = remb_.value_or(rate);
    rate = std::min(rate, receiver_.by_reports().value_or(rate));
  } else {
    rate = std::min({rate, drain_.bound().value_or(rate), loss_.bound().value_or(rate), remb_.value_or(rate)});
  }
  estimate_ = std::clamp(rate, config_.min, config_.max);
}

void BandwidthEstimator::Impl::on_remb(DataRate rate, Instant now) noexcept {
  receiver_.on_remb(rate, now);
  combine(now);
}

void BandwidthEstimator::Impl::on_report(double fraction_lost, Duration round_trip, Instant now) noexcept {
  if (answered_) return;
  take_round_trip(round_trip);
  reported_loss_ = fraction_lost;
  receiver_.on_report(fraction_lost, estimate_, now);
  combine(now);
}

void BandwidthEstimator::Impl::on_path_changed(Instant now) noexcept {
  rate_.reset(estimate_ * kPathChanged, now);
  round_trip_.reset();
  groups_.reset();
  trendline_.reset();
  detector_.reset();
  overused_at_.reset();
  acknowledged_.reset();
  queue_.reset();
  drain_.reset();
  loss_.reset();
  receiver_.reset();
  silence_.reset();
  probes_.restart();
  probe_ = ProbeEstimator{};
  combine(now);
}

ProbeSituation BandwidthEstimator::Impl::situation() const noexcept {
  return {.estimate = estimate_,
          .wanted = wanted_,
          .max = config_.max,
          .round_trip = assumed_round_trip(),
          .overused = overused()};
}

std::optional<ProbeCluster> BandwidthEstimator::Impl::poll_probe(Instant now) noexcept {
  if (answered_ && silence_.take_step(assumed_round_trip(), now)) {
    probes_.on_drop(rate_.rate(), now);
    probes_.on_overuse(estimate_, now);
    rate_.set_rate(estimate_ * kSilenceDecrease, now);
    combine(now);
  }
  if (now - feedback_at_ > kStale) {
    detector_.forget_overuse();
    queue_.forget_surge();
  }
  const auto cluster = probes_.poll(situation(), now);
  if (cluster) probe_.begin(*cluster);
  return cluster;
}

std::optional<Instant> BandwidthEstimator::Impl::next_timeout() const noexcept {
  const auto probe = probes_.next_timeout(situation());
  const auto silence = answered_ ? silence_.next_timeout(assumed_round_trip()) : std::nullopt;
  if (!probe || !silence) return probe ? probe : silence;
  return std::min(*probe, *silence);
}

BandwidthTrace BandwidthEstimator::Impl::trace() const noexcept {
  return {.by_delay = rate_.rate(),
          .by_loss = loss_.bound(),
          .by_receiver = remb_,
          .acknowledged = acknowledged_.over(AcknowledgedRate::kLong),
          .capacity = rate_.capacity(),
          .trend = trendline_.value(),
          .threshold = detector_.threshold(),
          .inherent_loss = loss_.inherent()};
}

BandwidthEstimator::BandwidthEstimator(const Config& config, Instant now)
    : impl_{std::make_unique<Impl>(config, now)} {}
BandwidthEstimator::~BandwidthEstimator() = default;

void BandwidthEstimator::on_sent(std::size_t /*bytes*/, Instant now) noexcept { impl_->on_sent(now); }
void BandwidthEstimator::on_feedback(const FeedbackResults& feedback, Instant now) noexcept {
  impl_->on_feedback(feedback, now);
}
void BandwidthEstimator::on_remb(DataRate rate, Instant now) noexcept { impl_->on_remb(rate, now); }
void BandwidthEstimator::on_report(double fraction_lost, Duration round_trip, Instant now) noexcept {
  impl_->on_report(fraction_lost, round_trip, now);
}
void BandwidthEstimator::set_wanted(DataRate rate, Instant /*now*/) noexcept { impl_->set_wanted(rate); }
void BandwidthEstimator::on_path_changed(Instant now) noexcept { impl_->on_path_changed(now); }

DataRate BandwidthEstimator::estimate() const noexcept { return impl_->estimate(); }
std::optional<Duration> BandwidthEstimator::round_trip() const noexcept { return impl_->round_trip(); }
double BandwidthEstimator::loss() const noexcept { return impl_->loss(); }
bool BandwidthEstimator::overused() const noexcept { return impl_->overused(); }
BandwidthTrace BandwidthEstimator::trace() const noexcept { return impl_->trace(); }
std::optional<ProbeCluster> BandwidthEstimator::poll_probe(Instant now) noexcept { return impl_->poll_probe(now); }
std::optional<Instant> BandwidthEstimator::next_timeout() const noexcept { return impl_->next_timeout(); }

}  // namespace sluice
