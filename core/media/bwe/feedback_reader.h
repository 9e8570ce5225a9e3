#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/rtp/header_extension_values.h"
#include "sluice/result.h"
#include "sluice/time.h"

namespace sluice {

/// Why bytes are no transport-wide feedback.
enum class FeedbackError : std::uint8_t {
  truncated,   ///< chunks or deltas run past the end
  empty,       ///< reports on no packet
  too_many,    ///< reports on more packets than any sender remembers
  bad_status,  ///< the reserved status symbol
};

/// What a message says of one packet, or of several in a row that did not arrive.
struct PacketStatus {
  TransportSequence first{};
  std::uint16_t count = 1;          ///< 1 for a packet that arrived
  std::optional<Duration> arrived;  ///< since the message's reference time; none: not received
};

/// Reads transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1,
/// as far as it follows the two SSRCs of RTPFB. A view: borrows the bytes, allocates nothing, and takes time in
/// proportion to them, whatever they claim to cover.
class FeedbackReader {
 public:
  /// Packets that one message may report on; SentPackets remembers no more.
  static constexpr std::size_t kMaxPackets = 16'384;
  /// Unit of reference().
  static constexpr Duration kReferenceUnit = std::chrono::milliseconds{64};

  /// @param fci  Feedback control information of a Feedback of kind transport_cc.
  [[nodiscard]] static Result<FeedbackReader, FeedbackError> parse(Bytes fci) noexcept;

  [[nodiscard]] TransportSequence base() const noexcept { return base_; }
  [[nodiscard]] std::uint16_t count() const noexcept { return count_; }
  /// Of the receiver's clock, in multiples of kReferenceUnit; 24 bits, so that it wraps after twelve days.
  [[nodiscard]] std::uint32_t reference() const noexcept { return reference_; }
  /// Numbers the messages; wraps at 256.
  [[nodiscard]] std::uint8_t message() const noexcept { return message_; }

  /// The statuses in the order of their sequence numbers, each once; none at the end.
  [[nodiscard]] std::optional<PacketStatus> next() noexcept;

 private:
  struct Run {
    std::uint8_t symbol = 0;
    std::size_t length = 0;
  };
  /// Expands chunks to runs of one symbol.
  class Chunks {
   public:
    Chunks() noexcept = default;
    Chunks(Bytes bytes, std::size_t count) noexcept : in_{bytes}, left_{count} {}
    [[nodiscard]] Run next() noexcept;  // length 0: no more, or the bytes have ended
    [[nodiscard]] std::size_t left() const noexcept { return left_; }
    [[nodiscard]] Bytes rest() const noexcept { return in_.rest(); }

   private:
    ByteReader in_{Bytes{}};
    std::size_t left_ = 0;      // statuses that are still to come
    std::uint16_t vector_ = 0;  // the rest of a status vector, its next symbol topmost
    std::uint8_t symbols_ = 0;  // how many are in it
    std::uint8_t bits_ = 0;     // of each
  };

  FeedbackReader() noexcept = default;

  TransportSequence base_{};
  std::uint16_t count_ = 0;
  std::uint32_t reference_ = 0;
  std::uint8_t message_ = 0;
  Chunks chunks_;
  ByteReader deltas_{Bytes{}};
  Run run_;
  std::uint16_t offset_ = 0;  // from base to the next status
  Duration arrival_{};        // of the last packet that arrived
};

}  // namespace sluice
