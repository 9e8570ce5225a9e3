#pragma once

#include <cstdint>
#include <optional>

#include "core/media/rtp/sequence_number.h"
#include "sluice/media_types.h"
#include "tests/load/test_payload.h"

namespace sluice::load {

/// One SSRC that a subscriber receives, judged by headers alone, which SRTP leaves in the clear. How the server numbers
/// its packets against the source's numbers is learnt from packets that were decrypted.
class ReceivedStream {
 public:
  enum class Arrival : std::uint8_t { fresh, duplicate };

  struct Packet {
    Arrival arrival = Arrival::fresh;
    std::int64_t position = 0;  ///< on a line that does not wrap
  };

  /// @param verify_every  One of so many packets is to be decrypted; 1: each.
  ReceivedStream(Ssrc ssrc, std::uint32_t verify_every) noexcept : ssrc_{ssrc}, verify_every_{verify_every} {}

  Packet note(RtpSequence sequence) noexcept;

  /// Whether the packet just noted is to be decrypted, and then given to learn(). Always so until something was learnt.
  [[nodiscard]] bool wants_decryption() const noexcept { return !source_ || received_ % verify_every_ == 0; }

  enum class Lesson : std::uint8_t {
    first,
    confirmed,
    contradicts,  ///< another source or another numbering than was learnt; from now on the new one holds
  };
  Lesson learn(const PacketStamp& stamp, std::int64_t position) noexcept;

  /// Which of the source's packets stands at `position`. Nothing before the first lesson.
  [[nodiscard]] std::optional<std::uint64_t> source_number(std::int64_t position) const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> source() const noexcept { return source_; }

  [[nodiscard]] Ssrc ssrc() const noexcept { return ssrc_; }
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }  ///< without duplicates
  [[nodiscard]] std::uint64_t duplicates() const noexcept { return duplicates_; }
  /// From the first to the newest sequence number.
  [[nodiscard]] std::uint64_t span() const noexcept;
  /// As a report block wants it; wraps are counted from 0.
  [[nodiscard]] std::uint32_t extended_highest_sequence() const noexcept { return static_cast<std::uint32_t>(newest_); }

 private:
  static constexpr std::int64_t kWindow = 64;

  [[nodiscard]] bool seen_before(std::int64_t position) noexcept;

  Ssrc ssrc_;
  std::uint32_t verify_every_;
  SequenceUnwrapper unwrapper_;
  std::int64_t first_ = 0;
  std::int64_t newest_ = -1;
  std::uint64_t recent_ = 0;  // bit n: newest_ - n has arrived
  std::uint64_t received_ = 0;
  std::uint64_t duplicates_ = 0;
  std::optional<std::uint32_t> source_;
  std::int64_t offset_ = 0;  // source's number minus position
};

}  // namespace sluice::load
