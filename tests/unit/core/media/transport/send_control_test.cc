#include "core/media/transport/send_control.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "core/media/bwe/transport_feedback.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = Instant{} + 1h;

/// Drives it as a transport does.
struct Sender {
  explicit Sender(std::uint32_t seed) : random{seed} {}

  std::uint32_t below(std::uint32_t bound) { return random() % bound; }

  void send(PacePriority priority, std::size_t bytes) {
    if (priority == PacePriority::padding || control.may_send(priority, now)) {
      return control.on_sent(priority, TransportSequence{next++}, bytes, now);
    }
    static_cast<void>(control.push(priority, std::vector<std::uint8_t>(bytes), now));
  }
  /// What MediaTransport::handle_timeout does with it.
  void meet_deadline() {
    control.handle_timeout(now);
    if (control.share_due(now)) share();
    if (!has_path) return control.clear();
    while (const auto packet = control.poll(now)) {
      control.on_released(TransportSequence{next++}, packet->size(), now);
    }
    for (std::size_t due = control.padding_due(now); due > 0 && has_padding; due = control.padding_due(now)) {
      send(PacePriority::padding, std::min<std::size_t>(due, 255));
    }
  }
  void share() {
    std::vector<AllocationRequest>& requests = control.new_requests();
    for (std::uint32_t i = 0; i < consumers; ++i) requests.push_back({.layers = layers});
    static_cast<void>(control.share(now));
  }
  /// Of all that was sent since the last time, each packet with the same delay, or lost.
  void hear_feedback(std::uint32_t lost_of_ten) {
    for (; reported != next; ++reported) {
      if (below(10) >= lost_of_ten) arrivals.on_packet(TransportSequence{reported}, now);
    }
    std::array<std::uint8_t, 1200> buffer;
    RtcpBuilder out{buffer};
    constexpr std::size_t kHeader = 12;
    if (!arrivals.write(out, Ssrc{1}, Ssrc{2})) return;
    control.handle_transport_feedback(out.bytes().subspan(kHeader), now);
  }

  std::mt19937 random;
  Instant now = t0;
  SendControl::Shared shared{.config = {}};
  SendControl control{shared, t0};
  TransportFeedback arrivals;
  std::array<LayerRate, 2> layers{LayerRate{.layer = {0, 0}, .rate = DataRate::kbps(150)},
                                  LayerRate{.layer = {1, 0}, .rate = DataRate::kbps(900)}};
  std::uint32_t consumers = 1;
  std::uint16_t next = 65'000;
  std::uint16_t reported = 65'000;
  bool has_path = true;
  bool has_padding = true;
};

}  // namespace

TEST_CASE("a deadline that is met lies behind, whatever happens") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Sender sender{seed};
    const Instant end = t0 + 60s;
    std::size_t deadlines = 0;
    while (sender.now < end) {
      const Instant due = sender.control.next_timeout().value();
      const Instant event = sender.now + std::chrono::microseconds{sender.below(20'000)};
      if (due <= event) {
        sender.now = std::max(sender.now, due);
        // A share may call for a probe, and that begins with the next round.
        for (int rounds = 0; sender.control.next_timeout().value() <= sender.now; ++rounds) {
          REQUIRE(rounds < 3);
          sender.meet_deadline();
        }
        ++deadlines;
        continue;
      }
      sender.now = event;
      switch (sender.below(40)) {
        case 0:
          sender.control.handle_remb(DataRate::kbps(50 + sender.below(5000)), sender.now);
          break;
        case 1:
          sender.control.handle_report(sender.below(100) / 100.0, sender.below(300) * 1ms, sender.now);
          break;
        case 2:
          if (sender.below(5) == 0) sender.has_path = !sender.has_path;
          if (sender.has_path) sender.control.handle_new_path(sender.now);
          break;
        case 3:
          sender.has_padding = sender.below(2) == 0;
          break;
        case 4:
          sender.consumers = sender.below(4);
          sender.control.share_soon(sender.now);
          break;
        case 5:
          for (int i = 0; i < 50; ++i) sender.send(PacePriority::video, 1200);
          break;
        case 6:
        case 7:
        case 8:
          sender.hear_feedback(sender.below(3));
          break;
        case 9:
          sender.send(PacePriority::retransmission, 1200);
          break;
        default:
          if (sender.has_path) sender.send(sender.below(3) == 0 ? PacePriority::audio : PacePriority::video, 600);
      }
    }
    CHECK(deadlines < 60'000 / 2);  // not more often than the pacer's tick and what else is due
  }
}

}  // namespace sluice
