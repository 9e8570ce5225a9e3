#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/byte_reader.h"
#include "core/media/dtls/dtls_record.h"
#include "core/media/srtp/srtp_keys.h"

struct ssl_st;

namespace sluice {

/// What the peer may still say after the handshake.
enum class DtlsUtterance : std::uint8_t {
  nothing,  ///< not of this association, a replay, or of no consequence
  application_data,
  finished,  ///< its last flight again: it has not got ours, RFC 6347 section 4.2.4
  close_notify,
  fatal_alert,
};

/// The reading side of a DTLS 1.2 association whose handshake is done. Media goes by SRTP, so that nothing but alerts
/// and repetitions come; for them a key of some octets is kept, in place of OpenSSL's connection of 36 KB.
///
/// AEAD ciphers alone, as DtlsContext allows no others. Nothing is allocated but for the time of a record.
class EstablishedAssociation {
 public:
  /// @param connection  Its handshake is done.
  /// @return none where memory is out, or the cipher is none of ours.
  [[nodiscard]] static std::optional<EstablishedAssociation> of(ssl_st& connection, SrtpSide ours) noexcept;
  EstablishedAssociation(EstablishedAssociation&&) noexcept = default;
  EstablishedAssociation& operator=(EstablishedAssociation&&) noexcept = default;
  ~EstablishedAssociation();

  /// `AES_128_GCM`
  [[nodiscard]] std::string_view cipher_name() const noexcept;

  /// Verifies and decrypts. What is not authentic is `nothing`, and changes nothing.
  [[nodiscard]] DtlsUtterance hear(const DtlsRecord& record) noexcept;

 private:
  enum class Cipher : std::uint8_t { aes_128_gcm, aes_256_gcm, chacha20_poly1305 };
  static constexpr std::size_t kNonce = 12;
  static constexpr std::size_t kTag = 16;
  /// Longer ones are data, which nobody wants; alerts and Finished have some 40 octets.
  static constexpr std::size_t kMaxFragment = 2048;
  using Nonce = std::array<std::uint8_t, kNonce>;

  explicit EstablishedAssociation(Cipher cipher) noexcept : cipher_{cipher} {}
  [[nodiscard]] static std::optional<Cipher> cipher_of(ssl_st& connection) noexcept;
  [[nodiscard]] std::size_t key_size() const noexcept { return cipher_ == Cipher::aes_128_gcm ? 16 : 32; }
  /// What of the nonce comes from the handshake.
  [[nodiscard]] std::size_t iv_size() const noexcept { return cipher_ == Cipher::chacha20_poly1305 ? kNonce : 4; }
  [[nodiscard]] bool derive_key(ssl_st& connection, SrtpSide ours) noexcept;
  [[nodiscard]] Nonce nonce_of(std::uint64_t number, ByteReader& fragment) const noexcept;
  [[nodiscard]] std::optional<Bytes> open(const DtlsRecord& record, MutableBytes plaintext) const noexcept;

  Cipher cipher_;
  std::array<std::uint8_t, 32> key_{};
  Nonce iv_{};
  std::uint64_t newest_ = 0;  // sequence number; that of the Finished which OpenSSL has read
};

}  // namespace sluice
