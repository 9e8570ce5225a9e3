#include <algorithm>
#include <bitset>
#include <cmath>
#include <set>

#include "core/media/ortc/check.h"
#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/scalability_mode.h"
#include "core/media/ortc/validate.h"
#include "core/media/ortc/validate_codecs.h"
#include "core/media/rtp/header_extensions.h"
#include "core/media/rtp/stream_label.h"

namespace sluice::ortc {
namespace {

/// 0 is padding, and 15 stops the one-byte form, RFC 8285 section 4.2.
void check_extension_id(std::uint8_t id, const Path& path) {
  constexpr std::uint8_t kStop = 15;
  check(id != 0 && id != kStop, path, "must be 1 to 14, or 16 to 255");
}

void check_extensions(const std::vector<RtpHeaderExtensionParameters>& extensions, const Path& path) {
  check_count(extensions.size(), 0, kMaxExtensions, path);
  std::bitset<kExtensionIds> ids;
  std::set<std::string_view> uris;
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    const Path here{path, i};
    check_text(extensions[i].uri, 1, kMaxUriBytes, is_visible, {here, "uri"});
    check_extension_id(extensions[i].id, {here, "id"});
    check(!ids.test(extensions[i].id), {here, "id"}, "must be unique");
    check(uris.insert(extensions[i].uri).second, {here, "uri"}, "must be unique");
    check(!extensions[i].encrypt, {here, "encrypt"}, "must be false: RFC 6904 is not supported");
    check_format_parameters(extensions[i].parameters, {here, "parameters"});
    ids.set(extensions[i].id);
  }
}

void check_extensions(const std::vector<RtpHeaderExtensionCapability>& extensions, const Path& path) {
  check_count(extensions.size(), 0, kMaxCapabilityExtensions, path);
  std::bitset<kExtensionIds> audio_ids;
  std::bitset<kExtensionIds> video_ids;
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    const Path here{path, i};
    auto& ids = extensions[i].kind == MediaKind::audio ? audio_ids : video_ids;
    check_text(extensions[i].uri, 1, kMaxUriBytes, is_visible, {here, "uri"});
    check_extension_id(extensions[i].preferred_id, {here, "preferredId"});
    check(!ids.test(extensions[i].preferred_id), {here, "preferredId"}, "must be unique");
    ids.set(extensions[i].preferred_id);
  }
}

void check_positive(const std::optional<double>& value, double max, const Path& path) {
  if (value) check(std::isfinite(*value) && *value >= 0 && *value <= max, path, "is out of range");
}

void check_ssrc(Ssrc ssrc, std::set<Ssrc>& taken, const Path& path) {
  check(ssrc.value() != 0, path, "must not be 0");
  check(taken.insert(ssrc).second, path, "must be unique");
}

bool lists(const RtpParameters& parameters, HeaderExtension extension) {
  return std::any_of(parameters.header_extensions.begin(), parameters.header_extensions.end(),
                     [&](const RtpHeaderExtensionParameters& e) { return e.uri == uri(extension); });
}

/// The only stream of its m-section may be told by the MID in its packets, RFC 9143 section 9.2.
bool is_told_by_mid(const RtpParameters& parameters) {
  return parameters.mid && parameters.encodings.size() == 1 && lists(parameters, HeaderExtension::mid);
}

void check_encoding(const RtpEncodingParameters& encoding, bool told_by_mid, const Path& path) {
  constexpr double kMaxScale = 1000;
  constexpr double kMaxFramerate = 1000;
  constexpr std::size_t kMaxPriorityBytes = 16;
  check(encoding.ssrc || encoding.rid || told_by_mid, {path, "ssrc"}, "is missing, and there is no rid instead");
  if (encoding.rid) check_text(*encoding.rid, 1, kMaxLabelSize, RidRules::allows, {path, "rid"});
  if (encoding.scalability_mode) {
    check(parse_scalability_mode(*encoding.scalability_mode).has_value(), {path, "scalabilityMode"},
          "must be a mode of webrtc-svc such as L1T3");
  }
  check_positive(encoding.max_bitrate, kMaxBitrate, {path, "maxBitrate"});
  check_positive(encoding.max_framerate, kMaxFramerate, {path, "maxFramerate"});
  check_positive(encoding.scale_resolution_down_by, kMaxScale, {path, "scaleResolutionDownBy"});
  for (const auto& [value, name] :
       {std::pair{&encoding.priority, "priority"}, std::pair{&encoding.network_priority, "networkPriority"}}) {
    if (*value) check_text(**value, 1, kMaxPriorityBytes, is_token, {path, name});
  }
}

void check_codec_payload_type(const RtpEncodingParameters& encoding, const std::vector<RtpCodecParameters>& codecs,
                              const Path& path) {
  if (!encoding.codec_payload_type) return;
  const bool found = std::any_of(codecs.begin(), codecs.end(), [&](const RtpCodecParameters& codec) {
    return codec.payload_type == *encoding.codec_payload_type && !is_rtx(codec.mime_type);
  });
  check(found, path, "must be the payload type of a media codec in the list");
}

void check_encodings(const RtpParameters& parameters, MediaKind kind, const Path& path) {
  const auto& encodings = parameters.encodings;
  check_count(encodings.size(), 1, kind == MediaKind::audio ? 1 : kMaxEncodings, path);
  std::set<Ssrc> ssrcs;
  std::set<std::string_view> rids;
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    const Path here{path, i};
    const Path rtx{here, "rtx"};
    check_encoding(encodings[i], is_told_by_mid(parameters), here);
    check_codec_payload_type(encodings[i], parameters.codecs, {here, "codecPayloadType"});
    if (encodings[i].ssrc) check_ssrc(*encodings[i].ssrc, ssrcs, {here, "ssrc"});
    if (encodings[i].rtx) check_ssrc(encodings[i].rtx->ssrc, ssrcs, {rtx, "ssrc"});
    if (encodings[i].rid) check(rids.insert(*encodings[i].rid).second, {here, "rid"}, "must be unique");
  }
}

/// A stream that is told by its rid alone can only be found through the header extension, RFC 8852 section 3.
void check_rid_extension(const RtpParameters& parameters, const Path& path) {
  const bool needed = std::any_of(parameters.encodings.begin(), parameters.encodings.end(),
                                  [](const RtpEncodingParameters& encoding) { return !encoding.ssrc && encoding.rid; });
  const bool listed = lists(parameters, HeaderExtension::rid);
  check(!needed || listed, path, "must list rtp-stream-id, since an encoding has a rid and no ssrc");
}

void check_msid(std::string_view msid, const Path& path) {
  const std::size_t space = msid.find(' ');
  check_text(msid.substr(0, space), 0, kMaxMsidPartBytes, is_visible, path);
  if (space == std::string_view::npos) return;
  check_text(msid.substr(space + 1), 0, kMaxMsidPartBytes, is_visible, path);
}

}  // namespace

void validate(const RtpParameters& parameters, MediaKind kind, std::string_view root) {
  const Path nowhere;
  const Path path{nowhere, root};
  const Path rtcp{path, "rtcp"};
  if (parameters.mid) check_text(*parameters.mid, 1, kMaxLabelSize, MidRules::allows, {path, "mid"});
  check_codecs(parameters.codecs, kind, {path, "codecs"});
  check_extensions(parameters.header_extensions, {path, "headerExtensions"});
  check_encodings(parameters, kind, {path, "encodings"});
  check_rid_extension(parameters, {path, "headerExtensions"});
  // An empty cname is what mediasoup-client sends where the browser's offer has none.
  if (parameters.rtcp.cname) check_text(*parameters.rtcp.cname, 0, kMaxCnameBytes, is_visible, {rtcp, "cname"});
  check(parameters.rtcp.mux.value_or(true), {rtcp, "mux"}, "must be true");
  if (parameters.msid) check_msid(*parameters.msid, {path, "msid"});
}

void validate(const RtpCapabilities& capabilities, std::string_view root) {
  const Path nowhere;
  const Path path{nowhere, root};
  check_codecs(capabilities.codecs, {path, "codecs"});
  check_extensions(capabilities.header_extensions, {path, "headerExtensions"});
}

}  // namespace sluice::ortc
