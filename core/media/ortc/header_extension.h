#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sluice/ortc.h"

namespace sluice::ortc {

/// The RTP header extensions that the gateway reads, writes or carries.
enum class HeaderExtension : std::uint8_t {
  mid,                    ///< RFC 9143 section 15
  rid,                    ///< RFC 8852, rtp-stream-id
  repaired_rid,           ///< RFC 8852, repaired-rtp-stream-id
  abs_send_time,          ///< webrtc.org experiment
  transport_cc,           ///< draft-holmer-rmcat-transport-wide-cc-extensions-01
  dependency_descriptor,  ///< AV1 RTP payload specification, appendix A
  audio_level,            ///< RFC 6464
  video_orientation,      ///< 3GPP TS 26.114 section 7.4.5
  toffset,                ///< RFC 5450
  abs_capture_time,       ///< webrtc.org experiment
  playout_delay           ///< webrtc.org experiment
};
inline constexpr std::size_t kHeaderExtensionCount = 11;

[[nodiscard]] std::string_view uri_of(HeaderExtension extension) noexcept;
[[nodiscard]] std::optional<HeaderExtension> find_header_extension(std::string_view uri) noexcept;

/// Ids by meaning; 0 where an extension is not in use.
class HeaderExtensionIds {
 public:
  [[nodiscard]] std::uint8_t operator[](HeaderExtension extension) const noexcept {
    return ids_[static_cast<std::size_t>(extension)];
  }
  void set(HeaderExtension extension, std::uint8_t id) noexcept { ids_[static_cast<std::size_t>(extension)] = id; }

 private:
  std::array<std::uint8_t, kHeaderExtensionCount> ids_{};
};

/// What every router offers, always with the same ids, so that packets of one producer can go to any consumer.
[[nodiscard]] const std::vector<RtpHeaderExtensionCapability>& router_header_extensions();

}  // namespace sluice::ortc
