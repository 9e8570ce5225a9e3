#pragma once

#include <algorithm>
#include <deque>

#include "tests/unit/core/media/bwe/bottleneck.h"

namespace sluice::testing {

/// A long transfer by TCP, as far as a queue can tell: a window that doubles, then grows by a packet in a round trip,
/// and is halved by a loss.
class TcpFlow {
 public:
  static constexpr int kNumber = 1000;
  static constexpr std::size_t kPacket = 1200;

  explicit TcpFlow(Duration one_way) : one_way_{one_way} {}

  template <class Send>
  void tick(Instant now, const Send& send) {
    while (!signals_.empty() && signals_.front().at <= now) {
      signals_.front().lost ? on_loss(now) : on_ack();
      signals_.pop_front();
    }
    while (static_cast<double>(in_flight_) < window_) {
      ++in_flight_;
      send(Bottleneck::Packet{kNumber, 0, kPacket, now});
    }
  }
  /// The packet has left the link, or was dropped; the sender hears of it on the way back.
  void delivered(Instant at) {
    delivered_bytes_ += kPacket;
    signal(at, false);
  }
  void lost(Instant at) { signal(at, true); }
  [[nodiscard]] std::uint64_t delivered_bytes() const { return delivered_bytes_; }

 private:
  struct Signal {
    Instant at{};
    bool lost = false;
  };
  void signal(Instant at, bool lost) {
    last_signal_ = std::max(last_signal_, at + 2 * one_way_);
    signals_.push_back({last_signal_, lost});
  }
  void on_ack() {
    --in_flight_;
    window_ += window_ < threshold_ ? 1 : 1 / window_;
  }
  void on_loss(Instant now) {
    --in_flight_;
    if (now < recovered_at_) return;
    recovered_at_ = now + 2 * one_way_ + 300ms;
    window_ = threshold_ = std::max(window_ / 2, 2.0);
  }

  Duration one_way_;
  double window_ = 10;
  double threshold_ = 1e9;
  std::size_t in_flight_ = 0;
  Instant recovered_at_{};
  Instant last_signal_{};
  std::deque<Signal> signals_;
  std::uint64_t delivered_bytes_ = 0;
};

}  // namespace sluice::testing
