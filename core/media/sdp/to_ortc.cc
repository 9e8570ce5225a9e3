#include "core/media/sdp/to_ortc.h"

#include <algorithm>
#include <array>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/redundancy.h"
#include "core/media/rtp/header_extensions.h"

namespace sluice::sdp {
namespace {

using RouterDirection = RtpHeaderExtensionDirection;

/// RFC 8829 section 5.1.2: all of these are answered alike, since a fingerprint tells that DTLS is meant.
constexpr std::array<std::string_view, 8> kProtocols{"UDP/TLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVPF", "RTP/SAVPF", "RTP/AVPF",
                                                     "UDP/TLS/RTP/SAVP",  "TCP/DTLS/RTP/SAVP",  "RTP/SAVP",  "RTP/AVP"};

/// RFC 5761 section 4: where RTCP shares the port, these are its packet types.
constexpr bool is_usable(PayloadType payload_type) noexcept {
  return payload_type.value() < 64 || payload_type.value() > 95;
}

/// Of the formats that are routed a bare word means something to RED alone: its payload types.
FormatParameters routed_parameters(const Codec& codec, std::string_view mime_type) {
  if (ortc::is_red(mime_type)) {
    const auto block = ortc::block_payload_type(codec.parameters);
    return block ? ortc::red_parameters(*block) : FormatParameters{};
  }
  FormatParameters out = codec.parameters;
  std::erase_if(out, [](const auto& entry) { return entry.second.is_null(); });
  return out;
}

RtpCodecCapability capability_of(const Codec& codec, MediaKind kind) {
  const std::string mime_type = std::string{to_string(kind)} + "/" + codec.name;
  return {.kind = kind,
          .mime_type = mime_type,
          .preferred_payload_type = codec.payload_type,
          .clock_rate = codec.clock_rate,
          .channels = kind == MediaKind::audio ? codec.channels : std::nullopt,
          .parameters = routed_parameters(codec, mime_type),
          .rtcp_feedback = codec.feedback};
}

bool is_routed(const RtpCodecCapability& codec, const RtpCapabilities& router) {
  return std::any_of(router.codecs.begin(), router.codecs.end(), [&](const RtpCodecCapability& candidate) {
    return !ortc::is_rtx(candidate.mime_type) && ortc::same_codec(ortc::view(candidate), ortc::view(codec));
  });
}

/// RFC 4588 section 8.1: RTX counts where what it repairs does, and once.
void drop_idle_rtx(std::vector<RtpCodecCapability>& codecs) {
  std::vector<PayloadType> repaired;
  const auto is_idle = [&](const RtpCodecCapability& rtx) {
    const auto apt = ortc::associated_payload_type(rtx.parameters);
    if (!apt || std::find(repaired.begin(), repaired.end(), *apt) != repaired.end()) return true;
    repaired.push_back(*apt);
    return std::none_of(codecs.begin(), codecs.end(), [&](const RtpCodecCapability& codec) {
      return codec.preferred_payload_type == apt && !ortc::is_rtx(codec.mime_type) &&
             codec.clock_rate == rtx.clock_rate;
    });
  };
  std::vector<RtpCodecCapability> kept;
  for (const RtpCodecCapability& codec : codecs) {
    if (!ortc::is_rtx(codec.mime_type) || !is_idle(codec)) kept.push_back(codec);
  }
  codecs = std::move(kept);
}

/// RFC 2198 section 5: as with RTX.
void drop_idle_red(std::vector<RtpCodecCapability>& codecs) {
  const std::vector<RtpCodecCapability> all = codecs;
  std::erase_if(codecs, [&](const RtpCodecCapability& codec) {
    return ortc::is_red(codec.mime_type) && !ortc::names_opus(codec, all);
  });
}

RtpCodecParameters in_use(const RtpCodecCapability& codec) {
  return {.mime_type = codec.mime_type,
          .payload_type = *codec.preferred_payload_type,
          .clock_rate = codec.clock_rate,
          .channels = codec.channels,
          .parameters = codec.parameters,
          .rtcp_feedback = codec.rtcp_feedback};
}

const RidLine* find_rid(const MediaSection& section, std::string_view id) noexcept {
  for (const RidLine& rid : section.rids) {
    if (rid.id == id && rid.direction == Direction::sendonly) return &rid;
  }
  return nullptr;
}

bool has_extension(const RtpParameters& parameters, HeaderExtension extension) {
  return std::any_of(parameters.header_extensions.begin(), parameters.header_extensions.end(),
                     [&](const RtpHeaderExtensionParameters& listed) { return listed.uri == uri(extension); });
}

std::optional<PayloadType> first_common(const std::vector<PayloadType>& formats, const RtpParameters& parameters) {
  for (const PayloadType format : formats) {
    for (const RtpCodecParameters& codec : parameters.codecs) {
      if (codec.payload_type == format && !ortc::is_rtx(codec.mime_type)) return format;
    }
  }
  return std::nullopt;
}

RtpEncodingParameters encoding_of(const RidLine& rid, const RtpParameters& parameters) {
  RtpEncodingParameters encoding{.rid = rid.id, .codec_payload_type = first_common(rid.formats, parameters)};
  if (rid.max_bitrate) encoding.max_bitrate = *rid.max_bitrate;
  if (rid.max_framerate) encoding.max_framerate = std::min(*rid.max_framerate, std::uint32_t{1000});
  return encoding;
}

const SourceGroup* find_group(const MediaSection& section, std::string_view semantics) noexcept {
  for (const SourceGroup& group : section.groups) {
    if (group.semantics == semantics && !group.ssrcs.empty()) return &group;
  }
  return nullptr;
}

/// RFC 5576 section 4.2, RFC 4588 section 8.3: FID names a stream and then what retransmits it.
RtpEncodingParameters encoding_of(Ssrc ssrc, const MediaSection& section) {
  RtpEncodingParameters encoding{.ssrc = ssrc};
  for (const SourceGroup& group : section.groups) {
    if (group.semantics != "FID" || group.ssrcs.size() != 2 || group.ssrcs[0] != ssrc) continue;
    if (group.ssrcs[1] != ssrc && !encoding.rtx) encoding.rtx = RtpRtxParameters{group.ssrcs[1]};
  }
  return encoding;
}

/// The stream that is media: the first of FID, else the first that is named at all.
std::optional<Ssrc> primary_ssrc(const MediaSection& section) {
  if (const SourceGroup* fid = find_group(section, "FID")) return fid->ssrcs.front();
  if (section.sources.empty()) return std::nullopt;
  return section.sources.front().ssrc;
}

Result<Ok, Problem> add_encodings(const MediaSection& section, MediaKind kind, RtpParameters& out) {
  const std::vector<std::string> rids = kind == MediaKind::video ? sent_rids(section) : std::vector<std::string>{};
  for (const std::string& rid : rids) out.encodings.push_back(encoding_of(*find_rid(section, rid), out));
  if (!rids.empty()) {
    if (has_extension(out, HeaderExtension::rid)) return Ok{};
    return Problem{section.line, "the section sends rids without the header extension rtp-stream-id"};
  }
  const SourceGroup* const simulcast = kind == MediaKind::video ? find_group(section, "SIM") : nullptr;
  if (simulcast != nullptr) {
    if (simulcast->ssrcs.size() > ortc::kMaxEncodings)
      return Problem{simulcast->line, "the simulcast has too many streams"};
    for (const Ssrc ssrc : simulcast->ssrcs) out.encodings.push_back(encoding_of(ssrc, section));
    return Ok{};
  }
  if (const auto ssrc = primary_ssrc(section)) {
    out.encodings.push_back(encoding_of(*ssrc, section));
    return Ok{};
  }
  if (!has_extension(out, HeaderExtension::mid)) {
    return Problem{section.line, "the section names no SSRC, and its packets will not carry its mid"};
  }
  out.encodings.emplace_back();
  return Ok{};
}

}  // namespace

std::optional<MediaKind> kind_of(const MediaSection& section) noexcept {
  if (std::find(kProtocols.begin(), kProtocols.end(), section.protocol) == kProtocols.end()) return std::nullopt;
  if (section.media == "audio") return MediaKind::audio;
  if (section.media == "video") return MediaKind::video;
  return std::nullopt;
}

std::vector<RtpCodecCapability> common_codecs(const MediaSection& section, MediaKind kind,
                                              const RtpCapabilities& router) {
  std::vector<RtpCodecCapability> out;
  for (const Codec& codec : section.codecs) {
    if (codec.name.empty() || !is_usable(codec.payload_type) || out.size() == ortc::kMaxCodecs) continue;
    RtpCodecCapability capability = capability_of(codec, kind);
    if (ortc::is_rtx(capability.mime_type) || is_routed(capability, router)) out.push_back(std::move(capability));
  }
  drop_idle_rtx(out);
  drop_idle_red(out);
  return out;
}

std::vector<Extension> extensions_received(const MediaSection& section, MediaKind kind, const RtpCapabilities& router) {
  std::vector<Extension> out;
  for (const Extension& extension : section.extensions) {
    const bool wanted =
        std::any_of(router.header_extensions.begin(), router.header_extensions.end(), [&](const auto& e) {
          const bool read = e.direction == RouterDirection::sendrecv || e.direction == RouterDirection::recvonly;
          return read && e.kind == kind && e.uri == extension.uri;
        });
    if (wanted && sends(extension.direction) && out.size() < ortc::kMaxExtensions) out.push_back(extension);
  }
  return out;
}

std::vector<Extension> extensions_sent(const MediaSection& section, const RtpCapabilities& router) {
  std::vector<Extension> out;
  for (const Extension& extension : section.extensions) {
    const bool wanted =
        std::any_of(router.header_extensions.begin(), router.header_extensions.end(), [&](const auto& e) {
          const bool written = e.direction == RouterDirection::sendrecv || e.direction == RouterDirection::sendonly;
          return written && e.uri == extension.uri;
        });
    if (wanted && receives(extension.direction)) out.push_back(extension);
  }
  return out;
}

std::vector<std::string> sent_rids(const MediaSection& section) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& rid) {
    const bool good = find_rid(section, rid) != nullptr && std::find(out.begin(), out.end(), rid) == out.end();
    if (good && out.size() < ortc::kMaxEncodings) out.push_back(rid);
  };
  if (section.simulcast) {
    // RFC 8853 section 5.2: what no a=rid explains is ignored.
    for (const SimulcastStream& stream : section.simulcast->send) add(stream.rid);
    return out;
  }
  const auto is_sent = [](const RidLine& rid) { return rid.direction == Direction::sendonly; };
  const bool one = std::count_if(section.rids.begin(), section.rids.end(), is_sent) == 1;
  if (one && section.sources.empty()) add(std::find_if(section.rids.begin(), section.rids.end(), is_sent)->id);
  return out;
}

Result<RtpParameters, Problem> sending_parameters(const MediaSection& section, MediaKind kind,
                                                  const std::vector<RtpCodecCapability>& codecs,
                                                  const RtpCapabilities& router) {
  RtpParameters out{.mid = section.mid};
  for (const RtpCodecCapability& codec : codecs) out.codecs.push_back(in_use(codec));
  for (const Extension& extension : extensions_received(section, kind, router)) {
    out.header_extensions.push_back({.uri = extension.uri, .id = extension.id});
  }
  if (const auto added = add_encodings(section, kind, out); !added) return added.error();
  out.rtcp = {.reduced_size = section.rtcp_rsize, .mux = true};
  for (const Source& source : section.sources) {
    if (!out.rtcp.cname && !source.cname.empty()) out.rtcp.cname = source.cname;
    if (!out.msid && !section.msid && !source.msid.empty()) out.msid = source.msid;
  }
  if (section.msid) out.msid = section.msid;
  return out;
}

RtpCapabilities receiving_capabilities(const MediaSection& section, MediaKind kind,
                                       const std::vector<RtpCodecCapability>& codecs, const RtpCapabilities& router) {
  RtpCapabilities out{.codecs = codecs};
  for (const Extension& extension : extensions_sent(section, router)) {
    out.header_extensions.push_back({.kind = kind, .uri = extension.uri, .preferred_id = extension.id});
  }
  return out;
}

}  // namespace sluice::sdp
