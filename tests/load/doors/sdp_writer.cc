#include <algorithm>

#include "tests/load/doors/ortc_parameters.h"
#include "tests/load/doors/sdp_text.h"

namespace sluice::load {
namespace {

void line(std::string& out, const std::string& text) { out += text + "\r\n"; }

std::string session_head(const std::string& bundle) {
  std::string out;
  line(out, "v=0");
  line(out, "o=- 1 1 IN IP4 127.0.0.1");
  line(out, "s=-");
  line(out, "t=0 0");
  line(out, "a=group:BUNDLE" + bundle);
  line(out, "a=msid-semantic: WMS *");
  return out;
}

void append_transport(std::string& out, const LocalEnd& local, const char* setup) {
  line(out, "c=IN IP4 0.0.0.0");
  line(out, "a=rtcp:9 IN IP4 0.0.0.0");
  line(out, "a=ice-ufrag:" + local.credentials.ufrag);
  line(out, "a=ice-pwd:" + local.credentials.pwd);
  line(out, "a=ice-options:trickle");
  line(out, "a=fingerprint:" + std::string{to_string(local.fingerprint.algorithm())} + " " + local.fingerprint.value());
  line(out, std::string{"a=setup:"} + setup);
}

void append_codecs(std::string& out, const LocalMedia& media) {
  const std::string type = std::to_string(media.payload_type);
  if (media.kind == MediaKind::audio) {
    line(out, "a=rtpmap:" + type + " opus/48000/2");
    line(out, "a=fmtp:" + type + " minptime=10;useinbandfec=1");
    return;
  }
  line(out, "a=rtpmap:" + type + " VP8/90000");
  line(out, "a=rtcp-fb:" + type + " nack");
  line(out, "a=rtcp-fb:" + type + " nack pli");
  line(out, "a=rtcp-fb:" + type + " ccm fir");
  if (!media.rtx_payload_type) return;
  line(out, "a=rtpmap:" + std::to_string(*media.rtx_payload_type) + " rtx/90000");
  line(out, "a=fmtp:" + std::to_string(*media.rtx_payload_type) + " apt=" + type);
}

void append_streams(std::string& out, const LocalMedia& media) {
  if (media.direction == "recvonly") return;
  line(out, "a=msid:load track" + media.mid);
  if (media.ssrcs.size() == 2) {
    line(out,
         "a=ssrc-group:FID " + std::to_string(media.ssrcs[0].value()) + " " + std::to_string(media.ssrcs[1].value()));
  }
  for (const Ssrc ssrc : media.ssrcs) line(out, "a=ssrc:" + std::to_string(ssrc.value()) + " cname:load");
  std::string layers;
  for (const std::string& rid : media.rids) {
    line(out, "a=rid:" + rid + " send");
    layers += (layers.empty() ? "" : ";") + rid;
  }
  if (!layers.empty()) line(out, "a=simulcast:send " + layers);
}

void append_media(std::string& out, const LocalEnd& local, const LocalMedia& media, const char* setup) {
  std::string formats = " " + std::to_string(media.payload_type);
  if (media.rtx_payload_type) formats += " " + std::to_string(*media.rtx_payload_type);
  line(out, "m=" + std::string{to_string(media.kind)} + " 9 UDP/TLS/RTP/SAVPF" + formats);
  append_transport(out, local, setup);
  line(out, "a=mid:" + media.mid);
  for (const auto& [uri, id] : media.extensions) line(out, "a=extmap:" + std::to_string(id) + " " + uri);
  line(out, "a=" + media.direction);
  line(out, "a=rtcp-mux");
  line(out, "a=rtcp-rsize");
  append_codecs(out, media);
  append_streams(out, media);
}

/// RFC 8829 section 5.3.1: a rejected section keeps its place and its protocol.
void append_rejected(std::string& out, const SdpMedia& offered) {
  const bool rtp = offered.kind == "audio" || offered.kind == "video";
  const std::string format = offered.formats.empty() ? "0" : offered.formats.front();
  line(out, "m=" + offered.kind + " 0 " + (rtp ? "UDP/TLS/RTP/SAVPF " : "UDP/DTLS/SCTP ") + format);
  line(out, "c=IN IP4 0.0.0.0");
  line(out, "a=mid:" + offered.mid);
  line(out, "a=inactive");
}

std::optional<LocalMedia> accept(const SdpMedia& offered, const std::vector<std::string>& extensions) {
  const bool video = offered.kind == "video";
  const auto codec = offered.codecs.find(video ? "vp8" : "opus");
  if (offered.rejected || codec == offered.codecs.end() || (!video && offered.kind != "audio")) return std::nullopt;
  LocalMedia out{.kind = video ? MediaKind::video : MediaKind::audio,
                 .mid = offered.mid,
                 .direction = offered.direction == "inactive" ? "inactive" : "recvonly",
                 .payload_type = codec->second,
                 .extensions = {},
                 .ssrcs = {},
                 .rids = {}};
  const auto rtx = offered.retransmissions.find(codec->second);
  if (rtx != offered.retransmissions.end()) out.rtx_payload_type = rtx->second;
  for (const auto& [uri, id] : offered.extensions) {
    if (std::ranges::find(extensions, uri) != extensions.end()) out.extensions.emplace(uri, id);
  }
  return out;
}

}  // namespace

OfferedMedia offer_media(const PublishedTrack& track, std::size_t mid, Identities& identities) {
  OfferedTrack offered = offer_track(track, std::to_string(mid), identities);
  const bool video = track.kind == MediaKind::video;
  OfferedMedia out;
  out.section = {.kind = track.kind,
                 .mid = std::to_string(mid),
                 .direction = "sendonly",
                 .payload_type = video ? kVp8 : kOpus,
                 .extensions = {},
                 .ssrcs = {},
                 .rids = {}};
  if (video) out.section.rtx_payload_type = kVp8Rtx;
  for (const auto& extension : offered.parameters.header_extensions) {
    out.section.extensions.emplace(extension.uri, extension.id);
  }
  for (const RtpEncodingParameters& encoding : offered.parameters.encodings) {
    if (encoding.ssrc) out.section.ssrcs.push_back(*encoding.ssrc);
    if (encoding.rtx) out.section.ssrcs.push_back(encoding.rtx->ssrc);
    if (encoding.rid) out.section.rids.push_back(*encoding.rid);
  }
  out.streams = std::move(offered.streams);
  return out;
}

void apply_answer(const SdpDescription& answer, std::vector<OutgoingStream>& streams) {
  for (OutgoingStream& stream : streams) {
    const auto section = std::ranges::find(answer.media, stream.mid ? stream.mid->text() : "", &SdpMedia::mid);
    const auto id = [&](std::string_view uri) -> std::uint8_t {
      if (section == answer.media.end()) return 0;
      const auto found = section->extensions.find(std::string{uri});
      return found == section->extensions.end() ? 0 : found->second;
    };
    stream.mid_extension = id(kMidUri);
    stream.rid_extension = id(kRidUri);
  }
}

LocalMedia receiving_media(MediaKind kind, std::size_t mid, const std::vector<std::string>& extensions) {
  const bool video = kind == MediaKind::video;
  LocalMedia out{.kind = kind,
                 .mid = std::to_string(mid),
                 .direction = "recvonly",
                 .payload_type = video ? kVp8 : kOpus,
                 .extensions = {},
                 .ssrcs = {},
                 .rids = {}};
  if (video) out.rtx_payload_type = kVp8Rtx;
  std::uint8_t id = kMidExtension;
  for (const std::string& uri : extensions) out.extensions.emplace(uri, id++);
  return out;
}

std::string write_offer(const LocalEnd& local, const std::vector<LocalMedia>& media) {
  std::string bundle;
  std::string sections;
  for (const LocalMedia& section : media) {
    bundle += " " + section.mid;
    append_media(sections, local, section, "actpass");
  }
  return session_head(bundle) + sections;
}

std::string write_answer(const LocalEnd& local, const SdpDescription& offer,
                         const std::vector<std::string>& extensions) {
  std::string bundle;
  std::string sections;
  for (const SdpMedia& offered : offer.media) {
    const auto section = accept(offered, extensions);
    if (!section) {
      append_rejected(sections, offered);
      continue;
    }
    bundle += " " + section->mid;
    append_media(sections, local, *section, "active");
  }
  return session_head(bundle) + sections;
}

}  // namespace sluice::load
