#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "core/media/transport/rtp_source.h"
#include "core/media/transport/rtp_tap.h"

namespace sluice {

/// The taps on producers of one worker. They live where their producer does, so that no packet crosses to another
/// worker for them. @note Worker thread only. Commands about a tap that has closed are ignored.
class WorkerTaps {
 public:
  /// From now on the queue gets the source's packets, unless the tap begins paused.
  void open(RtpConsumer::Spec spec, std::shared_ptr<TapQueue> queue, RtpSource& source, Instant now);
  void close(ConsumerKey key);
  void set_paused(ConsumerKey key, bool paused, Instant now);
  void request_keyframe(ConsumerKey key, Instant now);

  [[nodiscard]] std::size_t size() const noexcept { return taps_.size(); }
  /// Packets that found their queue full, of all taps that there have been: never falls.
  [[nodiscard]] std::uint64_t dropped() const noexcept;

 private:
  std::unordered_map<ConsumerKey, std::unique_ptr<RtpTap>> taps_;
  std::uint64_t dropped_by_closed_ = 0;
};

}  // namespace sluice
