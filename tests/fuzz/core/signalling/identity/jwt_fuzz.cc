// Tokens of strangers: none verifies, whatever it holds, and every identity made of claims is fit to be shown.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/signalling/identity/identity_provider.h"
#include "core/signalling/identity/jwt_verifier.h"

namespace {

const sluice::JwtVerifier& verifier() {
  static const sluice::JwtVerifier instance = [] {
    std::vector<std::unique_ptr<sluice::JwtKey>> keys;
    keys.push_back(sluice::make_secret_key("a secret that the fuzzer does not know"));
    return sluice::JwtVerifier{std::move(keys), {}};
  }();
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{data, data + size};
  if (verifier().verify(text, sluice::WallTime{})) std::abort();

  boost::system::error_code error;
  const auto claims = boost::json::parse(text, error);
  if (error || !claims.is_object()) return 0;
  const auto identity = sluice::identity_of(claims.get_object(), {});
  if (identity && (identity->user_id.empty() || identity->user_id.size() > sluice::Identity::kMaxBytes)) std::abort();
  return 0;
}
