#include "tests/load/meetings/user_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdint>
#include <stdexcept>

#include "core/signalling/identity/base64url.h"

namespace sluice::load {

std::string user_token(std::string_view user_id, std::string_view secret) {
  namespace json = boost::json;
  using namespace std::chrono;
  const auto expiry = duration_cast<seconds>((system_clock::now() + hours{24}).time_since_epoch()).count();
  const std::string header = json::serialize(json::object{{"alg", "HS256"}, {"typ", "JWT"}});
  const std::string claims = json::serialize(json::object{{"sub", user_id}, {"name", user_id}, {"exp", expiry}});
  const std::string text = encode_base64url(header) + "." + encode_base64url(claims);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size) == nullptr) {
    throw std::runtime_error{"HMAC failed"};
  }
  return text + "." + encode_base64url(std::span{digest}.first(size));
}

}  // namespace sluice::load
