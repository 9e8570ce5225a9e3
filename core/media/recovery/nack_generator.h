#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/media/rtp/rtp_stream_receiver.h"
#include "sluice/media_types.h"
#include "sluice/time.h"

namespace sluice {

struct NackGeneratorConfig {
  /// What is missing may only have been overtaken: so long is waited for it before it is asked for.
  Duration reorder_allowance = std::chrono::milliseconds{5};
  /// What comes later than that after its neighbours is of no use to anybody.
  Duration max_age = std::chrono::seconds{1};
  /// Requests for one packet, the first included.
  unsigned max_attempts = 10;

  /// Sound is not held back for long.
  [[nodiscard]] static constexpr NackGeneratorConfig audio() noexcept {
    return {.max_age = std::chrono::milliseconds{300}, .max_attempts = 4};
  }
};

struct NackCounters {
  std::uint64_t packets = 0;    ///< asked for
  std::uint64_t requests = 0;   ///< the same, counting every repetition
  std::uint64_t recovered = 0;  ///< of those asked for: came, by RTX or late
  std::uint64_t given_up = 0;   ///< of those missing: too old, or asked for too often
  std::uint64_t overflows = 0;  ///< times that more was missing than can be asked for
};

/// Which packets of one received stream to ask for again, and when: RFC 4585 section 6.2.1.
///
/// A gap is asked for after a short allowance for reordering, then again each time that an answer should have been
/// here, until it comes, is too old, or was asked for too often. The list is bounded; what is more is a break of the
/// stream, for which a key frame is the cheaper remedy.
///
/// Sans I/O. @note Worker thread only; memory is taken with the first gap, and grows to its bound at most.
class NackGenerator {
 public:
  static constexpr std::size_t kMaxMissing = 512;
  /// Between two requests for a packet: a round trip and a margin, within these.
  static constexpr Duration kMinRetry = std::chrono::milliseconds{20};
  static constexpr Duration kMaxRetry = std::chrono::milliseconds{500};

  explicit NackGenerator(const NackGeneratorConfig& config = {}) noexcept : config_{config} {}

  /// A packet came, and the stream's receiver said where it stands.
  void on_packet(RtpSequence sequence, PacketOrder order, Instant now);
  /// RTX brought it.
  void on_repaired(RtpSequence sequence) noexcept { take_off(sequence); }
  /// A key frame begins here: what was lost before it is still asked for, but can be done without.
  void on_keyframe(RtpSequence sequence) noexcept;
  /// Nobody waits for anything.
  void reset() noexcept;

  /// Call at next_timeout(): the packets to ask for now, oldest first; again while it fills `out`.
  /// @param round_trip  To the sender, as far as is known.
  std::size_t poll(Instant now, Duration round_trip, std::span<RtpSequence> out) noexcept;
  /// True once when something was given up that no key frame has made up for: the stream cannot be decoded on.
  [[nodiscard]] bool take_break() noexcept;
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept { return deadline_; }

  [[nodiscard]] std::size_t missing() const noexcept { return missing_.size(); }
  [[nodiscard]] const NackCounters& counters() const noexcept { return counters_; }

 private:
  struct Missing {
    RtpSequence sequence;
    unsigned attempts = 0;
    Instant since;
    Instant due;
  };

  void add_gap(RtpSequence until, Instant now);
  void take_off(RtpSequence sequence) noexcept;
  void give_up(const Missing& missing) noexcept;
  [[nodiscard]] bool is_over(const Missing& missing, Instant now) const noexcept;
  [[nodiscard]] std::int64_t position_of(RtpSequence sequence) const noexcept;

  NackGeneratorConfig config_;
  std::optional<RtpSequence> newest_;
  std::int64_t newest_position_ = 0;               // the same, not wrapping
  std::optional<std::int64_t> keyframe_position_;  // where the newest key frame begins
  std::vector<Missing> missing_;                   // in the order of their numbers
  std::optional<Instant> deadline_;
  bool broken_ = false;
  NackCounters counters_;
};

}  // namespace sluice
