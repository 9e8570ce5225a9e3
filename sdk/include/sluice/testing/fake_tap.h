#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/taps.h"

namespace sluice::testing {

/// Gives what the test has entered, on any thread that the test's own is ordered with.
class FakeTapReader final : public TapReader {
 public:
  struct Entered {
    std::vector<std::uint8_t> rtp;
    Instant arrival;
    std::optional<TappedClock> clock{};
  };
  [[nodiscard]] std::optional<TappedPacket> next() override {
    if (waiting.empty()) return std::nullopt;
    current_ = std::move(waiting.front());
    waiting.pop_front();
    return TappedPacket{.rtp = current_.rtp, .arrival = current_.arrival, .clock = current_.clock};
  }
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return lost; }

  std::deque<Entered> waiting;
  std::uint64_t lost = 0;

 private:
  Entered current_;
};

/// A tap whose packets are what the test enters.
class FakeTap final : public Tap {
 public:
  using Living = std::map<std::string, FakeTap*>;

  /// Enters itself into `living`, and strikes itself out.
  FakeTap(Living& living, std::string id, MediaKind kind, RtpParameters parameters, TapOptions asked)
      : options(std::move(asked)),
        living_{living},
        id_{std::move(id)},
        kind_{kind},
        parameters_(std::move(parameters)) {
    paused_ = options.paused;
    living_[id_] = this;
  }
  ~FakeTap() override { living_.erase(id_); }
  FakeTap(const FakeTap&) = delete;
  FakeTap& operator=(const FakeTap&) = delete;

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::string& producer_id() const noexcept override { return options.producer_id; }
  [[nodiscard]] MediaKind kind() const noexcept override { return kind_; }
  [[nodiscard]] const RtpParameters& rtp_parameters() const noexcept override { return parameters_; }
  [[nodiscard]] std::shared_ptr<TapReader> reader() const override { return packets; }
  void pause() override { paused_ = true; }
  void resume() override { paused_ = false; }
  [[nodiscard]] bool paused() const noexcept override { return paused_; }
  void request_key_frame() override { ++key_frame_requests; }
  [[nodiscard]] bool closed() const noexcept override { return closed_; }
  void on_closed(Function<void()> callback) override { on_closed_ = std::move(callback); }

  /// A packet arrives; dropped while the tap is paused.
  void enter(std::vector<std::uint8_t> rtp, Instant arrival, std::optional<TappedClock> clock = std::nullopt) {
    if (!paused_ && !closed_) packets->waiting.push_back({std::move(rtp), arrival, clock});
  }
  /// The producer is gone.
  void end() {
    closed_ = true;
    if (on_closed_) std::exchange(on_closed_, nullptr)();
  }

  TapOptions options;
  int key_frame_requests = 0;
  std::shared_ptr<FakeTapReader> packets = std::make_shared<FakeTapReader>();

 private:
  Living& living_;
  std::string id_;
  MediaKind kind_;
  RtpParameters parameters_;
  bool paused_ = false;
  bool closed_ = false;
  Function<void()> on_closed_;
};

}  // namespace sluice::testing
