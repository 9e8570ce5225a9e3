#include "core/media/ortc/header_extension.h"

namespace sluice::ortc {
namespace {

using Direction = RtpHeaderExtensionDirection;

struct ExtensionRow {
  HeaderExtension extension;
  std::uint8_t id;  // 1 to 14: all fit the one-byte form, RFC 8285 section 4.2
  bool audio;
  bool video;
  Direction direction;
  std::string_view uri;
};

// In the order of the enumeration. What a consumer's stream cannot say truthfully is received only: its one stream has
// no rid, and the transmission offset of the publisher's hop means nothing on ours.
constexpr std::array<ExtensionRow, kHeaderExtensionCount> kExtensions{{
    {HeaderExtension::mid, 1, true, true, Direction::sendrecv, "urn:ietf:params:rtp-hdrext:sdes:mid"},
    {HeaderExtension::rid, 2, false, true, Direction::recvonly, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"},
    {HeaderExtension::repaired_rid, 3, false, true, Direction::recvonly,
     "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"},
    {HeaderExtension::abs_send_time, 4, true, true, Direction::sendrecv,
     "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"},
    {HeaderExtension::transport_cc, 5, true, true, Direction::sendrecv,
     "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"},
    {HeaderExtension::dependency_descriptor, 8, false, true, Direction::sendrecv,
     "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"},
    {HeaderExtension::audio_level, 10, true, false, Direction::sendrecv, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"},
    {HeaderExtension::video_orientation, 11, false, true, Direction::sendrecv, "urn:3gpp:video-orientation"},
    {HeaderExtension::toffset, 12, false, true, Direction::recvonly, "urn:ietf:params:rtp-hdrext:toffset"},
    {HeaderExtension::abs_capture_time, 13, true, true, Direction::sendrecv,
     "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"},
    {HeaderExtension::playout_delay, 14, false, true, Direction::sendrecv,
     "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"},
}};

constexpr bool rows_follow_the_enumeration() {
  for (std::size_t i = 0; i < kExtensions.size(); ++i) {
    if (static_cast<std::size_t>(kExtensions[i].extension) != i) return false;
  }
  return true;
}
static_assert(rows_follow_the_enumeration());

std::vector<RtpHeaderExtensionCapability> build() {
  std::vector<RtpHeaderExtensionCapability> out;
  for (const MediaKind kind : {MediaKind::audio, MediaKind::video}) {
    for (const ExtensionRow& row : kExtensions) {
      if (kind == MediaKind::audio ? !row.audio : !row.video) continue;
      out.push_back({.kind = kind, .uri = std::string{row.uri}, .preferred_id = row.id, .direction = row.direction});
    }
  }
  return out;
}

}  // namespace

std::string_view uri_of(HeaderExtension extension) noexcept {
  return kExtensions[static_cast<std::size_t>(extension)].uri;
}

std::optional<HeaderExtension> find_header_extension(std::string_view uri) noexcept {
  for (const ExtensionRow& row : kExtensions) {
    if (row.uri == uri) return row.extension;
  }
  return std::nullopt;
}

const std::vector<RtpHeaderExtensionCapability>& router_header_extensions() {
  static const std::vector<RtpHeaderExtensionCapability> extensions = build();
  return extensions;
}

}  // namespace sluice::ortc
