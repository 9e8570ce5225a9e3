#include "core/signalling/identity/identity_provider.h"

#include <algorithm>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <utility>

namespace sluice {
namespace {

namespace json = boost::json;

constexpr int kGuestBits = 96;
constexpr std::size_t kMaxKeyFileBytes = std::size_t{1} << 20U;

std::string read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file) throw JwtKeyError{path + ": cannot be read"};
  if (text.size() > kMaxKeyFileBytes) throw JwtKeyError{path + ": is too large for a file of keys"};
  return text;
}

/// Runs `make`, and puts the file's name before what it throws.
template <class F>
auto named(const std::string& path, F make) {
  try {
    return make(read_file(path));
  } catch (const JwtKeyError& error) {
    const std::string text = error.what();
    throw JwtKeyError{text.starts_with(path) ? text : path + ": " + text};
  }
}

std::vector<std::unique_ptr<JwtKey>> load_keys(const IdentityOptions& options) {
  std::vector<std::unique_ptr<JwtKey>> keys;
  if (!options.secret.empty()) keys.push_back(make_secret_key(options.secret));
  for (const std::string& path : options.public_key_files) {
    keys.push_back(named(path, [](const std::string& pem) { return make_pem_key(pem); }));
  }
  if (!options.jwks_file.empty()) {
    for (auto& key : named(options.jwks_file, [](const std::string& text) { return make_jwks_keys(text); })) {
      keys.push_back(std::move(key));
    }
  }
  if (!options.algorithms.empty()) {
    std::erase_if(keys, [&](const auto& key) {
      return std::find(options.algorithms.begin(), options.algorithms.end(), key->algorithm()) ==
             options.algorithms.end();
    });
  }
  return keys;
}

/// The claim of that very name, else the one at the end of the dotted path.
const json::value* find_claim(const json::object& claims, std::string_view path) {
  if (path.empty()) return nullptr;
  if (const auto* whole = claims.if_contains(path)) return whole;
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto* parent = claims.if_contains(path.substr(0, dot));
  return parent != nullptr && parent->is_object() ? find_claim(parent->get_object(), path.substr(dot + 1)) : nullptr;
}

/// Texts and whole numbers (databases number their users); anything else is empty.
std::string claim_text(const json::object& claims, std::string_view path) {
  const auto* value = find_claim(claims, path);
  if (value == nullptr) return {};
  if (value->is_string()) return sanitise_text(value->get_string());
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  return {};
}

Error refusal(JwtError error) {
  const bool time = error == JwtError::expired || error == JwtError::not_yet_valid;
  return Error{time ? ErrorCode::token_expired : ErrorCode::unauthorized, std::string{to_string(error)}};
}

}  // namespace

std::optional<Identity> identity_of(json::object claims, const ClaimNames& names) {
  Identity identity;
  identity.user_id = claim_text(claims, names.user_id);
  if (identity.user_id.empty()) return std::nullopt;
  identity.name = claim_text(claims, names.name);
  identity.email = claim_text(claims, names.email);
  identity.tenant = claim_text(claims, names.tenant);
  identity.user_type = claim_text(claims, names.user_type);
  if (std::string role = claim_text(claims, names.role); !role.empty()) identity.role = std::move(role);
  identity.claims = std::move(claims);
  return identity;
}

IdentityProvider::IdentityProvider(const IdentityOptions& options, const Clock& clock, FillRandom random,
                                   const Tokens* own)
    : names_{options.claims},
      allow_guests_{options.allow_guests},
      clock_{clock},
      random_{std::move(random)},
      verifier_{load_keys(options), options.rules},
      own_{own} {}

Result<Identity, Error> IdentityProvider::identify(const std::optional<std::string>& token) const {
  if (!token) {
    if (allow_guests_) return make_guest();
    return Error{ErrorCode::unauthorized, "a token is required"};
  }
  if (own_ != nullptr) {
    auto own = own_->verify(*token);
    // "Expired" is said of what it has signed: no other issuer need be asked.
    if (own || own.error().code() == ErrorCode::token_expired) return own;
  }
  auto claims = verifier_.verify(*token, clock_.wall_time());
  if (!claims) return refusal(claims.error());
  auto identity = identity_of(std::move(*claims), names_);
  if (!identity) return Error{ErrorCode::unauthorized, "the token names no user"};
  return std::move(*identity);
}

Identity IdentityProvider::make_guest() const {
  Identity guest;
  guest.user_id = "guest-" + random_token(random_, kGuestBits);
  guest.guest = true;
  return guest;
}

}  // namespace sluice
