#pragma once

#include <chrono>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/recovery/packet_history.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// What a client without RTX was sent, as it left. SRTP allows no other packet under a number that was used (RFC 7714
/// section 8.1: one nonce, one plaintext), and the header extensions of a second one would differ: so the very datagram
/// goes again. Kept from the client's first NACK on, until it has not asked for long.
/// @note Worker thread only.
class SentCopies {
 public:
  static constexpr Duration kKeptFor = std::chrono::seconds{30};

  SentCopies(MediaKind kind, Instant now) noexcept
      : history_{kind == MediaKind::video ? PacketHistory::kVideo : PacketHistory::kAudio}, asked_at_{now} {}

  void store(Bytes datagram, RtpSequence sequence, Instant now) { history_.store(datagram, sequence, {}, now); }
  /// Borrowed until the next call of store().
  [[nodiscard]] std::optional<Bytes> find(RtpSequence sequence, Instant now) noexcept {
    asked_at_ = now;
    const auto found = history_.find(sequence, now);
    return found ? std::optional{found->packet} : std::nullopt;
  }
  [[nodiscard]] bool unasked(Instant now) const noexcept { return now - asked_at_ >= kKeptFor; }

 private:
  PacketHistory history_;
  Instant asked_at_;
};

}  // namespace sluice
