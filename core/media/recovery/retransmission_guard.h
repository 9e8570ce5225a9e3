#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "sluice/data_rate.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// Decides for one consumer which of the packets that its client asks for are sent again. A NACK of a few bytes may ask
/// for many packets: without a guard a client, broken or hostile, could make us send without end.
///
/// No packet goes twice within a round trip, since what was sent is still under way; and all together take no more than
/// a share of what the media takes. Sans I/O. @note Worker thread only; memory is taken with the first NACK.
class RetransmissionGuard {
 public:
  /// A packet is not sent again sooner, however short the round trip.
  static constexpr Duration kMinInterval = std::chrono::milliseconds{15};
  /// Of the media's rate. A path that loses more needs less media, not more retransmissions.
  static constexpr double kShare = 0.5;
  /// At least this much: of a stream that sends little, everything may be asked for.
  static constexpr DataRate kMinRate = DataRate::kbps(64);
  /// What was not used is saved up for so long: a path that was gone for a moment loses everything of that moment.
  static constexpr Duration kBurst = std::chrono::seconds{1};

  struct Request {
    RtpSequence sequence;   ///< as the client asked for it
    std::size_t bytes = 0;  ///< that sending it takes
  };
  struct Path {
    Duration round_trip{};
    DataRate media;  ///< what the consumer is sent, without retransmissions
  };
  struct Counters {
    std::uint64_t allowed = 0;
    std::uint64_t too_soon = 0;
    std::uint64_t too_much = 0;
  };

  /// Whether to send it again now; counted as sent then.
  [[nodiscard]] bool allow(const Request& request, const Path& path, Instant now);
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  /// More than a client has under way within a round trip. What shares its place with a newer one is forgotten, and
  /// then only the rate holds it back.
  static constexpr std::size_t kRemembered = 256;
  struct Sent {
    RtpSequence sequence;
    Instant at;  // Instant{}: none
  };

  void refill(DataRate media, Instant now) noexcept;

  std::unique_ptr<std::array<Sent, kRemembered>> sent_;
  double budget_ = 0;  // bytes
  Instant refilled_at_{};
  Counters counters_;
};

}  // namespace sluice
