#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/admin/access/role.h"
#include "core/admin/access/token_digest.h"
#include "core/net/http_message.h"
#include "sluice/error.h"
#include "sluice/identity.h"
#include "sluice/result.h"
#include "sluice/time.h"

namespace sluice::admin {

/// How somebody has shown who it is.
enum class ShownBy : std::uint8_t {
  token,
  certificate,
  loopback  ///< not at all: it reached an address that only this machine has
};
BOOST_DESCRIBE_ENUM(ShownBy, token, certificate, loopback)

/// Who uses the admin API.
struct Caller {
  std::string name;
  Role role = Role::read;
  ShownBy by = ShownBy::loopback;
  std::string token_id;  ///< of a token that the store keeps; else empty
};

struct KnownToken {
  TokenDigest digest{};
  std::string name;  ///< whose it is
  Role role = Role::read;
  std::string id;  ///< empty: it stands in the configuration
  std::optional<WallTime> expires_at;
};

struct CertificateRules {
  bool in_use = false;
  std::map<std::string, Role, std::less<>> roles;  ///< by common name or alternative name
  std::optional<Role> default_role;                ///< of names that `roles` does not have
};

/// What the configuration says.
struct AccessRules {
  std::vector<KnownToken> tokens;
  CertificateRules certificates;

  /// Nobody needs to show anything: the configuration then allows loopback addresses alone.
  [[nodiscard]] bool open() const noexcept { return tokens.empty() && !certificates.in_use; }
};

/// Who may use the admin API, at one moment: the configuration's rules and the tokens of the store. Immutable.
///
/// A shown token counts before a certificate. Where the rules are open everybody on this machine is let in as `admin`,
/// role write. But not a web page: one whose name was made to point to 127.0.0.1 (DNS rebinding) would be of the same
/// origin, and its requests carry that name as `Host`. So the host must then be `localhost` or an IP address.
class AccessTable {
 public:
  /// @param kept  The tokens of the store.
  AccessTable(const AccessRules& rules, std::vector<KnownToken> kept);

  /// Who asks. Errors: unauthorized, token_expired, permission_denied. A token is compared with every known one, in a
  /// time that depends on how many there are alone.
  [[nodiscard]] Result<Caller, Error> recognise(const net::HttpRequest& request, WallTime now) const;

 private:
  [[nodiscard]] Result<Caller, Error> by_token(std::string_view token, WallTime now) const;
  [[nodiscard]] Result<Caller, Error> by_certificate(const net::TlsPeer& peer) const;
  [[nodiscard]] std::optional<Role> role_of(const net::TlsPeer& peer) const;

  bool open_;
  CertificateRules certificates_;
  std::vector<KnownToken> tokens_;
};

/// The role that a request needs: GET and HEAD read; everything else writes, and so does taking a copy of the store
/// away.
[[nodiscard]] Role needed_role(const net::HttpRequest& request) noexcept;

/// The caller as the routes see it, or PERMISSION_DENIED {requiredRole, currentRole}. `claims` say how it has shown who
/// it is: {by, tokenId}.
[[nodiscard]] Result<Identity, Error> admit(const Caller& caller, const net::HttpRequest& request);

}  // namespace sluice::admin
