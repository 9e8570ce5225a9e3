#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sluice/media_stats.h"

namespace sluice::analytics {

/// What the counters of one participant's streams have grown by since they were looked at last.
class StreamCounters {
 public:
  static constexpr std::size_t kMostStreams = 32;  ///< of one participant; more are not looked at

  struct Growth {
    std::int64_t packets = 0;  ///< that came
    std::int64_t lost = 0;     ///< negative: more came late than were lost
    [[nodiscard]] std::int64_t expected() const noexcept { return packets + lost; }
  };

  /// Nothing where the stream is new, or its counters have begun again.
  [[nodiscard]] std::optional<Growth> look_at(const RtpStreamStats& stream);
  /// All streams of this second have been looked at: others are gone.
  void end_second();

 private:
  struct Seen {
    Ssrc ssrc{};
    std::uint64_t packets = 0;
    std::uint64_t lost = 0;
    bool now = true;
  };
  std::vector<Seen> seen_;
};

}  // namespace sluice::analytics
