#include "core/media/ortc/router_extensions.h"

#include <array>

#include "core/media/rtp/header_extensions.h"

namespace sluice::ortc {
namespace {

using Direction = RtpHeaderExtensionDirection;

enum class Kinds : std::uint8_t { audio, video, both };

struct ExtensionRow {
  HeaderExtension extension;
  std::uint8_t id;  // 1 to 14: all fit the one-byte form, RFC 8285 section 4.2
  Kinds kinds;
  Direction direction;
};

// What a consumer's stream cannot say truthfully is received only: its one stream has no rid, and the transmission
// offset of the publisher's hop means nothing on ours.
constexpr std::array<ExtensionRow, kHeaderExtensionCount> kExtensions{{
    {HeaderExtension::mid, 1, Kinds::both, Direction::sendrecv},
    {HeaderExtension::rid, 2, Kinds::video, Direction::recvonly},
    {HeaderExtension::repaired_rid, 3, Kinds::video, Direction::recvonly},
    {HeaderExtension::abs_send_time, 4, Kinds::both, Direction::sendrecv},
    {HeaderExtension::transport_sequence_number, 5, Kinds::both, Direction::sendrecv},
    {HeaderExtension::dependency_descriptor, 8, Kinds::video, Direction::sendrecv},
    {HeaderExtension::audio_level, 10, Kinds::audio, Direction::sendrecv},
    {HeaderExtension::video_orientation, 11, Kinds::video, Direction::sendrecv},
    {HeaderExtension::transmission_offset, 12, Kinds::video, Direction::recvonly},
    {HeaderExtension::abs_capture_time, 13, Kinds::both, Direction::sendrecv},
    {HeaderExtension::playout_delay, 14, Kinds::video, Direction::sendrecv},
}};

std::vector<RtpHeaderExtensionCapability> build() {
  std::vector<RtpHeaderExtensionCapability> out;
  for (const MediaKind kind : {MediaKind::audio, MediaKind::video}) {
    const Kinds other = kind == MediaKind::audio ? Kinds::video : Kinds::audio;
    for (const ExtensionRow& row : kExtensions) {
      if (row.kinds == other) continue;
      out.push_back(
          {.kind = kind, .uri = std::string{uri(row.extension)}, .preferred_id = row.id, .direction = row.direction});
    }
  }
  return out;
}

}  // namespace

const std::vector<RtpHeaderExtensionCapability>& router_header_extensions() {
  static const std::vector<RtpHeaderExtensionCapability> extensions = build();
  return extensions;
}

}  // namespace sluice::ortc
