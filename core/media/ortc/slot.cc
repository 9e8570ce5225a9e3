#include "core/media/ortc/codec.h"
#include "core/media/ortc/negotiation.h"
#include "core/media/rtp/header_extensions.h"

namespace sluice::ortc {
namespace {

void add_codecs(MediaKind kind, const RtpCapabilities& router, RtpParameters& out) {
  for (const RtpCodecCapability& codec : router.codecs) {
    if (codec.kind != kind) continue;
    out.codecs.push_back({.mime_type = codec.mime_type,
                          .payload_type = codec.preferred_payload_type.value(),
                          .clock_rate = codec.clock_rate,
                          .channels = codec.channels,
                          .parameters = codec.parameters,
                          .rtcp_feedback = codec.rtcp_feedback});
  }
}

/// One of the slot's producers may be a simulcast, for which the dependency descriptor would be a lie.
void add_extensions(MediaKind kind, const RtpCapabilities& router, RtpParameters& out) {
  using Direction = RtpHeaderExtensionDirection;
  for (const RtpHeaderExtensionCapability& supported : router.header_extensions) {
    const bool sent = supported.direction == Direction::sendrecv || supported.direction == Direction::sendonly;
    if (supported.kind != kind || !sent || supported.uri == uri(HeaderExtension::dependency_descriptor)) continue;
    out.header_extensions.push_back({.uri = supported.uri, .id = supported.preferred_id});
  }
}

}  // namespace

// A slot is a consumer of a producer that may send whatever the router knows.
NegotiatedConsumer negotiate_slot(MediaKind kind, const RtpCapabilities& router, const RtpCapabilities& remote,
                                  const std::string& cname, const SsrcGenerator& new_ssrc,
                                  const ConsumerOptions& options) {
  NegotiatedProducer anyone;
  add_codecs(kind, router, anyone.consumable);
  add_extensions(kind, router, anyone.consumable);
  anyone.consumable.encodings.push_back({.ssrc = new_ssrc()});
  anyone.consumable.rtcp = {.cname = cname, .reduced_size = true};
  return negotiate_consumer(anyone, remote, new_ssrc, options);
}

bool fits_slot(const RtpParameters& consumable, const ConsumerMapping& slot) {
  for (const RtpCodecParameters& codec : consumable.codecs) {
    if (is_rtx(codec.mime_type)) continue;
    if (slot.codecs[codec.payload_type.value()].payload_type != kNoPayloadType) return true;
  }
  return false;
}

}  // namespace sluice::ortc
