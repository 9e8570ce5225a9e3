#include "tests/congestion/tcp_flow.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"

namespace sluice::congestion {

using simulation::Address;

TcpFlow::TcpFlow(simulation::SimulatedNetwork& network, const Config& config)
    : network_{network}, config_{config}, log_{config.base_delay} {
  network_.attach(config_.sender, {.handle_datagram = [this](Address, Bytes ack,
                                                             Instant now) { handle_ack(ByteReader{ack}.u32(), now); },
                                   .next_timeout = [this] { return deadline(); },
                                   .handle_timeout = [this](Instant now) { handle_timeout(now); }});
  network_.attach(config_.receiver, {.handle_datagram =
                                         [this](Address, Bytes segment, Instant now) {
                                           log_.arrived(ByteReader{segment}.u32(), now);
                                           network_.send(config_.receiver, config_.sender, segment.first(kAck));
                                         },
                                     .next_timeout = {},
                                     .handle_timeout = {}});
}

TcpFlow::~TcpFlow() {
  network_.detach(config_.sender);
  network_.detach(config_.receiver);
}

void TcpFlow::start(std::optional<std::size_t> bytes) {
  left_ = bytes ? std::optional{(*bytes + kSegment - 1) / kSegment} : std::nullopt;
  in_flight_.clear();
  recovery_end_ = next_;
  window_ = kInitialWindow;
  threshold_ = 1e9;
  max_window_ = 0;
  timeout_ = std::chrono::seconds{1};
  send_more();
}

void TcpFlow::send_more() {
  while (left_.value_or(1) > 0 && static_cast<double>(in_flight_.size()) < window_) {
    std::array<std::uint8_t, kSegment> segment{};
    ByteWriter{segment}.u32(next_);
    log_.sent(segment.size(), network_.now());  // its number is next_
    in_flight_.emplace(next_++, network_.now());
    if (left_) --*left_;
    network_.send(config_.sender, config_.receiver, segment);
  }
}

void TcpFlow::give_back(std::size_t segments) noexcept {
  if (left_) *left_ += segments;
}

void TcpFlow::handle_ack(std::uint32_t number, Instant now) {
  const auto found = in_flight_.find(number);
  if (found == in_flight_.end()) return;
  take_round_trip(now - found->second);
  in_flight_.erase(found);
  grow(now);
  find_lost(number, now);
  send_more();
}

// RFC 6298 section 2, simplified: the variance is taken as a half.
void TcpFlow::take_round_trip(Duration sample) noexcept {
  smoothed_ = smoothed_ == Duration::zero() ? sample : smoothed_ + (sample - smoothed_) / 8;
  timeout_ = std::max(kMinTimeout, smoothed_ * 3);
}

void TcpFlow::grow(Instant now) noexcept {
  if (window_ < threshold_) {
    window_ += 1;
    return;
  }
  // RFC 9438 sections 4.2 and 4.3.
  const double elapsed = std::chrono::duration<double>(now - epoch_).count();
  const double k = std::cbrt(max_window_ * (1 - kBeta) / kCubic);
  const double cubic = kCubic * std::pow(elapsed - k, 3) + max_window_;
  reno_window_ += 3 * (1 - kBeta) / (1 + kBeta) / window_;
  const double target = std::clamp(cubic, window_, 1.5 * window_);
  window_ = std::max(window_ + (target - window_) / window_, reno_window_);
}

void TcpFlow::find_lost(std::uint32_t acknowledged, Instant now) {
  bool is_new = false;
  while (!in_flight_.empty() && in_flight_.begin()->first + kReordering <= acknowledged) {
    is_new = is_new || in_flight_.begin()->first >= recovery_end_;
    in_flight_.erase(in_flight_.begin());
    give_back(1);
  }
  if (is_new) shrink(now);
}

void TcpFlow::shrink(Instant now) noexcept {
  recovery_end_ = next_;
  max_window_ = window_;
  window_ = std::max(2.0, window_ * kBeta);
  threshold_ = reno_window_ = window_;
  epoch_ = now;
}

std::optional<Instant> TcpFlow::deadline() const noexcept {
  return in_flight_.empty() ? std::nullopt : std::optional{in_flight_.begin()->second + timeout_};
}

void TcpFlow::handle_timeout(Instant now) {
  give_back(in_flight_.size());
  in_flight_.clear();
  shrink(now);
  window_ = 1;
  timeout_ = std::min<Duration>(timeout_ * 2, std::chrono::seconds{10});
  send_more();
}

}  // namespace sluice::congestion
