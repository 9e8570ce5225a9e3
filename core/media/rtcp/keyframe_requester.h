#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// To be sent to the publisher now: PLI, RFC 4585 section 6.3.1.
struct SendPli {
  Ssrc ssrc{};
  friend constexpr bool operator==(SendPli, SendPli) noexcept = default;
};

struct KeyframeRequesterConfig {
  /// Between two requests that were answered: a key frame costs the publisher many times an ordinary one.
  Duration min_interval = std::chrono::milliseconds{500};
  /// How long a key frame may take before it is asked for again: round trip, encoding, and a request lost on the way.
  Duration retry_interval = std::chrono::milliseconds{1000};
  /// PLIs for one request, the first included.
  unsigned max_attempts = 5;
};

/// Asks one producer for key frames on behalf of all its subscribers.
///
/// Requests made while one is under way are merged into it; the PLI is repeated every `retry_interval` until a key
/// frame comes, at most `max_attempts` times. Between PLIs for different requests lies `min_interval` at least.
class KeyframeRequester {
 public:
  explicit KeyframeRequester(Ssrc ssrc, const KeyframeRequesterConfig& config = {}) noexcept
      : ssrc_{ssrc}, config_{config} {}

  /// A subscriber needs a key frame.
  void handle_request(Instant now) noexcept;
  /// A key frame arrived from the producer: whoever waited has what it asked for.
  void handle_keyframe() noexcept;
  /// Call after each handle_*() and at next_timeout(): what is to be sent now.
  [[nodiscard]] std::optional<SendPli> poll(Instant now) noexcept;
  /// When poll() will have something to do; none while nobody waits.
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return deadline_; }
  [[nodiscard]] std::uint64_t plis_sent() const noexcept { return plis_sent_; }

 private:
  Ssrc ssrc_;
  KeyframeRequesterConfig config_;
  std::optional<Instant> deadline_;
  std::optional<Instant> last_sent_;
  unsigned attempts_ = 0;
  std::uint64_t plis_sent_ = 0;
};

}  // namespace sluice
