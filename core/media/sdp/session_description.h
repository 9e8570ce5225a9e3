#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/ortc.h"

/// A session description (RFC 8866) as far as WebRTC needs it (RFC 8829 section 5): plain values, in the order of the
/// text, as its author sees them. `line` counts from 1; it is 0 in what was not read from a text.
namespace sluice::sdp {

/// Why a text was refused, and where.
struct Problem {
  std::size_t line = 0;
  std::string_view reason{};  ///< for people; lives as long as the program
};

/// RFC 8866 section 6.7.
enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

[[nodiscard]] constexpr bool sends(Direction direction) noexcept {
  return direction == Direction::sendrecv || direction == Direction::sendonly;
}
[[nodiscard]] constexpr bool receives(Direction direction) noexcept {
  return direction == Direction::sendrecv || direction == Direction::recvonly;
}
/// Named bits for the two ways of a section.
struct Ways {
  bool send = false;
  bool receive = false;
};
[[nodiscard]] constexpr Direction direction_of(Ways ways) noexcept {
  if (ways.send) return ways.receive ? Direction::sendrecv : Direction::sendonly;
  return ways.receive ? Direction::recvonly : Direction::inactive;
}
/// The same as the other side says it.
[[nodiscard]] constexpr Direction reversed(Direction direction) noexcept {
  return direction_of({.send = receives(direction), .receive = sends(direction)});
}

/// Who opens DTLS, RFC 8842 section 5 and RFC 4145 section 4.
enum class Setup : std::uint8_t { actpass, active, passive, holdconn };

/// `a=rtpmap` with its `a=fmtp` and `a=rtcp-fb`.
struct Codec {
  PayloadType payload_type{};
  std::string name{};                      ///< `opus`; empty: the payload type is static, or stays unexplained
  std::uint32_t clock_rate = 0;            ///< Hz
  std::optional<std::uint8_t> channels{};  ///< audio alone
  FormatParameters parameters{};           ///< null where the text has a bare word
  std::vector<RtcpFeedback> feedback{};    ///< with what `a=rtcp-fb:*` says
  std::size_t line = 0;
};

/// `a=extmap`, RFC 8285 section 8.
struct Extension {
  std::uint8_t id = 0;
  Direction direction = Direction::sendrecv;
  std::string uri{};
  std::size_t line = 0;
};

/// `a=ssrc`, RFC 5576 section 4.1.
struct Source {
  Ssrc ssrc{};
  std::string cname{};
  std::string msid{};  ///< the form before RFC 8830 became an attribute of the section: `<stream> <track>`
  std::size_t line = 0;
};

/// `a=ssrc-group`, RFC 5576 section 4.2: `FID` (media and its RTX), `SIM` (simulcast).
struct SourceGroup {
  std::string semantics{};
  std::vector<Ssrc> ssrcs{};
  std::size_t line = 0;
};

/// `a=rid`, RFC 8851.
struct RidLine {
  std::string id{};
  Direction direction = Direction::sendonly;   ///< sendonly: `send`, recvonly: `recv`
  std::vector<PayloadType> formats{};          ///< `pt=`; empty: all of the section
  std::optional<std::uint32_t> max_bitrate{};  ///< `max-br`, bit/s
  std::optional<std::uint32_t> max_framerate{};
  std::size_t line = 0;
};

/// One stream of `a=simulcast`, RFC 8853 section 5.1: of its alternatives the first, which is the one preferred.
struct SimulcastStream {
  std::string rid{};
  bool paused = false;
  friend bool operator==(const SimulcastStream&, const SimulcastStream&) = default;
};
struct Simulcast {
  std::vector<SimulcastStream> send{};
  std::vector<SimulcastStream> receive{};
  std::size_t line = 0;
};

/// What belongs to the transport below a section. With BUNDLE, that of the group's first section counts.
struct TransportAttributes {
  std::optional<std::string> ufrag{};
  std::optional<std::string> password{};
  bool trickle = false;  ///< `a=ice-options:trickle`, RFC 8840
  std::vector<DtlsFingerprint> fingerprints{};
  std::optional<Setup> setup{};
  std::vector<IceCandidate> candidates{};  ///< of component 1; what we could not use anyhow is left out
  bool end_of_candidates = false;
  std::size_t ice_line = 0;
  std::size_t dtls_line = 0;
  std::size_t setup_line = 0;
};

/// An m-line and what follows it.
struct MediaSection {
  std::string media{};  ///< `audio`, `video`, `application`
  std::uint16_t port = 0;
  std::string protocol{};
  std::vector<std::string> formats{};  ///< as they stand in the m-line
  std::string mid{};                   ///< RFC 9143; empty: none
  Direction direction = Direction::sendrecv;
  bool rtcp_mux = false;
  bool rtcp_mux_only = false;
  bool rtcp_rsize = false;
  bool bundle_only = false;
  bool extmap_allow_mixed = false;
  TransportAttributes transport{};
  std::vector<Codec> codecs{};  ///< in the order of `formats`
  std::vector<Extension> extensions{};
  std::optional<std::string> msid{};  ///< RFC 8830: `<stream> <track>`; the first of several
  std::vector<Source> sources{};
  std::vector<SourceGroup> groups{};
  std::vector<RidLine> rids{};
  std::optional<Simulcast> simulcast{};
  std::size_t line = 0;

  /// RFC 9143 section 6: port 0 means closed, except that a bundled section may stand without a port of its own.
  [[nodiscard]] bool closed() const noexcept { return port == 0 && !bundle_only; }
};

struct SessionDescription {
  std::uint64_t session_id = 0;  ///< of `o=`; those of others are not kept
  std::uint64_t version = 0;
  bool ice_lite = false;
  std::size_t ice_lite_line = 0;
  bool extmap_allow_mixed = false;
  std::optional<std::vector<std::string>> bundle{};  ///< the MIDs of the first `a=group:BUNDLE`
  std::size_t bundle_line = 0;
  /// What stands before the first m-line. The sections have it, too, where they say nothing else.
  TransportAttributes transport{};
  std::vector<MediaSection> sections{};
};

}  // namespace sluice::sdp
