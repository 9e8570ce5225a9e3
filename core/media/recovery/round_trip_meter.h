#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "core/media/rtp/ntp_time.h"
#include "sluice/time.h"

namespace sluice {

/// The round trip to a client that sends, smoothed. A receiver has no sender reports to be answered; it sends receiver
/// reference times (RFC 3611 section 4.4), whose answers are measured here. Samples from elsewhere may be added.
///
/// Sans I/O. @note Worker thread only.
class RoundTripMeter {
 public:
  /// Until something is measured.
  static constexpr Duration kDefault = std::chrono::milliseconds{100};
  /// Of an answer that comes after so many others, or claims more, nothing is believed.
  static constexpr std::size_t kRemembered = 8;
  static constexpr Duration kLongest = std::chrono::seconds{10};

  /// A reference time leaves.
  void on_sent(NtpTime time, Instant now) noexcept;
  /// Its answer: LRR and DLRR of RFC 3611 section 4.5. One that answers nothing we sent is ignored.
  void on_answer(CompactNtp last, CompactNtp delay, Instant now) noexcept;
  /// Measured in another way.
  void on_sample(Duration round_trip) noexcept;

  [[nodiscard]] std::optional<Duration> measured() const noexcept { return smoothed_; }
  [[nodiscard]] Duration value() const noexcept { return smoothed_.value_or(kDefault); }

 private:
  struct Sent {
    CompactNtp time;
    Instant at;
  };
  std::array<Sent, kRemembered> sent_{};
  std::size_t count_ = 0;  // ever
  std::optional<Duration> smoothed_;
};

}  // namespace sluice
