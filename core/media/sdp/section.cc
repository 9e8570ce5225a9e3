#include "core/media/sdp/section.h"

#include <algorithm>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/feedback.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/redundancy.h"
#include "core/media/rtp/header_extensions.h"
#include "core/media/sdp/text.h"
#include "core/media/sdp/to_ortc.h"

namespace sluice::sdp {
namespace {

constexpr std::uint16_t kDiscardPort = 9;  // RFC 8840 section 4.1.1: the port is told by candidates

std::string name_of(std::string_view mime_type) {
  return std::string{mime_type.substr(std::min(mime_type.find('/') + 1, mime_type.size()))};
}

/// What a client's parameters say about its own sending is not for us to repeat. RFC 7587 section 7: what it would send
/// (`sprop-stereo`) becomes what we like to receive (`stereo`).
FormatParameters received_parameters(const RtpCodecCapability& codec, const RtpCodecCapability& router) {
  FormatParameters out = codec.parameters;
  if (codec.kind == MediaKind::audio) {
    if (ortc::integer_parameter(out, "sprop-stereo") == 1) out["stereo"] = 1;
    for (const auto& [key, value] : router.parameters) out.insert_or_assign(key, value);
  }
  std::erase_if(out, [](const auto& entry) { return std::string_view{entry.first}.starts_with("sprop-"); });
  return out;
}

const RtpCodecCapability* find_routed(const RtpCodecCapability& codec, const RtpCapabilities& router) {
  for (const RtpCodecCapability& candidate : router.codecs) {
    if (ortc::same_codec(ortc::view(candidate), ortc::view(codec))) return &candidate;
  }
  return nullptr;
}

HeaderExtensionMap extension_map(const std::vector<Extension>& extensions) {
  HeaderExtensionMap out;
  for (const Extension& extension : extensions) {
    const auto known = header_extension_from_uri(extension.uri);
    if (known) static_cast<void>(out.add(*known, extension.id));  // twice the same is no harm
  }
  return out;
}

/// RED's payload types are a bare word in the text.
FormatParameters written_parameters(std::string_view mime_type, FormatParameters parameters) {
  if (!ortc::is_red(mime_type)) return parameters;
  for (auto& [key, value] : parameters) value = nullptr;
  return parameters;
}

/// How we receive a codec of the client: with the feedback that it understands and that we give.
Codec received_codec(const RtpCodecCapability& codec, const RtpCapabilities& router,
                     const HeaderExtensionMap& extensions) {
  Codec out{.payload_type = *codec.preferred_payload_type,
            .name = name_of(codec.mime_type),
            .clock_rate = codec.clock_rate,
            .channels = codec.channels,
            .parameters = written_parameters(codec.mime_type, codec.parameters)};
  const RtpCodecCapability* const routed = find_routed(codec, router);
  if (routed == nullptr || ortc::is_rtx(codec.mime_type)) return out;
  if (!ortc::is_red(codec.mime_type)) out.parameters = received_parameters(codec, *routed);
  out.feedback = ortc::common_feedback(codec.rtcp_feedback, routed->rtcp_feedback);
  ortc::keep_one_bandwidth_feedback(out.feedback, extensions);
  return out;
}

Codec sent_codec(const RtpCodecParameters& codec) {
  return {.payload_type = codec.payload_type,
          .name = name_of(codec.mime_type),
          .clock_rate = codec.clock_rate,
          .channels = codec.channels,
          .parameters = written_parameters(codec.mime_type, codec.parameters),
          .feedback = codec.rtcp_feedback};
}

/// RFC 8285 section 6: the answer turns the direction round.
std::vector<Extension> turned_round(std::vector<Extension> extensions) {
  for (Extension& extension : extensions) extension.direction = reversed(extension.direction);
  return extensions;
}

void add_sent_extensions(const RtpParameters& parameters, const MediaSection& remote, std::vector<Extension>& out) {
  for (const RtpHeaderExtensionParameters& sent : parameters.header_extensions) {
    const auto same_uri = [&](const Extension& extension) { return extension.uri == sent.uri; };
    if (std::any_of(out.begin(), out.end(), same_uri)) continue;
    const auto told = std::find_if(remote.extensions.begin(), remote.extensions.end(), same_uri);
    const Direction direction = told == remote.extensions.end() ? Direction::sendrecv : reversed(told->direction);
    out.push_back({.id = sent.id, .direction = direction, .uri = sent.uri});
  }
}

/// `<stream> <track>`. The track's name is made of the MID, which no other track of the session has.
std::string msid_of(const SdpTrack& track) {
  const bool good = is_text(track.stream_id, ortc::kMaxMsidPartBytes, is_visible);
  return (good ? track.stream_id : "-") + " track-" + track.mid;
}

void add_sources(const SdpTrack& track, MediaSection& out) {
  const std::string cname = track.rtp_parameters.rtcp.cname.value_or("");
  const auto add = [&](Ssrc ssrc) {
    out.sources.push_back({.ssrc = ssrc, .cname = cname.empty() ? track.mid : cname});
  };
  for (const RtpEncodingParameters& encoding : track.rtp_parameters.encodings) {
    if (!encoding.ssrc) continue;
    add(*encoding.ssrc);
    if (!encoding.rtx) continue;
    add(encoding.rtx->ssrc);
    out.groups.push_back({.semantics = "FID", .ssrcs = {*encoding.ssrc, encoding.rtx->ssrc}});
  }
}

void add_received_rids(const Section& section, MediaSection& out) {
  if (section.rids.empty()) return;
  const bool simulcast = section.remote.simulcast.has_value();
  for (const std::string& rid : section.rids) {
    out.rids.push_back({.id = rid, .direction = Direction::recvonly});
    if (!simulcast) continue;
    if (!out.simulcast) out.simulcast.emplace();
    out.simulcast->receive.push_back({.rid = rid});
  }
}

MediaSection frame_of(const Section& section) {
  MediaSection out{.media = section.remote.media,
                   .port = kDiscardPort,
                   .protocol = section.remote.protocol,
                   .mid = section.mid,
                   .rtcp_mux = true,
                   .rtcp_rsize = section.remote.rtcp_rsize};
  out.extmap_allow_mixed = section.remote.extmap_allow_mixed;
  return out;
}

}  // namespace

void slim(MediaSection& section) {
  section.transport = {};
  section.codecs = {};
  section.sources = {};
  section.groups = {};
  section.rids = {};
  // A closed section has to show one; the vector is made anew so that it holds no more than that.
  if (section.formats.size() > 1) section.formats = std::vector<std::string>{section.formats.front()};
}

MediaSection describe(const Section& section, const OurPart& part, const RtpCapabilities& router) {
  MediaSection out = frame_of(section);
  out.direction = direction_of({.send = part.track != nullptr, .receive = part.receive});
  // Where nothing flows, too, the section says what could.
  const bool received = part.receive || part.track == nullptr;
  if (received && section.kind) {
    out.extensions = turned_round(extensions_received(section.remote, *section.kind, router));
    const HeaderExtensionMap extensions = extension_map(out.extensions);
    for (const RtpCodecCapability& codec : section.codecs) {
      out.codecs.push_back(received_codec(codec, router, extensions));
    }
  }
  if (part.receive) add_received_rids(section, out);
  if (part.track != nullptr) {
    const RtpParameters& parameters = part.track->rtp_parameters;
    if (!received)
      std::transform(parameters.codecs.begin(), parameters.codecs.end(), std::back_inserter(out.codecs), sent_codec);
    add_sent_extensions(parameters, section.remote, out.extensions);
    out.msid = msid_of(*part.track);
    add_sources(*part.track, out);
  }
  for (const Codec& codec : out.codecs) out.formats.push_back(std::to_string(codec.payload_type.value()));
  return out;
}

MediaSection describe_closed(const Section& section) {
  MediaSection out = frame_of(section);
  out.port = 0;
  out.direction = Direction::inactive;
  out.rtcp_mux = false;
  out.rtcp_rsize = false;
  out.extmap_allow_mixed = false;
  out.formats = section.remote.formats;
  if (out.formats.empty()) out.formats.emplace_back("0");
  return out;
}

}  // namespace sluice::sdp
