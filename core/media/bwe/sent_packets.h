#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/media/bwe/bandwidth_estimator.h"
#include "core/media/bwe/feedback_reader.h"
#include "core/media/rtp/header_extension_values.h"
#include "core/media/rtp/sequence_number.h"
#include "sluice/result.h"
#include "sluice/time.h"

namespace sluice {

/// What one transport has sent with transport-wide numbers, until the other end says what became of it.
///
/// Takes no memory before the first packet, 2 kB after it, and more only while more is under way. Sans I/O.
/// @note Worker thread only.
class SentPackets {
 public:
  static constexpr std::size_t kMinCapacity = 256;
  static constexpr std::size_t kMaxCapacity = FeedbackReader::kMaxPackets;
  /// What is older is not waited for.
  static constexpr Duration kMaxAge = std::chrono::seconds{10};
  /// After so long a silence nothing that was sent before it is remembered.
  static constexpr Duration kMaxSilence = std::chrono::minutes{1};
  /// Memory that was not needed for so long is given back.
  static constexpr Duration kShrinkAfter = std::chrono::seconds{10};

  /// Each number once, in ascending order; gaps are allowed.
  ///
  /// @param probe  ProbeCluster::id that the packet belongs to, or 0.
  void on_sent(TransportSequence sequence, std::size_t bytes, std::uint8_t probe, Instant now) noexcept;

  /// What a feedback message tells that was not known before: each packet once as lost, once as arrived. Packets
  /// between the last message and this one that neither covers are lost; but when the numbers of the messages show
  /// that one in between is missing, nobody knows, and they are left out until it comes late.
  ///
  /// @param fci      Feedback control information of a Feedback of kind transport_cc.
  /// @param scratch  Holds the results, valid until its next use; one for a worker will do.
  [[nodiscard]] Result<FeedbackResults, FeedbackError> on_feedback(Bytes fci, std::vector<PacketResult>& scratch,
                                                                   Instant now) noexcept;

  /// Sent, and neither acknowledged nor lost.
  [[nodiscard]] std::size_t bytes_in_flight() const noexcept { return bytes_in_flight_; }
  /// Gives memory back that was not needed for a while: call now and then on a transport that sends nothing.
  void trim(Instant now) noexcept;
  /// The path was replaced: nothing that is under way is waited for.
  void forget_all() noexcept;
  [[nodiscard]] std::size_t capacity() const noexcept { return entries_.size(); }

 private:
  enum class State : std::uint8_t { unused, in_flight, unknown, lost, arrived };
  struct Entry {
    std::uint32_t sent = 0;  // in units of 16 us, the lower 32 bits: nothing is kept for their 19 hours
    std::uint16_t bytes = 0;
    std::uint8_t probe = 0;
    State state = State::unused;
  };
  static_assert(sizeof(Entry) == 8);

  [[nodiscard]] Entry& entry(std::int64_t position) noexcept {
    return entries_[static_cast<std::uint64_t>(position) & (entries_.size() - 1)];
  }
  void start_at(std::int64_t position) noexcept;
  void make_room(Instant now) noexcept;
  void leave_flight(const Entry& entry) noexcept;
  void resize(std::size_t capacity) noexcept;
  void pass_over(std::int64_t until, State state, std::vector<PacketResult>& out, Instant now);
  void mark_lost(std::int64_t first, std::int64_t end, std::vector<PacketResult>& out, Instant now);
  void mark_arrived(std::int64_t position, Instant arrived, FeedbackResults& results, std::vector<PacketResult>& out,
                    Instant now);
  [[nodiscard]] PacketResult result_of(const Entry& entry, Instant now) const noexcept;
  [[nodiscard]] Instant sent_at(const Entry& entry, Instant now) const noexcept;
  [[nodiscard]] Instant reference_of(const FeedbackReader& reader) noexcept;
  [[nodiscard]] bool follows_last(std::uint8_t message) noexcept;

  std::vector<Entry> entries_;  // a ring; its size is a power of two
  Unwrapper<TransportSequence> unwrapper_;
  std::int64_t begin_ = 0;     // oldest position that is remembered
  std::int64_t end_ = 0;       // one after the newest that was sent
  std::int64_t reported_ = 0;  // one after the newest that a message has covered
  std::size_t bytes_in_flight_ = 0;
  std::size_t peak_ = 0;  // most entries that were needed since shrink_at_ was set
  Instant shrink_at_{};
  Instant last_sent_{};
  std::optional<std::uint8_t> last_message_;
  std::optional<std::uint32_t> last_reference_;
  std::int64_t reference_ = 0;  // unwrapped, in FeedbackReader::kReferenceUnit
};

}  // namespace sluice
