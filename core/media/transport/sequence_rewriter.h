#pragma once

#include <cstdint>
#include <optional>

#include "core/media/rtp/sequence_number.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// Gives the packets of changing sources one gapless numbering and one clock, as a receiver expects of one SSRC.
///
/// Within a run of one source, losses and reordering of the source stay visible, so that the receiver can tell them
/// from what was never meant for it. Between runs (a pause, another source) no numbers are missing, and the timestamp
/// moves on by the time that has passed.
class SequenceRewriter {
 public:
  struct Numbers {
    RtpSequence sequence;
    RtpTimestamp timestamp;
    friend bool operator==(const Numbers&, const Numbers&) = default;
  };

  /// Where the numbering begins; random, RFC 3550 section 5.1.
  explicit SequenceRewriter(Numbers first) noexcept : next_{first} {}

  /// The next packet begins a new run.
  void begin_run() noexcept { in_run_ = false; }

  /// What stands in the outgoing packet in place of `in`. None: the packet is older than the run and must not be sent.
  /// @param same_clock  The source is the one of the run before: its own timestamps go on counting.
  [[nodiscard]] std::optional<Numbers> rewrite(Numbers in, std::uint32_t clock_rate, bool same_clock,
                                               Instant now) noexcept;

 private:
  // Packets that come later than this behind the newest are not sent: no receiver waits so long.
  static constexpr std::int32_t kMaxReorder = 4096;

  void start_run(Numbers in, std::uint32_t clock_rate, bool same_clock, Instant now) noexcept;

  bool in_run_ = false;
  bool started_ = false;
  RtpSequence run_start_;              // of the source
  std::uint16_t sequence_offset_ = 0;  // outgoing minus incoming
  std::uint32_t timestamp_offset_ = 0;
  Numbers next_;  // sequence: one after the newest sent; timestamp: the newest sent
  Instant newest_sent_at_{};
};

}  // namespace sluice
