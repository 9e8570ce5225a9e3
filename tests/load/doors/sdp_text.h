#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/load/doors/door.h"

/// Just enough SDP (RFC 8866, RFC 8829) to be a client of a media server: Opus, VP8 with RTX, one bundle.
namespace sluice::load {

/// A section that the other side wrote.
struct SdpMedia {
  std::string kind;  ///< `audio`, `video`, or whatever else it is
  std::string mid;
  std::string direction = "sendrecv";
  bool rejected = false;  ///< port 0 outside a bundle's `bundle-only`
  std::vector<std::string> formats;
  std::map<std::string, std::uint8_t> codecs;            ///< payload type by lower-case name; the first of several
  std::map<std::uint8_t, std::uint8_t> retransmissions;  ///< RTX payload type by the one that it repairs
  std::map<std::string, std::uint8_t> extensions;        ///< id by URI
};

struct SdpDescription {
  IceCredentials ice;
  std::vector<Fingerprint> fingerprints;
  std::string setup;
  std::vector<SocketAddress> candidates;  ///< UDP, component 1
  std::vector<SdpMedia> media;
};

/// Nothing where credentials, a fingerprint or any section are missing.
[[nodiscard]] std::optional<SdpDescription> read_sdp(std::string_view text);
/// @throws std::runtime_error where the text is no such description, or names no UDP candidate.
[[nodiscard]] SdpDescription require_sdp(std::string_view text);
[[nodiscard]] RemoteEnd remote_end(const SdpDescription& description);

/// Our side of a bundle.
struct LocalEnd {
  IceCredentials credentials;
  Fingerprint fingerprint;
};

/// A section that we write.
struct LocalMedia {
  MediaKind kind = MediaKind::audio;
  std::string mid;
  std::string direction;
  std::uint8_t payload_type = 0;
  std::optional<std::uint8_t> rtx_payload_type{};
  std::map<std::string, std::uint8_t> extensions;
  std::vector<Ssrc> ssrcs;        ///< of a sender: media, then RTX
  std::vector<std::string> rids;  ///< of a sender's simulcast, instead of SSRCs
};

/// The section for a track that we publish, and its streams; `mid` counts the sections.
struct OfferedMedia {
  LocalMedia section;
  std::vector<OutgoingStream> streams;
};
[[nodiscard]] OfferedMedia offer_media(const PublishedTrack& track, std::size_t mid, Identities& identities);
/// Drops from the streams the extensions that the answer does not have.
void apply_answer(const SdpDescription& answer, std::vector<OutgoingStream>& streams);
/// A section that receives, for an offer.
[[nodiscard]] LocalMedia receiving_media(MediaKind kind, std::size_t mid, const std::vector<std::string>& extensions);

[[nodiscard]] std::string write_offer(const LocalEnd& local, const std::vector<LocalMedia>& media);
/// Takes all that is sent to us with a codec that we know, and rejects the rest.
[[nodiscard]] std::string write_answer(const LocalEnd& local, const SdpDescription& offer,
                                       const std::vector<std::string>& extensions);

}  // namespace sluice::load
