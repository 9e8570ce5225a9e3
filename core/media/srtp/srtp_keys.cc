#include "core/media/srtp/srtp_keys.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cassert>

namespace sluice {

SrtpMasterKey::SrtpMasterKey(Bytes key, Bytes salt) noexcept : size_{key.size() + salt.size()} {
  assert(size_ <= bytes_.size());
  const auto end_of_key = std::copy(key.begin(), key.end(), bytes_.begin());
  std::copy(salt.begin(), salt.end(), end_of_key);
}

SrtpMasterKey::~SrtpMasterKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

bool operator==(const SrtpMasterKey& a, const SrtpMasterKey& b) noexcept {
  return a.size_ == b.size_ && CRYPTO_memcmp(a.bytes_.data(), b.bytes_.data(), a.bytes_.size()) == 0;
}

// RFC 5764 section 4.2:
//   client_write_SRTP_master_key | server_write_SRTP_master_key |
//   client_write_SRTP_master_salt | server_write_SRTP_master_salt
std::optional<SrtpKeys> split_keying_material(SrtpProfile profile, Bytes material, SrtpSide side) noexcept {
  if (material.size() != keying_material_size(profile)) return std::nullopt;

  ByteReader in{material};
  const SrtpProfileSizes sizes = sizes_of(profile);
  const Bytes client_key = in.bytes(sizes.key);
  const Bytes server_key = in.bytes(sizes.key);
  const SrtpMasterKey client{client_key, in.bytes(sizes.salt)};
  const SrtpMasterKey server{server_key, in.bytes(sizes.salt)};

  if (side == SrtpSide::client) return SrtpKeys{profile, client, server};
  return SrtpKeys{profile, server, client};
}

}  // namespace sluice
