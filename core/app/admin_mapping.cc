#include "core/app/admin_mapping.h"

#include <string>

namespace sluice {

namespace {

admin::Role role(config::AdminRole role) { return static_cast<admin::Role>(role); }
static_assert(static_cast<int>(config::AdminRole::read) == static_cast<int>(admin::Role::read));
static_assert(static_cast<int>(config::AdminRole::write) == static_cast<int>(admin::Role::write));

admin::KnownToken known(const std::string& name, const Secret& token, admin::Role role) {
  return {.digest = admin::digest_of(token.reveal()), .name = name, .role = role, .id = {}, .expires_at = {}};
}

}  // namespace

admin::AccessRules access_rules(const config::AdminListenerOptions& options) {
  admin::AccessRules rules;
  if (!options.token.empty()) rules.tokens.push_back(known("admin", options.token, admin::Role::write));
  for (const config::AdminTokenOptions& token : options.tokens) {
    rules.tokens.push_back(known(token.name, token.token, role(token.role)));
  }
  const config::AdminTlsOptions& tls = options.tls;
  rules.certificates.in_use = tls.client_certificates != config::ClientCertificates::off;
  for (const auto& [name, configured] : tls.client_roles) rules.certificates.roles.emplace(name, role(configured));
  if (tls.client_default_role) rules.certificates.default_role = role(*tls.client_default_role);
  return rules;
}

StoreBackups::Options backup_options(const config::StoreOptions& options) {
  return {.database = options.path, .folder = options.backup_dir, .kept = options.backups_kept};
}

}  // namespace sluice
