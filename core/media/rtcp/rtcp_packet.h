#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "core/base/byte_reader.h"
#include "core/media/rtcp/rtcp_error.h"
#include "sluice/result.h"

namespace sluice {

/// RTCP packet types; values that are not named here are valid, and skipped.
enum class RtcpType : std::uint8_t {
  sender_report = 200,
  receiver_report = 201,
  sdes = 202,
  bye = 203,
  app = 204,
  transport_feedback = 205,  ///< RTPFB, RFC 4585
  payload_feedback = 206,    ///< PSFB, RFC 4585
  extended_report = 207      ///< XR, RFC 3611
};

inline constexpr std::size_t kRtcpHeaderSize = 4;
inline constexpr std::size_t kMaxRtcpCount = 31;  ///< what the 5-bit count can say

/// RFC 5761 section 4: tells RTCP from RTP where both share a port. The second octet of RTP would have to be a payload
/// type of 64 to 95, which sessions that multiplex do not use.
[[nodiscard]] constexpr bool is_rtcp(Bytes datagram) noexcept {
  return datagram.size() >= 2 && datagram[1] >= 192 && datagram[1] <= 223;
}

/// One RTCP packet of a compound.
struct RtcpBlock {
  RtcpType type{};
  std::uint8_t count = 0;  ///< RC, SC or FMT, as the type has it
  Bytes body;              ///< after the 4 octets of header, without padding
  Bytes rest;              ///< the packets that follow
};

/// Takes the first RTCP packet off a compound.
[[nodiscard]] Result<RtcpBlock, RtcpError> next_rtcp_block(Bytes compound) noexcept;

/// A compound packet whose framing has been validated as a whole; a range of its blocks.
///
/// Reduced-size packets (RFC 5506) are accepted: the first block can be of any type. What stands inside the blocks is
/// judged by the views of rtcp_reports.h and rtcp_feedback.h. Borrows the bytes.
class RtcpCompound {
 public:
  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = RtcpBlock;

    Iterator() noexcept = default;
    explicit Iterator(Bytes rest) noexcept { step(rest); }
    const RtcpBlock& operator*() const noexcept { return block_; }
    const RtcpBlock* operator->() const noexcept { return &block_; }
    Iterator& operator++() noexcept {
      step(block_.rest);
      return *this;
    }
    void operator++(int) noexcept { ++*this; }
    friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept { return at.at_end_; }

   private:
    void step(Bytes rest) noexcept {
      at_end_ = rest.empty();
      if (!at_end_) block_ = next_rtcp_block(rest).value();
    }

    RtcpBlock block_;
    bool at_end_ = true;
  };

  static Result<RtcpCompound, RtcpError> parse(Bytes datagram) noexcept;
  [[nodiscard]] Iterator begin() const noexcept { return Iterator{bytes_}; }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  constexpr explicit RtcpCompound(Bytes bytes) noexcept : bytes_{bytes} {}
  Bytes bytes_;
};

}  // namespace sluice
