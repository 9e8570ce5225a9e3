#pragma once

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <map>
#include <stdexcept>
#include <string>

#include "sluice/timers.h"
#include "sluice/tokens.h"

namespace sluice::testing {

/// Tokens `fake-token-1`, `fake-token-2`, ... that hold by the test's clock.
class FakeTokens final : public Tokens {
 public:
  explicit FakeTokens(const Timers& timers) noexcept : timers_{timers} {}

  [[nodiscard]] std::string issue(const TokenRequest& request) override {
    if (json::serialize(request.extra).size() > TokenRequest::kMaxExtraBytes || request.identity.user_id.empty()) {
      throw std::logic_error{"the gateway would not issue this token"};
    }
    const auto lifetime = std::clamp(request.lifetime, std::chrono::seconds{1}, TokenRequest::kMaxLifetime);
    Issued entry{.identity = request.identity, .expires = timers_.wall_time() + lifetime};
    entry.identity.claims = request.extra;
    std::string token = "fake-token-" + std::to_string(issued.size() + 1);
    issued.emplace(token, std::move(entry));
    return token;
  }
  [[nodiscard]] Result<Identity, Error> verify(const std::string& token) const override {
    const auto found = issued.find(token);
    if (found == issued.end()) return Error{ErrorCode::unauthorized, "no token of this gateway"};
    if (timers_.wall_time() >= found->second.expires) return Error{ErrorCode::token_expired, "the token expired"};
    return found->second.identity;
  }

  struct Issued {
    Identity identity;
    WallTime expires;
  };
  /// All that were issued, by token.
  std::map<std::string, Issued> issued;

 private:
  const Timers& timers_;
};

}  // namespace sluice::testing
