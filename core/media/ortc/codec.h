#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/media/rtp/video_codec.h"
#include "sluice/ortc.h"

namespace sluice::ortc {

/// What tells one codec from another, of a capability or of parameters in use. Borrows from what it was made of.
struct CodecView {
  std::string_view mime_type;
  std::uint32_t clock_rate;
  std::uint8_t channels;
  const FormatParameters& parameters;
};
[[nodiscard]] CodecView view(const RtpCodecCapability& codec) noexcept;
[[nodiscard]] CodecView view(const RtpCodecParameters& codec) noexcept;

/// ASCII case does not matter in media types and feedback names.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// `audio` or `video` before the slash of a media type; nothing for another one.
[[nodiscard]] std::optional<MediaKind> kind_of(std::string_view mime_type) noexcept;
/// `video/rtx`: the retransmission payload format, RFC 4588.
[[nodiscard]] bool is_rtx(std::string_view mime_type) noexcept;

/// The codec as the parts that read payloads know it; nothing for audio, RTX and formats that are not routed.
[[nodiscard]] std::optional<VideoCodec> video_codec_of(std::string_view mime_type) noexcept;

/// A format parameter as an integer, whether it was written as a number or as a string of digits.
[[nodiscard]] std::optional<std::int64_t> integer_parameter(const FormatParameters& parameters, std::string_view key);
[[nodiscard]] std::optional<std::string> text_parameter(const FormatParameters& parameters, std::string_view key);
/// RTX's `apt`, RFC 4588 section 8.1; nothing where it is missing or no payload type.
[[nodiscard]] std::optional<PayloadType> associated_payload_type(const FormatParameters& parameters);

/// Whether what was encoded for `a` can be decoded as `b`: same format, clock rate and channels, and where the format
/// has profiles, the same profile:
/// - H.264: packetization-mode and profile of profile-level-id (RFC 6184 section 8.2.2; the level does not matter),
/// - VP9: profile-id (RFC 9628 section 6.1), AV1: profile (AV1 RTP payload specification section 7.2.1).
[[nodiscard]] bool same_codec(const CodecView& a, const CodecView& b);

/// For people: `video/H264 (profile-level-id=42e01f, packetization-mode=1)`.
[[nodiscard]] std::string describe(const CodecView& codec);

/// Refuses with ErrorCode::unsupported; the details name what was offered and what would have been taken.
[[noreturn]] void throw_unsupported(const std::string& reason, const std::string& path,
                                    const std::vector<std::string>& offered, const std::vector<std::string>& supported);

/// `describe` of every codec but RTX.
template <class Codec>
[[nodiscard]] std::vector<std::string> describe_all(const std::vector<Codec>& codecs,
                                                    std::optional<MediaKind> kind = {}) {
  std::vector<std::string> out;
  for (const Codec& codec : codecs) {
    if (is_rtx(codec.mime_type) || (kind && kind_of(codec.mime_type) != *kind)) continue;
    out.push_back(describe(view(codec)));
  }
  return out;
}

}  // namespace sluice::ortc
