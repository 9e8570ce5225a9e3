#pragma once

#include <string>
#include <vector>

#include "sluice/json.h"
#include "sluice/ortc.h"
#include "tests/load/doors/door.h"

/// What a client of the plain WebSocket says of its media, in mediasoup's shapes.
namespace sluice::load {

inline constexpr std::uint8_t kVp8 = 96;
inline constexpr std::uint8_t kVp8Rtx = 97;
inline constexpr std::uint8_t kOpus = 111;
inline constexpr std::uint8_t kMidExtension = 4;
inline constexpr std::uint8_t kRidExtension = 10;
inline constexpr std::string_view kMidUri = "urn:ietf:params:rtp-hdrext:sdes:mid";
inline constexpr std::string_view kRidUri = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

/// A track as `produce` wants it, and as its peer sends it.
struct OfferedTrack {
  RtpParameters parameters;
  std::vector<OutgoingStream> streams;
};
[[nodiscard]] OfferedTrack offer_track(const PublishedTrack& track, std::string_view mid, Identities& identities);

/// The part of the router's capabilities that a client takes: Opus, VP8 and its RTX, and these header extensions.
[[nodiscard]] RtpCapabilities receiving_capabilities(const RtpCapabilities& router,
                                                     const std::vector<std::string>& extensions);

/// The gateway's end of a transport, from the answer to `transport:create`.
/// @throws Error where something is missing, or cannot be used.
[[nodiscard]] RemoteEnd remote_end(const json::value& transport);

}  // namespace sluice::load
