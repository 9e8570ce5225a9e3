#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_keys.h"
#include "sluice/result.h"

struct srtp_ctx_t_;

namespace sluice {

/// Why a packet was not protected or not believed.
enum class SrtpError : std::uint8_t {
  too_small,              ///< shorter than a header and, where protected, its trailer
  too_large,              ///< longer than any UDP datagram
  buffer_too_small,       ///< no room behind the packet for the trailer
  malformed,              ///< the header's lengths run past the packet, or the version is wrong
  authentication_failed,  ///< the tag does not fit: damaged, forged, or under other keys
  replayed,               ///< this packet index was seen, or sent, before
  too_old,                ///< behind the replay window
  key_limit,              ///< the key protected as many packets as RFC 3711 section 9.2 allows
  ssrc_limit,             ///< one more SSRC than this session keeps state for
  internal,               ///< libsrtp or its allocator failed
};

[[nodiscard]] std::string_view to_string(SrtpError error) noexcept;

/// Packets behind the newest that are still told apart from replays, RFC 3711 section 3.3.2. A second of 8 Mbit/s
/// video.
inline constexpr unsigned long kSrtpReplayWindow = 1024;
inline constexpr std::size_t kMaxSrtpPacket = 65'507;

enum class SrtpDirection : std::uint8_t { outbound, inbound };

struct SrtpSessionDeleter {
  void operator()(srtp_ctx_t_* session) const noexcept;
};
/// libsrtp's session with one policy for any SSRC of one direction.
using SrtpSession = std::unique_ptr<srtp_ctx_t_, SrtpSessionDeleter>;

/// Initialises libsrtp on the first call of the process. Any thread.
[[nodiscard]] Result<SrtpSession, SrtpError> create_srtp_session(SrtpProfile profile, const SrtpMasterKey& key,
                                                                 SrtpDirection direction) noexcept;

/// libsrtp's status in our words; `status` is an srtp_err_status_t other than ok.
[[nodiscard]] SrtpError srtp_error_from_status(int status) noexcept;

}  // namespace sluice
