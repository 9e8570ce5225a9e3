#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sluice/time.h"

namespace sluice::livestream {

struct BackoffOptions {
  std::chrono::milliseconds first{500};        ///< doubled each time
  std::chrono::milliseconds most{4'000};       ///< while the trouble is young
  std::chrono::milliseconds most_old{30'000};  ///< afterwards
  std::chrono::seconds young{60};
  std::chrono::seconds good{10};  ///< of sending: then the trouble is over
};

/// When to try a server again.
class Backoff {
 public:
  /// @param seed  Of the jitter, up to 20 % less: others that failed at the same time are not to come back so.
  Backoff(const BackoffOptions& options, std::uint64_t seed) : options_{options}, state_{seed} {}

  /// It is sent to.
  void on_live(Instant now) noexcept { live_since_ = now; }
  /// It failed, connecting or sending. @return how long to wait.
  [[nodiscard]] std::chrono::milliseconds on_failure(Instant now) noexcept;

 private:
  [[nodiscard]] std::chrono::milliseconds jittered(std::chrono::milliseconds delay) noexcept;

  BackoffOptions options_;
  std::uint64_t state_;  // of the jitter
  std::optional<Instant> live_since_;
  std::optional<Instant> trouble_since_;
  std::chrono::milliseconds next_{};
};

}  // namespace sluice::livestream
