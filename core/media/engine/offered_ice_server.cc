#include "core/media/engine/offered_ice_server.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>
#include <string>

namespace sluice {
namespace {

constexpr std::size_t kDigestBytes = 20;                              // SHA-1
constexpr std::size_t kBase64Bytes = (kDigestBytes + 2) / 3 * 4 + 1;  // and the zero that OpenSSL writes

constexpr std::size_t kMaxLabelBytes = 256;  // a USERNAME of STUN has less than 513 bytes, RFC 8489 section 14.3

// The user id in percent-encoding (RFC 3986 section 2.3): TURN servers refuse blanks, quotes and more in user names. It
// only tells people who read the server's log whose allocation it is, so that a long one may be cut.
std::string label_of(std::string_view user_id) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string label;
  for (const char c : user_id) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      label += c;
    } else {
      label.append("%").append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
    }
    if (label.size() >= kMaxLabelBytes) break;
  }
  return label;
}

// The credential of the draft: base64(HMAC-SHA1(secret, username)). SHA-1 is what TURN servers ask for here; as a MAC
// it is not known to be weak (RFC 6151's argument for HMAC holds for it, too).
std::string credential(const std::string& secret, const std::string& username) {
  std::array<unsigned char, kDigestBytes> digest{};
  unsigned int length = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): characters as bytes
  const auto* bytes = reinterpret_cast<const unsigned char*>(username.data());
  if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), bytes, username.size(), digest.data(),
           &length) == nullptr) {
    throw std::runtime_error{"HMAC-SHA1 is not available: TURN credentials cannot be made"};
  }
  std::array<unsigned char, kBase64Bytes> text{};
  const int written = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {text.begin(), text.begin() + written};
}

}  // namespace

IceServer OfferedIceServer::for_user(std::string_view user_id, WallTime now) const {
  IceServer out = server;
  if (secret.empty()) return out;
  const auto expiry = std::chrono::floor<std::chrono::seconds>(now + lifetime).time_since_epoch().count();
  out.username = std::to_string(expiry) + ":" + label_of(user_id);
  out.credential = credential(secret.reveal(), *out.username);
  return out;
}

}  // namespace sluice
