#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// SRTP protection profile. The values are the registry's, RFC 5764 section 4.1.2 and RFC 7714 section 14.2.
enum class SrtpProfile : std::uint16_t {
  aes128_cm_hmac_sha1_80 = 0x0001,
  aead_aes_128_gcm = 0x0007,
  aead_aes_256_gcm = 0x0008,
};

/// Best first. GCM costs a fifth of AES-CM with HMAC-SHA1 per packet; 128 bits cost less than 256.
inline constexpr std::array kSrtpProfilePreference{SrtpProfile::aead_aes_128_gcm, SrtpProfile::aead_aes_256_gcm,
                                                   SrtpProfile::aes128_cm_hmac_sha1_80};

/// All in bytes.
struct SrtpProfileSizes {
  std::size_t key;           ///< master key
  std::size_t salt;          ///< master salt
  std::size_t rtp_trailer;   ///< what protection adds to an RTP packet: the authentication tag
  std::size_t rtcp_trailer;  ///< what it adds to an RTCP packet: the tag, the E bit and the SRTCP index
};

inline constexpr std::size_t kMaxSrtpTrailer = 20;
/// The longest master key and master salt together.
inline constexpr std::size_t kMaxSrtpMasterKey = 46;

[[nodiscard]] constexpr SrtpProfileSizes sizes_of(SrtpProfile profile) noexcept {
  switch (profile) {
    case SrtpProfile::aead_aes_128_gcm:
      return {.key = 16, .salt = 12, .rtp_trailer = 16, .rtcp_trailer = 20};
    case SrtpProfile::aead_aes_256_gcm:
      return {.key = 32, .salt = 12, .rtp_trailer = 16, .rtcp_trailer = 20};
    case SrtpProfile::aes128_cm_hmac_sha1_80:
      break;
  }
  return {.key = 16, .salt = 14, .rtp_trailer = 10, .rtcp_trailer = 14};
}

[[nodiscard]] constexpr bool is_aead(SrtpProfile profile) noexcept {
  return profile != SrtpProfile::aes128_cm_hmac_sha1_80;
}

/// The profile with this number of the registry, if it is one of ours.
[[nodiscard]] constexpr std::optional<SrtpProfile> srtp_profile_from_id(unsigned long id) noexcept {
  for (const SrtpProfile profile : kSrtpProfilePreference) {
    if (static_cast<unsigned long>(profile) == id) return profile;
  }
  return std::nullopt;
}

/// The name that the registry gives: `SRTP_AEAD_AES_128_GCM`.
[[nodiscard]] constexpr std::string_view to_string(SrtpProfile profile) noexcept {
  switch (profile) {
    case SrtpProfile::aead_aes_128_gcm:
      return "SRTP_AEAD_AES_128_GCM";
    case SrtpProfile::aead_aes_256_gcm:
      return "SRTP_AEAD_AES_256_GCM";
    case SrtpProfile::aes128_cm_hmac_sha1_80:
      break;
  }
  return "SRTP_AES128_CM_HMAC_SHA1_80";
}

}  // namespace sluice
