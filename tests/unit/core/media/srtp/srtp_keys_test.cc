#include "core/media/srtp/srtp_keys.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <new>
#include <numeric>
#include <vector>

using namespace sluice;

TEST_CASE("the exporter's output is both keys, then both salts, the client's first") {
  std::vector<std::uint8_t> material(keying_material_size(SrtpProfile::aead_aes_128_gcm));
  std::iota(material.begin(), material.end(), std::uint8_t{0});
  REQUIRE(material.size() == 56);

  const std::vector<std::uint8_t> client{0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13,
                                         14, 15, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43};
  const std::vector<std::uint8_t> server{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
                                         30, 31, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55};
  const auto as_client = split_keying_material(SrtpProfile::aead_aes_128_gcm, material, SrtpSide::client);
  const auto as_server = split_keying_material(SrtpProfile::aead_aes_128_gcm, material, SrtpSide::server);
  REQUIRE(as_client.has_value());
  REQUIRE(as_server.has_value());
  CHECK(std::ranges::equal(as_client->local.key_and_salt(), client));
  CHECK(std::ranges::equal(as_client->remote.key_and_salt(), server));
  CHECK(as_server->local == as_client->remote);
  CHECK(as_server->remote == as_client->local);
}

TEST_CASE("key lengths are those of RFC 5764 section 4.1.2 and RFC 7714 section 14.2") {
  CHECK(keying_material_size(SrtpProfile::aes128_cm_hmac_sha1_80) == 2 * (16 + 14));
  CHECK(keying_material_size(SrtpProfile::aead_aes_128_gcm) == 2 * (16 + 12));
  CHECK(keying_material_size(SrtpProfile::aead_aes_256_gcm) == 2 * (32 + 12));
}

TEST_CASE("keying material of another profile's length is refused") {
  const std::vector<std::uint8_t> material(keying_material_size(SrtpProfile::aead_aes_128_gcm));
  CHECK(!split_keying_material(SrtpProfile::aes128_cm_hmac_sha1_80, material, SrtpSide::client).has_value());
  CHECK(!split_keying_material(SrtpProfile::aead_aes_256_gcm, material, SrtpSide::client).has_value());
}

TEST_CASE("a key that dies leaves zeros in its memory") {
  alignas(SrtpMasterKey) std::array<std::uint8_t, sizeof(SrtpMasterKey)> memory{};
  const std::vector<std::uint8_t> secret(16, 0x5a);
  auto* key = new (memory.data()) SrtpMasterKey{secret, Bytes{secret}.first(12)};
  REQUIRE(std::ranges::count(memory, 0x5a) >= 28);
  std::destroy_at(key);
  CHECK(std::ranges::count(memory, 0x5a) == 0);
}

TEST_CASE("profiles are known by the numbers of the registry") {
  CHECK(srtp_profile_from_id(7) == SrtpProfile::aead_aes_128_gcm);
  CHECK(srtp_profile_from_id(8) == SrtpProfile::aead_aes_256_gcm);
  CHECK(srtp_profile_from_id(1) == SrtpProfile::aes128_cm_hmac_sha1_80);
  CHECK(!srtp_profile_from_id(2).has_value());  // a tag of 32 bits is too short to offer
  CHECK(!srtp_profile_from_id(0x1'0007).has_value());
}
