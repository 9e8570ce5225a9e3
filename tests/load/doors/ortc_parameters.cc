#include "tests/load/doors/ortc_parameters.h"

#include <algorithm>
#include <stdexcept>

namespace sluice::load {
namespace {

RtpCodecParameters vp8() {
  return {.mime_type = "video/VP8",
          .payload_type = PayloadType{kVp8},
          .clock_rate = 90'000,
          .rtcp_feedback = {{"nack", ""}, {"nack", "pli"}, {"ccm", "fir"}}};
}

RtpCodecParameters vp8_rtx() {
  return {.mime_type = "video/rtx",
          .payload_type = PayloadType{kVp8Rtx},
          .clock_rate = 90'000,
          .parameters = {{"apt", json::value(kVp8)}}};
}

RtpCodecParameters opus() {
  return {.mime_type = "audio/opus", .payload_type = PayloadType{kOpus}, .clock_rate = 48'000, .channels = 2};
}

bool is_rtx_of(const RtpCodecCapability& codec, std::optional<PayloadType> media) {
  const auto apt = codec.parameters.find("apt");
  return codec.mime_type == "video/rtx" && apt != codec.parameters.end() && media &&
         apt->second.to_number<int>() == media->value();
}

}  // namespace

OfferedTrack offer_track(const PublishedTrack& track, std::string_view mid, Identities& identities) {
  const bool video = track.kind == MediaKind::video;
  const bool simulcast = track.layers.size() > 1;
  OfferedTrack out;
  out.parameters.mid = mid;
  out.parameters.codecs = video ? std::vector{vp8(), vp8_rtx()} : std::vector{opus()};
  out.parameters.header_extensions = {{.uri = std::string{kMidUri}, .id = kMidExtension}};
  if (simulcast) out.parameters.header_extensions.push_back({.uri = std::string{kRidUri}, .id = kRidExtension});
  out.parameters.rtcp.cname = "load";

  for (std::size_t i = 0; i < track.layers.size(); ++i) {
    const PublishedStream& layer = track.layers[i];
    OutgoingStream stream{.source = layer.source,
                          .shape = layer.shape,
                          .ssrc = identities.ssrc(),
                          .payload_type = PayloadType{video ? kVp8 : kOpus},
                          .mid_extension = kMidExtension,
                          .mid = Mid::from(mid),
                          .phase = layer.phase,
                          .recording = layer.recording};
    RtpEncodingParameters encoding;
    if (simulcast) {
      encoding.rid = "r" + std::to_string(i);
      stream.rid = Rid::from(*encoding.rid);
      stream.rid_extension = kRidExtension;
    } else {
      encoding.ssrc = stream.ssrc;
      if (video) encoding.rtx = RtpRtxParameters{.ssrc = identities.ssrc()};
    }
    out.parameters.encodings.push_back(encoding);
    out.streams.push_back(stream);
  }
  return out;
}

RtpCapabilities receiving_capabilities(const RtpCapabilities& router, const std::vector<std::string>& extensions) {
  RtpCapabilities out;
  std::optional<PayloadType> media;
  for (const RtpCodecCapability& codec : router.codecs) {
    if (codec.mime_type == "video/VP8") media = codec.preferred_payload_type;
    if (codec.mime_type == "audio/opus" || codec.mime_type == "video/VP8") out.codecs.push_back(codec);
  }
  std::ranges::copy_if(router.codecs, std::back_inserter(out.codecs),
                       [&](const RtpCodecCapability& codec) { return is_rtx_of(codec, media); });
  std::ranges::copy_if(router.header_extensions, std::back_inserter(out.header_extensions),
                       [&](const RtpHeaderExtensionCapability& extension) {
                         return std::ranges::find(extensions, extension.uri) != extensions.end();
                       });
  return out;
}

RemoteEnd remote_end(const json::value& transport) {
  const auto ice = from_json<IceParameters>(transport.at("iceParameters"));
  const auto candidates = from_json<std::vector<IceCandidate>>(transport.at("iceCandidates"));
  const auto dtls = from_json<DtlsParameters>(transport.at("dtlsParameters"));

  RemoteEnd out{
      .credentials = {.ufrag = ice.username_fragment, .pwd = ice.password}, .fingerprints = {}, .address = {}};
  for (const DtlsFingerprint& named : dtls.fingerprints) {
    if (const auto fingerprint = Fingerprint::parse(named.algorithm, named.value)) {
      out.fingerprints.push_back(*fingerprint);
    }
  }
  for (const IceCandidate& candidate : candidates) {
    if (candidate.protocol != IceProtocol::udp) continue;
    const auto address = SocketAddress::parse(candidate.ip, candidate.port);
    if (address && out.address.empty()) out.address = *address;
  }
  if (out.address.empty()) throw std::runtime_error{"the transport has no UDP candidate"};
  return out;
}

}  // namespace sluice::load
