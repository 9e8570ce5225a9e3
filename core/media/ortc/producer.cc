#include <algorithm>

#include "core/media/ortc/check.h"
#include "core/media/ortc/codec.h"
#include "core/media/ortc/feedback.h"
#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/redundancy.h"
#include "core/media/ortc/validate.h"

namespace sluice::ortc {
namespace {

const RtpCodecCapability* find_router_codec(const RtpCodecParameters& codec, const RtpCapabilities& router) {
  for (const RtpCodecCapability& candidate : router.codecs) {
    if (!is_rtx(candidate.mime_type) && same_codec(view(candidate), view(codec))) return &candidate;
  }
  return nullptr;
}

const RtpCodecCapability* find_router_rtx(PayloadType payload_type, const RtpCapabilities& router) {
  for (const RtpCodecCapability& candidate : router.codecs) {
    if (is_rtx(candidate.mime_type) && associated_payload_type(candidate.parameters) == payload_type) return &candidate;
  }
  return nullptr;
}

const RtpCodecCapability& require_router_codec(const RtpParameters& parameters, std::size_t index, MediaKind kind,
                                               const RtpCapabilities& router) {
  const RtpCodecParameters& codec = parameters.codecs[index];
  if (const auto* found = find_router_codec(codec, router)) return *found;
  throw_unsupported(describe(view(codec)) + " cannot be routed", "rtpParameters.codecs[" + std::to_string(index) + "]",
                    describe_all(parameters.codecs, kind), describe_all(router.codecs, kind));
}

RtpCodecParameters in_use(const RtpCodecCapability& codec, FormatParameters parameters) {
  return {.mime_type = codec.mime_type,
          .payload_type = *codec.preferred_payload_type,
          .clock_rate = codec.clock_rate,
          .channels = codec.channels,
          .parameters = std::move(parameters),
          .rtcp_feedback = codec.rtcp_feedback};
}

/// The codec in the router's numbering, and the router's RTX for it: consumers may have RTX though the producer has
/// not.
void add_consumable(RtpParameters& consumable, const RtpCodecParameters& codec, const RtpCodecCapability& router_codec,
                    const RtpCapabilities& router) {
  const PayloadType payload_type = *router_codec.preferred_payload_type;
  for (const RtpCodecParameters& known : consumable.codecs) {
    if (known.payload_type == payload_type) return;
  }
  consumable.codecs.push_back(in_use(router_codec, codec.parameters));
  const RtpCodecCapability* rtx = find_router_rtx(payload_type, router);
  if (rtx != nullptr) consumable.codecs.push_back(in_use(*rtx, rtx->parameters));
}

void negotiate_media_codecs(MediaKind kind, const RtpParameters& parameters, const RtpCapabilities& router,
                            NegotiatedProducer& out) {
  for (std::size_t i = 0; i < parameters.codecs.size(); ++i) {
    const RtpCodecParameters& codec = parameters.codecs[i];
    if (is_rtx(codec.mime_type)) continue;
    const RtpCodecCapability& router_codec = require_router_codec(parameters, i, kind, router);
    if (is_red(codec.mime_type)) continue;
    out.mapping.codecs[codec.payload_type.value()] = {.payload_type = router_codec.preferred_payload_type->value(),
                                                      .clock_rate = router_codec.clock_rate,
                                                      .video_codec = video_codec_of(router_codec.mime_type)};
    add_consumable(out.consumable, codec, router_codec, router);
    auto feedback = common_feedback(codec.rtcp_feedback, router_codec.rtcp_feedback);
    keep_one_bandwidth_feedback(feedback, out.mapping.extension_map);
    add_feedback(out.mapping.feedback, feedback);
  }
}

/// After the media codecs. RED of something else than a listed opus stays unmapped: its packets are dropped.
void negotiate_red(const RtpParameters& parameters, const RtpCapabilities& router, NegotiatedProducer& out) {
  for (const RtpCodecParameters& codec : parameters.codecs) {
    if (!is_red(codec.mime_type) || !names_opus(codec, parameters.codecs)) continue;
    const PayloadType block = block_payload_type(codec.parameters).value();
    const PayloadType opus{out.mapping.codecs[block.value()].payload_type};
    RtpCodecParameters red = codec;
    red.parameters = red_parameters(opus);
    const RtpCodecCapability& router_codec = *find_router_codec(codec, router);
    out.mapping.codecs[codec.payload_type.value()] = {.payload_type = router_codec.preferred_payload_type->value(),
                                                      .block_payload_type = block.value(),
                                                      .clock_rate = router_codec.clock_rate};
    add_consumable(out.consumable, red, router_codec, router);
  }
}

/// After the media codecs. An RTX that the router has no partner for stays unmapped: its packets are dropped.
void negotiate_rtx_codecs(const RtpParameters& parameters, const RtpCapabilities& router, ProducerMapping& mapping) {
  for (const RtpCodecParameters& codec : parameters.codecs) {
    if (!is_rtx(codec.mime_type)) continue;
    const PayloadType apt = associated_payload_type(codec.parameters).value();
    const PayloadType media{mapping.codecs[apt.value()].payload_type};
    const RtpCodecCapability* rtx = find_router_rtx(media, router);
    if (rtx == nullptr) continue;
    mapping.codecs[codec.payload_type.value()] = {.payload_type = rtx->preferred_payload_type->value(),
                                                  .repaired_payload_type = apt.value(),
                                                  .clock_rate = rtx->clock_rate};
  }
}

void negotiate_extensions(MediaKind kind, const RtpParameters& parameters, const RtpCapabilities& router,
                          ProducerMapping& mapping) {
  using Direction = RtpHeaderExtensionDirection;
  for (const RtpHeaderExtensionParameters& extension : parameters.header_extensions) {
    for (const RtpHeaderExtensionCapability& supported : router.header_extensions) {
      const bool received = supported.direction == Direction::sendrecv || supported.direction == Direction::recvonly;
      if (supported.kind != kind || supported.uri != extension.uri || !received) continue;
      mapping.extensions[extension.id] = supported.preferred_id;
      // Ids and URIs are validated to be unique, so that adding one cannot fail.
      if (const auto known = header_extension_from_uri(extension.uri)) {
        static_cast<void>(mapping.extension_map.add(*known, extension.id));
      }
    }
  }
}

/// What consumers may be sent. A simulcast consumer switches between streams whose frame numbers and dependency
/// structures have nothing to do with each other, so that there the dependency descriptor would be a lie.
void add_consumable_extensions(MediaKind kind, const RtpCapabilities& router, NegotiatedProducer& out) {
  using Direction = RtpHeaderExtensionDirection;
  for (const RtpHeaderExtensionCapability& supported : router.header_extensions) {
    const bool sent = supported.direction == Direction::sendrecv || supported.direction == Direction::sendonly;
    if (supported.kind != kind || !sent) continue;
    if (out.type == ProducerType::simulcast && supported.uri == uri(HeaderExtension::dependency_descriptor)) continue;
    out.consumable.header_extensions.push_back({.uri = supported.uri, .id = supported.preferred_id});
  }
}

ProducerType type_of(const std::vector<ProducerMapping::Encoding>& encodings) noexcept {
  if (encodings.size() > 1) return ProducerType::simulcast;
  const ScalabilityMode& layers = encodings.front().layers;
  return layers.spatial_layers > 1 || layers.temporal_layers > 1 ? ProducerType::svc : ProducerType::simple;
}

void negotiate_encodings(const RtpParameters& parameters, const SsrcGenerator& new_ssrc, NegotiatedProducer& out) {
  const bool has_rtx = std::any_of(out.mapping.codecs.begin(), out.mapping.codecs.end(),
                                   [](const ProducerMapping::Codec& codec) { return codec.is_rtx(); });
  for (const RtpEncodingParameters& encoding : parameters.encodings) {
    ProducerMapping::Encoding mapped{.ssrc = encoding.ssrc, .mapped_ssrc = new_ssrc()};
    if (has_rtx && encoding.rtx) mapped.rtx_ssrc = encoding.rtx->ssrc;
    if (encoding.rid) mapped.rid = Rid::from(*encoding.rid);
    if (encoding.scalability_mode) mapped.layers = parse_scalability_mode(*encoding.scalability_mode).value();

    out.consumable.encodings.push_back({.active = encoding.active,
                                        .ssrc = mapped.mapped_ssrc,
                                        .dtx = encoding.dtx,
                                        .scalability_mode = encoding.scalability_mode,
                                        .max_bitrate = encoding.max_bitrate});
    out.mapping.encodings.push_back(mapped);
  }
}

}  // namespace

NegotiatedProducer negotiate_producer(MediaKind kind, const RtpParameters& parameters, const RtpCapabilities& router,
                                      const SsrcGenerator& new_ssrc, const std::string& fallback_cname) {
  validate(parameters, kind);
  NegotiatedProducer out;
  if (parameters.mid) out.mapping.mid = Mid::from(*parameters.mid);
  negotiate_extensions(kind, parameters, router, out.mapping);
  negotiate_media_codecs(kind, parameters, router, out);
  negotiate_red(parameters, router, out);
  if (out.consumable.codecs.empty()) {
    throw_unsupported("audio/red needs the opus that it names", "rtpParameters.codecs",
                      describe_all(parameters.codecs, kind), describe_all(router.codecs, kind));
  }
  negotiate_rtx_codecs(parameters, router, out.mapping);
  negotiate_encodings(parameters, new_ssrc, out);
  out.type = type_of(out.mapping.encodings);
  add_consumable_extensions(kind, router, out);

  const std::string cname = parameters.rtcp.cname.value_or("");
  out.consumable.rtcp = {.cname = cname.empty() ? fallback_cname : cname, .reduced_size = true};
  out.consumable.msid = parameters.msid;
  return out;
}

}  // namespace sluice::ortc
