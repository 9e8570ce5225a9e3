#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_profile.h"

namespace sluice {

/// Master key followed by master salt, RFC 3711 section 3.2.1. The memory is overwritten when the object dies.
class SrtpMasterKey {
 public:
  /// The sizes must be those of the profile that the key is for.
  SrtpMasterKey(Bytes key, Bytes salt) noexcept;
  SrtpMasterKey(const SrtpMasterKey&) noexcept = default;
  SrtpMasterKey& operator=(const SrtpMasterKey&) noexcept = default;
  ~SrtpMasterKey();

  [[nodiscard]] Bytes key_and_salt() const noexcept { return Bytes{bytes_}.first(size_); }
  friend bool operator==(const SrtpMasterKey& a, const SrtpMasterKey& b) noexcept;

 private:
  std::array<std::uint8_t, kMaxSrtpMasterKey> bytes_{};
  std::size_t size_ = 0;
};

/// Which end of the DTLS handshake this side was.
enum class SrtpSide : std::uint8_t { client, server };

/// The keys of both directions, as this side uses them.
struct SrtpKeys {
  SrtpProfile profile;
  SrtpMasterKey local;   ///< protects what this side sends
  SrtpMasterKey remote;  ///< protects what the peer sends
};

/// Bytes to ask of the exporter for this profile.
[[nodiscard]] constexpr std::size_t keying_material_size(SrtpProfile profile) noexcept {
  return 2 * (sizes_of(profile).key + sizes_of(profile).salt);
}
inline constexpr std::size_t kMaxKeyingMaterial = 2 * kMaxSrtpMasterKey;

/// Cuts the exporter's output, RFC 5764 section 4.2. Nothing where the size is not keying_material_size().
[[nodiscard]] std::optional<SrtpKeys> split_keying_material(SrtpProfile profile, Bytes material,
                                                            SrtpSide side) noexcept;

}  // namespace sluice
