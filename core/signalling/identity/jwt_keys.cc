#include "core/signalling/identity/jwt_keys.h"

#include <Poco/Crypto/ECKey.h>
#include <Poco/Crypto/RSAKey.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>

#include <array>
#include <sstream>
#include <utility>

#include "core/signalling/identity/public_key.h"

namespace sluice {
namespace {

constexpr std::array<std::pair<std::string_view, JwtAlgorithm>, 3> kAlgorithms{
    {{"HS256", JwtAlgorithm::hs256}, {"RS256", JwtAlgorithm::rs256}, {"ES256", JwtAlgorithm::es256}}};

class PocoKey final : public JwtKey {
 public:
  template <class Key>
  PocoKey(JwtAlgorithm algorithm, std::string kid, const Key& key) : JwtKey{algorithm, std::move(kid)}, signer_{key} {
    signer_.setAlgorithms({std::string{to_string(algorithm)}});
  }

  [[nodiscard]] bool verifies(const std::string& token) const noexcept override {
    try {
      Poco::JWT::Token ignored;
      return signer_.tryVerify(token, ignored);
    } catch (...) {
      return false;  // Poco throws on what it cannot parse
    }
  }

 private:
  Poco::JWT::Signer signer_;
};

}  // namespace

std::string_view to_string(JwtAlgorithm algorithm) noexcept {
  for (const auto& [name, value] : kAlgorithms) {
    if (value == algorithm) return name;
  }
  return "";
}

std::optional<JwtAlgorithm> parse_jwt_algorithm(std::string_view name) noexcept {
  for (const auto& [known, value] : kAlgorithms) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::unique_ptr<JwtKey> make_secret_key(const std::string& secret) {
  if (secret.size() < kMinSecretBytes) {
    throw JwtKeyError{"the JWT secret is shorter than " + std::to_string(kMinSecretBytes) + " bytes"};
  }
  return std::make_unique<PocoKey>(JwtAlgorithm::hs256, std::string{}, secret);
}

std::unique_ptr<JwtKey> make_pem_key(const std::string& pem, std::string kid) {
  const PublicKey key = PublicKey::from_pem(pem);
  std::istringstream text{key.to_pem()};
  try {
    if (key.kind() == PublicKey::Kind::rsa) {
      const Poco::SharedPtr<Poco::Crypto::RSAKey> rsa{new Poco::Crypto::RSAKey{&text}};
      return std::make_unique<PocoKey>(JwtAlgorithm::rs256, std::move(kid), rsa);
    }
    const Poco::SharedPtr<Poco::Crypto::ECKey> ec{new Poco::Crypto::ECKey{&text}};
    return std::make_unique<PocoKey>(JwtAlgorithm::es256, std::move(kid), ec);
  } catch (const Poco::Exception& error) {
    throw JwtKeyError{"the public key cannot be used: " + error.displayText()};
  }
}

}  // namespace sluice
