#pragma once

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "tests/unit/core/media/bwe/media_flow.h"
#include "tests/unit/core/media/bwe/tcp_flow.h"

namespace sluice::testing {

/// What happened in a stretch of time.
struct Stretch {
  double utilisation = 0;  ///< of the link
  Duration queue_p95{};
  double loss = 0;  ///< at the queue's end
  std::vector<double> flow_kbps;
};

/// Flows over one bottleneck in simulated time. With SLUICE_BWE_TRACE=folder in the environment a scenario leaves a CSV
/// there; docs/congestion.md says what is in it.
class ClosedLoop {
 public:
  ClosedLoop(const std::string& name, const Bottleneck::Config& link, const std::vector<MediaFlow::Config>& flows,
             std::uint32_t seed = 7)
      : link_{link, seed} {
    for (const auto& config : flows) {
      flows_.push_back(std::make_unique<MediaFlow>(static_cast<int>(flows_.size()), config, now_));
    }
    if (const char* folder = std::getenv("SLUICE_BWE_TRACE")) {
      trace_.open(std::string{folder} + "/" + name + ".csv");
      trace_ << "ms,flow,link_kbps,queue_ms,estimate,by_delay,by_loss,acknowledged,capacity,trend,threshold,"
                "overused,loss,inherent,probes\n";
    }
  }

  Stretch run(Duration length) {
    const Instant end = now_ + length;
    Marks marks = mark();
    while (now_ < end) step();
    return measure(marks, length);
  }

  [[nodiscard]] MediaFlow& flow(std::size_t number = 0) { return *flows_[number]; }
  void start_tcp(Duration one_way) { tcp_.emplace(one_way); }
  [[nodiscard]] Bottleneck& link() { return link_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] double kbps(std::size_t number = 0) { return flows_[number]->estimator().estimate().kbps(); }
  /// Until the estimate is at `rate`; at most `limit`, which it returns then.
  Duration time_until(DataRate rate, Duration limit) {
    const Instant begin = now_;
    while (kbps() < rate.kbps() && now_ - begin < limit) step();
    return now_ - begin;
  }

 private:
  struct Arrival {
    Instant at{};
    Bottleneck::Packet packet;
    bool operator<(const Arrival& other) const { return at > other.at; }
  };
  struct Marks {
    std::uint64_t carried = 0;
    std::uint64_t dropped = 0;
    std::uint64_t sent = 0;
    std::vector<std::uint64_t> delivered;
  };

  Marks mark() {
    queue_delays_.clear();
    capacity_bytes_ = 0;
    Marks marks{link_.carried_bytes(), link_.dropped(), 0, {}};
    for (const auto& flow : flows_) {
      marks.sent += flow->sent_packets();
      marks.delivered.push_back(flow->delivered_bytes());
    }
    return marks;
  }

  Stretch measure(const Marks& marks, Duration length) {
    Stretch stretch;
    stretch.utilisation = static_cast<double>(link_.carried_bytes() - marks.carried) / capacity_bytes_;
    std::sort(queue_delays_.begin(), queue_delays_.end());
    if (!queue_delays_.empty()) stretch.queue_p95 = queue_delays_[queue_delays_.size() * 95 / 100];
    std::uint64_t sent = 0;
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      sent += flows_[i]->sent_packets();
      stretch.flow_kbps.push_back(DataRate::of(flows_[i]->delivered_bytes() - marks.delivered[i], length).kbps());
    }
    stretch.loss = static_cast<double>(link_.dropped() - marks.dropped) /
                   static_cast<double>(std::max<std::uint64_t>(sent - marks.sent, 1));
    return stretch;
  }

  void step() {
    now_ += MediaFlow::kTick;
    capacity_bytes_ += static_cast<double>(link_.rate().bytes_in(MediaFlow::kTick));
    const auto lose = [this](const Bottleneck::Packet& packet) {
      if (packet.flow == TcpFlow::kNumber) tcp_->lost(now_);
    };
    const auto deliver = [this](const Bottleneck::Packet& packet, Instant at) {
      if (packet.flow == TcpFlow::kNumber) return tcp_->delivered(at);
      queue_delays_.push_back(at - packet.entered);
      arrivals_.push({at + flows_[static_cast<std::size_t>(packet.flow)]->one_way(), packet});
    };
    const auto send = [&](const Bottleneck::Packet& packet) { link_.send(packet, lose); };
    link_.run_until(now_, deliver, lose);
    while (!arrivals_.empty() && arrivals_.top().at <= now_) {
      const Arrival arrival = arrivals_.top();
      arrivals_.pop();
      flows_[static_cast<std::size_t>(arrival.packet.flow)]->arrive(arrival.packet.id, arrival.packet.bytes,
                                                                    arrival.at);
    }
    for (const auto& flow : flows_) {
      flow->run_feedback(now_);
      flow->tick(now_, send);
    }
    if (tcp_) tcp_->tick(now_, send);
    if (trace_.is_open() && ++steps_ % 10 == 0) write_trace();
  }

  void write_trace() {
    const auto kbps = [](const std::optional<DataRate>& rate) { return rate ? rate->kbps() : 0; };
    const auto ms = [](Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); };
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      const BandwidthEstimator& estimator = flows_[i]->estimator();
      const BandwidthTrace trace = estimator.trace();
      trace_ << ms(now_.time_since_epoch()) << ',' << i << ',' << link_.rate().kbps() << ',' << ms(link_.queue_delay())
             << ',' << estimator.estimate().kbps() << ',' << trace.by_delay.kbps() << ',' << kbps(trace.by_loss) << ','
             << kbps(trace.acknowledged) << ',' << kbps(trace.capacity) << ',' << trace.trend << ',' << trace.threshold
             << ',' << estimator.overused() << ',' << estimator.loss() << ',' << trace.inherent_loss << ','
             << flows_[i]->probes() << '\n';
    }
  }

  Instant now_{1h};
  Bottleneck link_;
  std::vector<std::unique_ptr<MediaFlow>> flows_;
  std::optional<TcpFlow> tcp_;
  std::priority_queue<Arrival> arrivals_;
  std::vector<Duration> queue_delays_;
  double capacity_bytes_ = 0;
  std::ofstream trace_;
  int steps_ = 0;
};

}  // namespace sluice::testing
