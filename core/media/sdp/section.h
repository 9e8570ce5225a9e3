#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/media/sdp/session_description.h"
#include "sluice/ortc.h"
#include "sluice/sdp.h"

namespace sluice::sdp {

enum class SectionState : std::uint8_t {
  live,
  refused,  ///< port 0 by us: nothing in common. The client may ask again
  closed    ///< port 0 for good: the index is free for a section with another MID, RFC 8829 section 5.2.2
};

/// What a session remembers of an m-section. Its index never changes.
struct Section {
  SectionState state = SectionState::live;
  std::string mid{};
  std::optional<MediaKind> kind{};  ///< missing: nothing that we carry
  /// As the client described it last; without what is kept elsewhere (see slim()). Of a section of ours that it has not
  /// answered yet: what is common to all.
  MediaSection remote{};
  std::vector<RtpCodecCapability> codecs{};  ///< those in common, in the client's numbering
  std::vector<std::string> rids{};           ///< of the simulcast that the client sends
  bool ours = false;                         ///< made by an offer of ours
  bool carried_track = false;                ///< of us; no other one will have its MID

  [[nodiscard]] bool live() const noexcept { return state == SectionState::live; }
};

/// What we do in a section: receive, or send a track, or both, or nothing.
struct OurPart {
  bool receive = false;
  const SdpTrack* track = nullptr;
};

/// Drops what is read once.
void slim(MediaSection& section);

/// Our side of a section, without its transport. What the client is not there for is left out.
[[nodiscard]] MediaSection describe(const Section& section, const OurPart& part, const RtpCapabilities& router);

/// A section that is refused or closed: port 0, RFC 3264 section 6.
[[nodiscard]] MediaSection describe_closed(const Section& section);

}  // namespace sluice::sdp
