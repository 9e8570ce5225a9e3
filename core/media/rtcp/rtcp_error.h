#pragma once

#include <cstdint>

namespace sluice {

/// Why bytes are no RTCP packet, or why a packet cannot be written.
enum class RtcpError : std::uint8_t {
  truncated,    ///< a header, a length or a fixed part runs past the end
  bad_version,  ///< not version 2
  bad_padding,  ///< padding of a size that cannot be
  bad_count,    ///< the count field promises more than the packet holds
  bad_text,     ///< an SDES item or a BYE reason runs past its packet
  wrong_type,   ///< this view is for another packet type
  too_many,     ///< more entries than the count field, or a text longer than its length field, can say
  buffer_full   ///< the packet does not fit the rest of the caller's buffer
};

}  // namespace sluice
