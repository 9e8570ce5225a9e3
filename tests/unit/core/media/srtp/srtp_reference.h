#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/media/srtp/srtp_keys.h"

/// SRTP by the letter of RFC 3711 and RFC 7714, on OpenSSL's primitives and apart from libsrtp. srtp_reference_test.cc
/// holds it against the RFCs' own vectors, which are of session keys that libsrtp's interface does not take; the other
/// tests hold our senders and receivers against it.
namespace sluice::reference {

using ByteVector = std::vector<std::uint8_t>;

[[nodiscard]] ByteVector from_hex(std::string_view hex);

/// RFC 3711 section 4.3.1.
enum class Label : std::uint8_t {
  rtp_encryption = 0,
  rtp_authentication = 1,
  rtp_salt = 2,
  rtcp_encryption = 3,
  rtcp_authentication = 4,
  rtcp_salt = 5,
};
[[nodiscard]] ByteVector derive(Bytes master_key, Bytes master_salt, Label label, std::size_t size);

/// RFC 3711 section 4.1.1: the keystream of AES in counter mode.
[[nodiscard]] ByteVector aes_cm(Bytes key, Bytes iv, Bytes input);
/// The ciphertext followed by the tag.
[[nodiscard]] ByteVector aes_gcm(Bytes key, Bytes iv, Bytes aad, Bytes plaintext);

struct SessionKeys {
  ByteVector encryption;
  ByteVector authentication;
  ByteVector salt;
};
/// A packet without CSRC and extension.
[[nodiscard]] ByteVector protect_rtp_gcm(const SessionKeys& keys, std::uint32_t roc, Bytes packet);
[[nodiscard]] ByteVector protect_rtp_cm(const SessionKeys& keys, std::uint32_t roc, Bytes packet);
[[nodiscard]] ByteVector protect_rtcp_gcm(const SessionKeys& keys, std::uint32_t index, Bytes packet);
[[nodiscard]] ByteVector protect_rtcp_cm(const SessionKeys& keys, std::uint32_t index, Bytes packet);

[[nodiscard]] ByteVector protect_rtp(SrtpProfile profile, const SrtpMasterKey& key, std::uint32_t roc, Bytes packet);
[[nodiscard]] ByteVector protect_rtcp(SrtpProfile profile, const SrtpMasterKey& key, std::uint32_t index, Bytes packet);

}  // namespace sluice::reference
