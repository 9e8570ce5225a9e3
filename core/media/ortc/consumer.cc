#include <algorithm>
#include <string>

#include "core/media/ortc/codec.h"
#include "core/media/ortc/feedback.h"
#include "core/media/ortc/h264_profile.h"
#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/redundancy.h"
#include "core/media/ortc/validate.h"

namespace sluice::ortc {
namespace {

/// The remote's entry for a codec. Where several fit, the one of the same payload type: that is the one an endpoint
/// which answers in the router's numbering means.
const RtpCodecCapability* find_remote_codec(const RtpCodecParameters& codec, const RtpCapabilities& remote) {
  const RtpCodecCapability* found = nullptr;
  for (const RtpCodecCapability& candidate : remote.codecs) {
    if (is_rtx(candidate.mime_type) || !same_codec(view(candidate), view(codec))) continue;
    if (candidate.preferred_payload_type == codec.payload_type) return &candidate;
    if (found == nullptr) found = &candidate;
  }
  return found;
}

const RtpCodecCapability* find_remote_rtx(PayloadType payload_type, const RtpCapabilities& remote) {
  for (const RtpCodecCapability& candidate : remote.codecs) {
    if (is_rtx(candidate.mime_type) && associated_payload_type(candidate.parameters) == payload_type) return &candidate;
  }
  return nullptr;
}

/// What stands by itself; RTX and RED are about another codec.
bool is_media(std::string_view mime_type) noexcept { return !is_rtx(mime_type) && !is_red(mime_type); }

/// The remote's entry for a header extension. Its kind does not matter: in a bundle an id means the same in every
/// m-section (RFC 9143 section 15), and mediasoup-client keeps one kind per id.
const RtpHeaderExtensionCapability* find_remote_extension(const RtpHeaderExtensionParameters& extension,
                                                          const RtpCapabilities& remote) {
  const RtpHeaderExtensionCapability* found = nullptr;
  for (const RtpHeaderExtensionCapability& candidate : remote.header_extensions) {
    if (candidate.uri != extension.uri) continue;
    if (candidate.preferred_id == extension.id) return &candidate;
    if (found == nullptr) found = &candidate;
  }
  return found;
}

void negotiate_extensions(const RtpParameters& consumable, const RtpCapabilities& remote, NegotiatedConsumer& out) {
  for (RtpHeaderExtensionParameters extension : consumable.header_extensions) {
    const RtpHeaderExtensionCapability* found = find_remote_extension(extension, remote);
    if (found == nullptr) continue;
    const auto taken = std::any_of(out.parameters.header_extensions.begin(), out.parameters.header_extensions.end(),
                                   [&](const auto& other) { return other.id == found->preferred_id; });
    if (taken) continue;
    out.mapping.extensions[extension.id] = found->preferred_id;
    if (const auto known = header_extension_from_uri(extension.uri)) {
      static_cast<void>(out.mapping.extension_map.add(*known, found->preferred_id));  // neither is taken
    }
    extension.id = found->preferred_id;
    out.parameters.header_extensions.push_back(std::move(extension));
  }
}

/// What the producer sends, as this receiver will read it: of H.264 the level may become the receiver's.
FormatParameters received_parameters(const RtpCodecParameters& codec, const RtpCodecCapability& remote) {
  FormatParameters out = codec.parameters;
  const auto level = out.find("profile-level-id");
  if (level == out.end() || !equal_ignoring_case(codec.mime_type, "video/H264")) return out;
  if (const auto text = negotiated_profile_level_id(codec.parameters, remote.parameters)) level->second = *text;
  return out;
}

RtpCodecParameters rtx_for(PayloadType media, const RtpCodecCapability& rtx) {
  return {.mime_type = "video/rtx",
          .payload_type = *rtx.preferred_payload_type,
          .clock_rate = rtx.clock_rate,
          .parameters = {{"apt", media.value()}}};
}

bool has_rtx_for(PayloadType payload_type, const RtpParameters& consumable) {
  return std::any_of(consumable.codecs.begin(), consumable.codecs.end(), [&](const RtpCodecParameters& codec) {
    return is_rtx(codec.mime_type) && associated_payload_type(codec.parameters) == payload_type;
  });
}

bool is_listed(PayloadType payload_type, const std::vector<RtpCodecParameters>& codecs) {
  return std::any_of(codecs.begin(), codecs.end(),
                     [&](const auto& codec) { return codec.payload_type == payload_type; });
}

void negotiate_codec(const RtpCodecParameters& codec, const RtpParameters& consumable, const RtpCapabilities& remote,
                     const ConsumerOptions& options, NegotiatedConsumer& out) {
  const RtpCodecCapability* found = find_remote_codec(codec, remote);
  if (found == nullptr || is_listed(*found->preferred_payload_type, out.parameters.codecs)) return;

  const PayloadType payload_type = *found->preferred_payload_type;
  RtpCodecParameters received = codec;
  received.payload_type = payload_type;
  received.parameters = received_parameters(codec, *found);
  received.rtcp_feedback = common_feedback(found->rtcp_feedback, codec.rtcp_feedback);
  keep_one_bandwidth_feedback(received.rtcp_feedback, out.mapping.extension_map);
  add_feedback(out.mapping.feedback, received.rtcp_feedback);
  out.parameters.codecs.push_back(std::move(received));

  auto& mapped = out.mapping.codecs[codec.payload_type.value()];
  mapped.payload_type = payload_type.value();
  const RtpCodecCapability* rtx = options.rtx ? find_remote_rtx(payload_type, remote) : nullptr;
  if (rtx == nullptr || !has_rtx_for(codec.payload_type, consumable)) return;
  mapped.rtx_payload_type = rtx->preferred_payload_type->value();
  out.parameters.codecs.push_back(rtx_for(payload_type, *rtx));
}

/// The remote's RED of its own opus. Where the parameter names another payload type it is no use: mediasoup-client
/// tells the browser's there, not the one that it negotiated.
const RtpCodecCapability* find_remote_red(const RtpCodecParameters& red, PayloadType opus,
                                          const RtpCapabilities& remote) {
  for (const RtpCodecCapability& candidate : remote.codecs) {
    if (!same_codec(view(candidate), view(red)) || block_payload_type(candidate.parameters) != opus) continue;
    return &candidate;
  }
  return nullptr;
}

/// After the media codecs. A consumer that has no RED gets its opus alone.
void negotiate_red(const RtpCodecParameters& red, const RtpCapabilities& remote, NegotiatedConsumer& out) {
  const auto block = block_payload_type(red.parameters);
  if (!block) return;
  const std::uint8_t opus = out.mapping.codecs[block->value()].payload_type;
  if (opus == kNoPayloadType) return;
  const std::uint8_t router_payload_type = red.payload_type.value();
  const RtpCodecCapability* found = find_remote_red(red, PayloadType{opus}, remote);
  if (found == nullptr || is_listed(*found->preferred_payload_type, out.parameters.codecs)) {
    out.mapping.codecs[router_payload_type] = {.payload_type = opus};
    out.mapping.red = {.router_payload_type = router_payload_type};
    return;
  }
  out.mapping.codecs[router_payload_type] = {.payload_type = found->preferred_payload_type->value()};
  out.mapping.red = {.router_payload_type = router_payload_type, .block_payload_type = opus};
  RtpCodecParameters received = red;
  received.payload_type = *found->preferred_payload_type;
  received.parameters = red_parameters(PayloadType{opus});
  out.parameters.codecs.push_back(std::move(received));
}

bool has_rtx(const RtpParameters& parameters) {
  return std::any_of(parameters.codecs.begin(), parameters.codecs.end(),
                     [](const RtpCodecParameters& codec) { return is_rtx(codec.mime_type); });
}

ConsumerMapping::Stream add_stream(Ssrc source, const SsrcGenerator& new_ssrc, NegotiatedConsumer& out) {
  ConsumerMapping::Stream stream{.source = source, .ssrc = new_ssrc()};
  if (has_rtx(out.parameters)) stream.rtx_ssrc = new_ssrc();
  out.mapping.streams.push_back(stream);
  return stream;
}

RtpEncodingParameters encoding_of(const ConsumerMapping::Stream& stream) {
  RtpEncodingParameters encoding{.ssrc = stream.ssrc};
  if (stream.rtx_ssrc) encoding.rtx = RtpRtxParameters{*stream.rtx_ssrc};
  return encoding;
}

/// The layers a client can choose among: those of the stream, or the simulcast's streams counted as spatial layers.
std::optional<std::string> scalability_mode(const NegotiatedProducer& producer) {
  const auto& encodings = producer.mapping.encodings;
  if (producer.type != ProducerType::simulcast) return producer.consumable.encodings.front().scalability_mode;
  const int temporal = std::max_element(encodings.begin(), encodings.end(), [](const auto& a, const auto& b) {
                         return a.layers.temporal_layers < b.layers.temporal_layers;
                       })->layers.temporal_layers;
  return "L" + std::to_string(encodings.size()) + "T" + std::to_string(temporal);
}

void negotiate_single_encoding(const NegotiatedProducer& producer, const SsrcGenerator& new_ssrc,
                               NegotiatedConsumer& out) {
  const auto& encodings = producer.consumable.encodings;
  RtpEncodingParameters encoding = encoding_of(add_stream(*encodings.front().ssrc, new_ssrc, out));
  encoding.dtx = encodings.front().dtx;
  encoding.scalability_mode = scalability_mode(producer);
  for (const RtpEncodingParameters& source : encodings) {
    if (source.max_bitrate > encoding.max_bitrate) encoding.max_bitrate = source.max_bitrate;
  }
  out.parameters.encodings.push_back(std::move(encoding));
}

void negotiate_all_encodings(const NegotiatedProducer& producer, const SsrcGenerator& new_ssrc,
                             NegotiatedConsumer& out) {
  for (const RtpEncodingParameters& source : producer.consumable.encodings) {
    RtpEncodingParameters encoding = source;
    const RtpEncodingParameters own = encoding_of(add_stream(*source.ssrc, new_ssrc, out));
    encoding.ssrc = own.ssrc;
    encoding.rtx = own.rtx;
    out.parameters.encodings.push_back(std::move(encoding));
  }
}

ConsumerType consumer_type(ProducerType type) noexcept {
  switch (type) {
    case ProducerType::simulcast:
      return ConsumerType::simulcast;
    case ProducerType::svc:
      return ConsumerType::svc;
    case ProducerType::simple:
      break;
  }
  return ConsumerType::simple;
}

}  // namespace

bool can_consume(const RtpParameters& consumable, const RtpCapabilities& remote) {
  validate(remote);
  return std::any_of(consumable.codecs.begin(), consumable.codecs.end(), [&](const RtpCodecParameters& codec) {
    return is_media(codec.mime_type) && find_remote_codec(codec, remote) != nullptr;
  });
}

NegotiatedConsumer negotiate_consumer(const NegotiatedProducer& producer, const RtpCapabilities& remote,
                                      const SsrcGenerator& new_ssrc, const ConsumerOptions& options) {
  validate(remote);
  const RtpParameters& consumable = producer.consumable;
  NegotiatedConsumer out;
  negotiate_extensions(consumable, remote, out);
  for (const RtpCodecParameters& codec : consumable.codecs) {
    if (is_media(codec.mime_type)) negotiate_codec(codec, consumable, remote, options, out);
  }
  for (const RtpCodecParameters& codec : consumable.codecs) {
    if (is_red(codec.mime_type)) negotiate_red(codec, remote, out);
  }
  if (out.parameters.codecs.empty()) {
    throw_unsupported("no codec of the producer can be received", "rtpCapabilities.codecs",
                      describe_all(consumable.codecs), describe_all(remote.codecs));
  }
  if (options.pipe) {
    out.type = ConsumerType::pipe;
    negotiate_all_encodings(producer, new_ssrc, out);
  } else {
    out.type = consumer_type(producer.type);
    negotiate_single_encoding(producer, new_ssrc, out);
  }
  out.mapping.mid = options.mid;
  if (options.mid) out.parameters.mid = std::string{options.mid->text()};
  out.parameters.rtcp = consumable.rtcp;
  out.parameters.msid = consumable.msid;
  return out;
}

}  // namespace sluice::ortc
