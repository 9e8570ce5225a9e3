#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/media/layers/packet_layers.h"
#include "core/media/rtp/sender_clock.h"
#include "core/media/rtp/sequence_number.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

/// Gives the packets of changing sources one gapless numbering and one clock, as a receiver expects of one SSRC, and
/// the pictures of VP8 and VP9 one gapless count.
///
/// Losses and reordering of the source stay visible, so that the receiver can tell them from what was never meant for
/// it: what is left out on purpose (drop(), a pause, another source) leaves no gap. Remembers for a moment how numbers
/// were given, in both directions: for source packets that come late, and to send packets again.
/// @note Allocates once, when the first packet is left out.
class SequenceRewriter {
 public:
  struct Numbers {
    RtpSequence sequence;
    RtpTimestamp timestamp;
    friend bool operator==(const Numbers&, const Numbers&) = default;
  };

  /// Packets in a row whose numbers were rewritten alike, with those that may still come late between them.
  struct Run {
    std::uint32_t timestamp_offset = 0;  ///< outgoing minus incoming, as all offsets
    std::uint16_t sequence_offset = 0;
    std::uint16_t picture_offset = 0;  ///< of PictureNumbers::id
    RtpSequence first{};               ///< of the source
    std::uint16_t length = 0;          ///< in numbers; of the run under way not kept
    std::uint8_t tl0_offset = 0;       ///< of PictureNumbers::tl0_index
    std::uint8_t encoding = 0;         ///< of the source
    LayerPosition position{};          ///< layers that were sent

    [[nodiscard]] Numbers apply(Numbers in) const noexcept {
      return {RtpSequence{static_cast<std::uint16_t>(in.sequence.value() + sequence_offset)},
              RtpTimestamp{in.timestamp.value() + timestamp_offset}};
    }
  };
  /// What went out under a number.
  struct Origin {
    RtpSequence sequence;  ///< of the source
    Run run;               ///< how to write it again
  };
  struct Incoming {
    Numbers numbers;
    std::uint32_t clock_rate = 0;  ///< Hz
    std::uint8_t encoding = 0;
    LayerPosition position = kEveryLayer;
    PictureNumbers pictures{};
  };

  enum class Clock : std::uint8_t {
    continues,  ///< the source is the one of the run before: its own timestamps go on counting
    another
  };

  /// Runs that are remembered beside the one under way: with a layer left out in every second picture, of two seconds.
  static constexpr std::size_t kRuns = 64;
  /// Packets that come later than this behind the newest are not sent, nor sent again: no receiver waits so long.
  static constexpr std::int32_t kMaxReorder = 4096;

  /// Where the numbering begins; random, RFC 3550 section 5.1.
  explicit SequenceRewriter(Numbers first) noexcept : next_{first} {}

  /// The next packet begins a new run.
  void begin_run(Clock clock) noexcept;
  /// The next packet is of another encoding of the same sender. `ahead`: ticks that the same moment is later by the
  /// clock of the old encoding than by that of the new one, see ticks_ahead(); none: it is not known.
  void change_encoding(std::optional<std::uint32_t> ahead) noexcept;
  /// The source is another one: what was remembered of its numbers is of no use.
  void forget() noexcept;
  /// The same of one encoding, whose sender began a new numbering.
  void forget(std::uint8_t encoding) noexcept;
  /// Leaves out the next number, for the receiver to notice that something is missing. Before begin_run().
  void skip_number() noexcept { next_.sequence = advance(next_.sequence, 1); }

  /// Not newer than what was seen of the run's source: it comes late, and find() says what it would have become.
  [[nodiscard]] bool is_behind(std::uint8_t encoding, RtpSequence sequence) const noexcept {
    return in_run_ && encoding == run_.encoding && !is_newer(sequence, newest_);
  }
  /// The run that a packet which comes late belongs to. Null: it was left out, or is too old. Until the next call that
  /// is not const.
  [[nodiscard]] const Run* find(std::uint8_t encoding, RtpSequence sequence) const noexcept;

  /// The next packet to send, one that is not behind.
  [[nodiscard]] const Run& next(const Incoming& in, Instant now) noexcept;
  /// A packet that is not sent on purpose.
  void drop(std::uint8_t encoding, RtpSequence sequence, const PictureNumbers& pictures) noexcept;

  /// Of the run under way, or of the last one.
  [[nodiscard]] std::uint8_t encoding() const noexcept { return run_.encoding; }
  /// What takes moments by its source's clock into the outgoing one.
  [[nodiscard]] std::uint32_t clock_offset() const noexcept { return natural_offset_.value_or(run_.timestamp_offset); }
  /// None: nothing, or too long ago.
  [[nodiscard]] std::optional<Origin> origin_of(RtpSequence outgoing) const noexcept;

 private:
  using Runs = std::array<Run, kRuns>;

  void start_run(const Incoming& in, Instant now) noexcept;
  void split(std::int32_t length, RtpSequence next_first) noexcept;
  void keep(std::int32_t length) noexcept;
  void follow_natural_clock(RtpTimestamp timestamp) noexcept;
  [[nodiscard]] std::uint32_t offset_of_new_clock(const Incoming& in, Instant now) noexcept;
  void note_picture(const PictureNumbers& pictures) noexcept;
  [[nodiscard]] bool recent(RtpSequence outgoing) const noexcept;

  Run run_;  // the one under way, or the last one
  bool in_run_ = false;
  bool started_ = false;
  bool has_picture_ = false;
  Clock clock_ = Clock::another;
  RtpSequence newest_;  // of the source: sent or left out
  Numbers next_;        // sequence: one after the newest sent; timestamp: the newest sent
  Instant newest_sent_at_{};
  std::optional<std::uint32_t> ahead_;           // of the clock of a new encoding
  std::optional<std::uint32_t> natural_offset_;  // wanted as timestamp_offset, once it does not turn time back
  std::uint16_t picture_seen_ = 0;               // of the source
  std::uint16_t picture_sent_ = 0;
  std::uint8_t tl0_sent_ = 0;
  std::uint32_t run_count_ = 0;  // ever; the newest stands at (run_count_ - 1) % kRuns
  std::unique_ptr<Runs> runs_;
};

/// By how many ticks of `clock_rate` the timestamp of one moment by `from`'s clock exceeds that by `to`'s, modulo 2^32.
/// Both are clocks of one sender, which share its wall clock.
[[nodiscard]] std::uint32_t ticks_ahead(const SenderClock& from, const SenderClock& to,
                                        std::uint32_t clock_rate) noexcept;

}  // namespace sluice
