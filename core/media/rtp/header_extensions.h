#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sluice/result.h"

namespace sluice {

/// The header extensions that the gateway knows, be it to read them or to carry them on.
enum class HeaderExtension : std::uint8_t {
  mid,                        ///< RFC 9143 section 15
  rid,                        ///< RFC 8852
  repaired_rid,               ///< RFC 8852: the rid of the stream that this RTX packet repairs
  audio_level,                ///< RFC 6464
  abs_send_time,              ///< sender's clock at the moment of sending, 24 bits
  transport_sequence_number,  ///< draft-holmer-rmcat-transport-wide-cc-extensions-01
  video_orientation,          ///< 3GPP TS 26.114 section 7.4.5
  playout_delay,              ///< limits for the receiver's buffer
  dependency_descriptor,      ///< AV1 RTP payload specification, appendix A
  transmission_offset,        ///< RFC 5450
  abs_capture_time            ///< sender's clock at the moment of capture
};

inline constexpr std::size_t kHeaderExtensionCount = 11;

[[nodiscard]] std::string_view uri(HeaderExtension extension) noexcept;
[[nodiscard]] std::optional<HeaderExtension> header_extension_from_uri(std::string_view uri) noexcept;

enum class ExtensionMapError : std::uint8_t {
  bad_id,          ///< 0, or 15, which stops the one-byte form (RFC 8285 section 4.2)
  id_taken,        ///< this id stands for another extension
  already_mapped,  ///< this extension has another id
};

/// Which id stands for which extension in one session.
class HeaderExtensionMap {
 public:
  /// Saying the same twice is no error.
  Result<Ok, ExtensionMapError> add(HeaderExtension extension, std::uint8_t id) noexcept;
  [[nodiscard]] std::optional<std::uint8_t> id_of(HeaderExtension extension) const noexcept;
  [[nodiscard]] std::optional<HeaderExtension> extension_of(std::uint8_t id) const noexcept;

 private:
  std::array<std::uint8_t, kHeaderExtensionCount> ids_{};  ///< by extension; 0: not negotiated
};

}  // namespace sluice
