#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <random>

#include "sluice/data_rate.h"
#include "sluice/time.h"

namespace sluice::testing {

using namespace std::chrono_literals;

/// One link that several flows share: a rate, a queue that drops at its end, and random loss behind it.
class Bottleneck {
 public:
  struct Packet {
    int flow = 0;
    std::uint64_t id = 0;
    std::size_t bytes = 0;
    Instant entered{};
  };
  struct Config {
    DataRate rate;
    Duration queue = 300ms;  ///< at the link's rate
    double loss = 0;         ///< random, behind the queue
    Duration jitter{};       ///< up to so much more, without reordering
  };
  /// When it has left the link; the delay of the path comes on top.
  using Deliver = std::function<void(const Packet&, Instant)>;
  using Lose = std::function<void(const Packet&)>;

  Bottleneck(const Config& config, std::uint32_t seed) : config_{config}, random_{seed} {}

  void send(const Packet& packet, const Lose& lose) {
    if (queued_bytes_ + packet.bytes > config_.rate.bytes_in(config_.queue)) {
      ++dropped_;
      return lose(packet);
    }
    queued_bytes_ += packet.bytes;
    queue_.push_back(packet);
  }

  void run_until(Instant now, const Deliver& deliver, const Lose& lose) {
    while (!queue_.empty()) {
      const Packet& head = queue_.front();
      const Instant begin = std::max(free_at_, head.entered);
      const Instant end = begin + config_.rate.time_for(head.bytes);
      if (end > now) return;
      const Packet packet = head;
      queue_.pop_front();
      queued_bytes_ -= packet.bytes;
      free_at_ = end;
      carried_bytes_ += packet.bytes;
      if (std::uniform_real_distribution<>{}(random_) < config_.loss) {
        lose(packet);
        continue;
      }
      last_out_ = std::max(last_out_, end + jitter());
      deliver(packet, last_out_);
    }
  }

  void set_rate(DataRate rate) { config_.rate = rate; }
  void set_loss(double loss) { config_.loss = loss; }
  [[nodiscard]] DataRate rate() const { return config_.rate; }
  [[nodiscard]] Duration queue_delay() const { return config_.rate.time_for(queued_bytes_); }
  [[nodiscard]] std::uint64_t carried_bytes() const { return carried_bytes_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  Duration jitter() {
    if (config_.jitter == Duration::zero()) return {};
    return Duration{std::uniform_int_distribution<Duration::rep>{0, config_.jitter.count()}(random_)};
  }

  Config config_;
  std::mt19937 random_;
  std::deque<Packet> queue_;
  std::size_t queued_bytes_ = 0;
  Instant free_at_{};
  Instant last_out_{};
  std::uint64_t carried_bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace sluice::testing
