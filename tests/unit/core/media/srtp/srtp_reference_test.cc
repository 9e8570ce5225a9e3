#include "tests/unit/core/media/srtp/srtp_reference.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

#include "core/base/byte_writer.h"

namespace sluice::reference {
namespace {

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::size_t kGcmTag = 16;
constexpr std::size_t kHmacTag = 10;
constexpr std::size_t kRtpHeader = 12;
constexpr std::size_t kRtcpHeader = 8;
constexpr std::uint32_t kEncryptedBit = 0x8000'0000;

ByteVector xored(Bytes a, Bytes b) {
  ByteVector result(a.begin(), a.end());
  for (std::size_t i = 0; i < b.size(); ++i) result[i] ^= b[i];
  return result;
}

void append(ByteVector& target, Bytes more) { target.insert(target.end(), more.begin(), more.end()); }

ByteVector big_endian(std::uint32_t value) {
  ByteVector bytes(4);
  ByteWriter{bytes}.u32(value);
  return bytes;
}

// The 112-bit salt of AES-CM and the 96-bit salt of GCM stand at the left of the 128-bit counter block.
ByteVector padded_to_block(Bytes salt) {
  ByteVector block(salt.begin(), salt.end());
  block.resize(16);
  return block;
}

// RFC 3711 section 4.1.1: IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16), i of 48 bits
ByteVector cm_iv(Bytes salt, Bytes ssrc, std::uint64_t index) {
  ByteVector block(16);
  ByteWriter out{block};
  out.zeros(4);
  out.bytes(ssrc);
  out.u64(index << 16);
  return xored(padded_to_block(salt), block);
}

ByteVector hmac_sha1_80(Bytes key, Bytes input) {
  ByteVector tag(EVP_MAX_MD_SIZE);
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), input.data(), input.size(), tag.data(), nullptr);
  tag.resize(kHmacTag);
  return tag;
}

}  // namespace

ByteVector from_hex(std::string_view hex) {
  ByteVector bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
      continue;
    }
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | digit));
    high = -1;
  }
  return bytes;
}

ByteVector derive(Bytes master_key, Bytes master_salt, Label label, std::size_t size) {
  constexpr std::size_t kLabelOffset = 7;  // key_id = <label, r>, r of 48 bits and zero: no re-derivation
  ByteVector iv = padded_to_block(master_salt);
  iv[kLabelOffset] ^= static_cast<std::uint8_t>(label);
  return aes_cm(master_key, iv, ByteVector(size));
}

ByteVector aes_cm(Bytes key, Bytes iv, Bytes input) {
  const CipherContext context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  EVP_EncryptInit_ex(context.get(), key.size() == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr(), nullptr, key.data(),
                     iv.data());
  ByteVector output(input.size());
  int written = 0;
  EVP_EncryptUpdate(context.get(), output.data(), &written, input.data(), static_cast<int>(input.size()));
  return output;
}

ByteVector aes_gcm(Bytes key, Bytes iv, Bytes aad, Bytes plaintext) {
  const CipherContext context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  EVP_EncryptInit_ex(context.get(), key.size() == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm(), nullptr, key.data(),
                     iv.data());
  ByteVector output(plaintext.size() + kGcmTag);
  int written = 0;
  EVP_EncryptUpdate(context.get(), nullptr, &written, aad.data(), static_cast<int>(aad.size()));
  EVP_EncryptUpdate(context.get(), output.data(), &written, plaintext.data(), static_cast<int>(plaintext.size()));
  EVP_EncryptFinal_ex(context.get(), output.data() + plaintext.size(), &written);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTag, output.data() + plaintext.size());
  return output;
}

// RFC 7714 section 8.1: | 00 00 | SSRC | ROC | SEQ | XOR salt; section 8.2: the header is the associated data
ByteVector protect_rtp_gcm(const SessionKeys& keys, std::uint32_t roc, Bytes packet) {
  ByteVector nonce(12);
  ByteWriter out{nonce};
  out.zeros(2);
  out.bytes(packet.subspan(8, 4));
  out.u32(roc);
  out.bytes(packet.subspan(2, 2));

  const Bytes header = packet.first(kRtpHeader);
  ByteVector result(header.begin(), header.end());
  append(result, aes_gcm(keys.encryption, xored(nonce, keys.salt), header, packet.subspan(kRtpHeader)));
  return result;
}

// RFC 3711 section 4.2: the tag covers the encrypted packet followed by the ROC
ByteVector protect_rtp_cm(const SessionKeys& keys, std::uint32_t roc, Bytes packet) {
  const std::uint64_t index = std::uint64_t{roc} << 16 | std::uint64_t{packet[2]} << 8 | packet[3];
  const Bytes header = packet.first(kRtpHeader);
  ByteVector result(header.begin(), header.end());
  append(result, aes_cm(keys.encryption, cm_iv(keys.salt, packet.subspan(8, 4), index), packet.subspan(kRtpHeader)));

  ByteVector authenticated = result;
  append(authenticated, big_endian(roc));
  append(result, hmac_sha1_80(keys.authentication, authenticated));
  return result;
}

// RFC 7714 section 9.1: | 00 00 | SSRC | 00 00 | 0 + SRTCP index | XOR salt; 9.2: header and ESRTCP word are the AAD
ByteVector protect_rtcp_gcm(const SessionKeys& keys, std::uint32_t index, Bytes packet) {
  ByteVector nonce(12);
  ByteWriter out{nonce};
  out.zeros(2);
  out.bytes(packet.subspan(4, 4));
  out.zeros(2);
  out.u32(index);

  const ByteVector esrtcp = big_endian(index | kEncryptedBit);
  const Bytes header = packet.first(kRtcpHeader);
  ByteVector result(header.begin(), header.end());
  ByteVector aad = result;
  append(aad, esrtcp);
  append(result, aes_gcm(keys.encryption, xored(nonce, keys.salt), aad, packet.subspan(kRtcpHeader)));
  append(result, esrtcp);
  return result;
}

// RFC 3711 section 3.4: | header | encrypted | E + SRTCP index | tag over all of it |
ByteVector protect_rtcp_cm(const SessionKeys& keys, std::uint32_t index, Bytes packet) {
  const Bytes header = packet.first(kRtcpHeader);
  ByteVector result(header.begin(), header.end());
  append(result, aes_cm(keys.encryption, cm_iv(keys.salt, packet.subspan(4, 4), index), packet.subspan(kRtcpHeader)));
  append(result, big_endian(index | kEncryptedBit));
  append(result, hmac_sha1_80(keys.authentication, result));
  return result;
}

ByteVector protect_rtp(SrtpProfile profile, const SrtpMasterKey& key, std::uint32_t roc, Bytes packet) {
  const SrtpProfileSizes sizes = sizes_of(profile);
  const Bytes master = key.key_and_salt().first(sizes.key);
  const Bytes salt = key.key_and_salt().subspan(sizes.key);
  const SessionKeys keys{derive(master, salt, Label::rtp_encryption, sizes.key),
                         derive(master, salt, Label::rtp_authentication, 20),
                         derive(master, salt, Label::rtp_salt, sizes.salt)};
  return is_aead(profile) ? protect_rtp_gcm(keys, roc, packet) : protect_rtp_cm(keys, roc, packet);
}

ByteVector protect_rtcp(SrtpProfile profile, const SrtpMasterKey& key, std::uint32_t index, Bytes packet) {
  const SrtpProfileSizes sizes = sizes_of(profile);
  const Bytes master = key.key_and_salt().first(sizes.key);
  const Bytes salt = key.key_and_salt().subspan(sizes.key);
  const SessionKeys keys{derive(master, salt, Label::rtcp_encryption, sizes.key),
                         derive(master, salt, Label::rtcp_authentication, 20),
                         derive(master, salt, Label::rtcp_salt, sizes.salt)};
  return is_aead(profile) ? protect_rtcp_gcm(keys, index, packet) : protect_rtcp_cm(keys, index, packet);
}

TEST_CASE("the reference derives the session keys of RFC 3711 appendix B.3") {
  const ByteVector key = from_hex("E1F97A0D3E018BE0D64FA32C06DE4139");
  const ByteVector salt = from_hex("0EC675AD498AFEEBB6960B3AABE6");
  CHECK(derive(key, salt, Label::rtp_encryption, 16) == from_hex("C61E7A93744F39EE10734AFE3FF7A087"));
  CHECK(derive(key, salt, Label::rtp_salt, 14) == from_hex("30CBBC08863D8C85D49DB34A9AE1"));
  CHECK(derive(key, salt, Label::rtp_authentication, 20) == from_hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

TEST_CASE("the reference makes the keystream of RFC 3711 appendix B.2") {
  const ByteVector key = from_hex("2B7E151628AED2A6ABF7158809CF4F3C");
  const ByteVector salt = from_hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
  const ByteVector ssrc = from_hex("00000000");
  CHECK(aes_cm(key, cm_iv(salt, ssrc, 0), ByteVector(48)) ==
        from_hex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"));
}

TEST_CASE("the reference protects the SRTP packets of RFC 7714 section 16") {
  const ByteVector packet = from_hex(
      "8040f17b 8041f8d3 5501a0b2"  // header
      "47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573");
  const ByteVector salt = from_hex("517569642070726f2071756f");

  SUBCASE("16.1.1, AEAD_AES_128_GCM") {
    const SessionKeys keys{from_hex("000102030405060708090a0b0c0d0e0f"), {}, salt};
    CHECK(protect_rtp_gcm(keys, 0, packet) ==
          from_hex("8040f17b 8041f8d3 5501a0b2"
                   "f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833"
                   "899d7f27 beb16a91 52cf765e e4390cce"));
  }
  SUBCASE("16.2.1, AEAD_AES_256_GCM") {
    const SessionKeys keys{from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"), {}, salt};
    CHECK(protect_rtp_gcm(keys, 0, packet) ==
          from_hex("8040f17b 8041f8d3 5501a0b2"
                   "32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b"
                   "7aa3db36 dfffd6b0 f9bb7878 d7a76c13"));
  }
}

TEST_CASE("the reference protects the SRTCP packet of RFC 7714 section 17.1") {
  const ByteVector packet = from_hex(
      "81c8000d 4d617273"
      "4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef");
  const SessionKeys keys{from_hex("000102030405060708090a0b0c0d0e0f"), {}, from_hex("517569642070726f2071756f")};
  CHECK(protect_rtcp_gcm(keys, 0x5d4, packet) ==
        from_hex("81c8000d 4d617273"
                 "63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b"
                 "c84aa458 96cf4d2f c5abf872 45d9eade 800005d4"));
}

}  // namespace sluice::reference
