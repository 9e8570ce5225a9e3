#pragma once

#include <cstdint>

namespace sluice {

/// Why bytes are no RTP packet, or why a packet cannot be written.
enum class RtpError : std::uint8_t {
  truncated,         ///< a fixed part of the header runs past the end
  bad_version,       ///< not RTP version 2
  bad_padding,       ///< the padding count is 0 or longer than what follows the header
  bad_extension,     ///< an extension length runs past its block, or the block past the packet
  bad_extension_id,  ///< an element to write has an id or a size that no header form can carry
  bad_payload_type,  ///< a payload type above 127
  bad_rtx,           ///< an RTX packet without an original sequence number, as in padding probes
  buffer_too_small   ///< the packet does not fit the caller's buffer
};

}  // namespace sluice
