#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_error.h"
#include "core/media/srtp/srtp_keys.h"
#include "sluice/media_types.h"
#include "sluice/result.h"

struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;

namespace sluice {

enum class SrtpDirection : std::uint8_t { outbound, inbound };
enum class SrtpUse : std::uint8_t { rtp, rtcp };

/// The session keys of one direction of SRTP or SRTCP (RFC 3711 section 4.3), and what is done with them: AES in
/// counter mode with HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2.1) or AES in Galois/Counter mode (RFC 7714).
///
/// Only OpenSSL's contexts are behind it. They are made with the first packet, as many a session never sends a packet
/// of a kind; after that nothing is allocated. One thread at a time.
class SrtpCipher {
 public:
  /// A packet, cut as both modes need it.
  struct Parts {
    Ssrc ssrc;
    std::uint64_t index;  ///< SRTP: roll-over counter and sequence number; SRTCP: its index
    Bytes header;         ///< authenticated
    MutableBytes text;    ///< encrypted in place, and authenticated
    Bytes suffix;         ///< authenticated: the roll-over counter of AES-CM, the E bit and the index of SRTCP
    MutableBytes tag;
  };

  [[nodiscard]] static Result<SrtpCipher, SrtpError> create(SrtpProfile profile, const SrtpMasterKey& key, SrtpUse use,
                                                            SrtpDirection direction) noexcept;
  SrtpCipher(SrtpCipher&&) noexcept;
  SrtpCipher& operator=(SrtpCipher&&) noexcept;
  ~SrtpCipher();

  /// Encrypts the text and writes the tag. @return false: OpenSSL failed.
  [[nodiscard]] bool seal(const Parts& parts) noexcept;
  /// seal() follows soon: asks for the memory that it will need, as far as OpenSSL's can be known.
  void prefetch() const noexcept;
  /// Verifies the tag and decrypts the text. After false the text is of no use.
  [[nodiscard]] bool open(const Parts& parts) noexcept;

 private:
  static constexpr std::size_t kMaxKey = 32;
  static constexpr std::size_t kSalt = 14;  // GCM: 12, and zeros
  static constexpr std::size_t kAuthenticationKey = 20;

  struct CipherDeleter {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  struct MacDeleter {
    void operator()(evp_mac_ctx_st* context) const noexcept;
  };
  struct Keys {
    std::array<std::uint8_t, kMaxKey> encryption{};
    std::array<std::uint8_t, kSalt> salt{};
    std::array<std::uint8_t, kAuthenticationKey> authentication{};
  };

  SrtpCipher(SrtpProfile profile, SrtpDirection direction) noexcept : profile_{profile}, direction_{direction} {}

  [[nodiscard]] bool derive(const SrtpMasterKey& key, SrtpUse use) noexcept;
  [[nodiscard]] bool ready() noexcept;
  [[nodiscard]] bool begin(const Parts& parts) noexcept;
  [[nodiscard]] bool run_gcm(const Parts& parts) noexcept;
  [[nodiscard]] bool run_counter_mode(const Parts& parts) noexcept;
  [[nodiscard]] bool write_tag(const Parts& parts, MutableBytes tag) noexcept;

  SrtpProfile profile_;
  SrtpDirection direction_;
  Keys keys_;
  std::unique_ptr<evp_cipher_ctx_st, CipherDeleter> cipher_;
  std::unique_ptr<evp_mac_ctx_st, MacDeleter> mac_;
};

}  // namespace sluice
