#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/signalling/identity/identity_options.h"
#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/result.h"
#include "sluice/tokens.h"

namespace sluice {

/// From a token to who it speaks of. Immutable but for its random source: call it from one thread.
class IdentityProvider {
 public:
  /// Reads the key files. Throws JwtKeyError that names the file.
  /// @param clock  Outlives the provider; its wall time decides on `exp` and `nbf`.
  /// @param own    Tokens that the gateway signs itself, which are tried first; null: there are none. Outlives the
  ///   provider.
  IdentityProvider(const IdentityOptions& options, const Clock& clock, FillRandom random, const Tokens* own = nullptr);

  /// No token: a guest, or UNAUTHORIZED. A token: its identity, TOKEN_EXPIRED (over, or not yet come) or UNAUTHORIZED;
  /// a bad token never becomes a guest. One of the gateway's own may speak of a guest, wherever guests are refused.
  [[nodiscard]] Result<Identity, Error> identify(const std::optional<std::string>& token) const;

 private:
  [[nodiscard]] Identity make_guest() const;

  ClaimNames names_;
  bool allow_guests_;
  const Clock& clock_;
  FillRandom random_;
  JwtVerifier verifier_;
  const Tokens* own_;
};

/// The identity that claims speak of. nullopt: the user's id is missing, or nothing printable is left of it.
[[nodiscard]] std::optional<Identity> identity_of(boost::json::object claims, const ClaimNames& names);

}  // namespace sluice
