#include "core/admin/access/access_table.h"

#include <algorithm>
#include <utility>

namespace sluice::admin {

namespace {

constexpr std::string_view kAdmin = "admin";
constexpr std::string_view kStoreCopies = "/admin/v1/store/backups/";  // each holds everything, every digest too

// `localhost:8081` -> `localhost`, `[::1]:8081` -> `[::1]`
std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  return host.substr(0, colon);
}

// RFC 3986 section 3.2.2: an IPv6 address stands in brackets, and what ends in a digit is an IPv4 address or no host at
// all: no top-level domain is numeric.
bool is_address(std::string_view host) {
  if (host.starts_with('[')) return host.ends_with(']');
  return !host.empty() && std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool names_this_machine(std::string_view host_header) {
  if (host_header.empty()) return true;  // HTTP/1.0, which no browser speaks
  const std::string_view host = without_port(host_header);
  return host == "localhost" || is_address(host);
}

Result<Caller, Error> from_this_machine(const net::HttpRequest& request) {
  if (names_this_machine(request.headers.get("Host"))) {
    return Caller{.name = std::string{kAdmin}, .role = Role::write, .by = ShownBy::loopback, .token_id = {}};
  }
  return Error{ErrorCode::permission_denied,
               "without an admin token the admin listener is reached as localhost or by its IP address only"};
}

std::vector<KnownToken> together(std::vector<KnownToken> first, std::vector<KnownToken> second) {
  std::ranges::move(second, std::back_inserter(first));
  return first;
}

}  // namespace

AccessTable::AccessTable(const AccessRules& rules, std::vector<KnownToken> kept)
    : open_{rules.open()}, certificates_{rules.certificates}, tokens_{together(rules.tokens, std::move(kept))} {}

Result<Caller, Error> AccessTable::recognise(const net::HttpRequest& request, WallTime now) const {
  const std::string_view token = request.bearer_token();
  const bool ignored = open_ && tokens_.empty();  // there is none that it could be
  if (!token.empty() && !ignored) return by_token(token, now);
  if (request.peer && certificates_.in_use) return by_certificate(*request.peer);
  if (open_) return from_this_machine(request);
  return Error{ErrorCode::unauthorized, "an admin token is needed: Authorization: Bearer <token>"};
}

Result<Caller, Error> AccessTable::by_token(std::string_view token, WallTime now) const {
  const TokenDigest digest = digest_of(token);
  const KnownToken* found = nullptr;
  for (const KnownToken& known : tokens_) {
    if (same(known.digest, digest)) found = &known;  // and on: how long it takes tells nothing
  }
  if (found == nullptr) return Error{ErrorCode::unauthorized, "this admin token is not known"};
  if (found->expires_at && *found->expires_at <= now) {
    return Error{ErrorCode::token_expired, "the time of this admin token is over"};
  }
  return Caller{.name = found->name, .role = found->role, .by = ShownBy::token, .token_id = found->id};
}

Result<Caller, Error> AccessTable::by_certificate(const net::TlsPeer& peer) const {
  std::string name = peer.common_name;
  if (name.empty() && !peer.names.empty()) name = peer.names.front();
  name = sanitise_text(name);
  if (name.empty()) return Error{ErrorCode::unauthorized, "the client certificate names nobody"};
  const auto role = role_of(peer);
  if (!role) return Error{ErrorCode::permission_denied, "the client certificate of '" + name + "' has no role here"};
  return Caller{.name = std::move(name), .role = *role, .by = ShownBy::certificate, .token_id = {}};
}

std::optional<Role> AccessTable::role_of(const net::TlsPeer& peer) const {
  std::optional<Role> best;
  const auto look_up = [&](const std::string& name) {
    const auto found = certificates_.roles.find(name);
    if (found != certificates_.roles.end()) best = std::max(best, std::optional{found->second});
  };
  if (!peer.common_name.empty()) look_up(peer.common_name);
  for (const std::string& name : peer.names) look_up(name);
  return best ? best : certificates_.default_role;
}

Role needed_role(const net::HttpRequest& request) noexcept {
  const bool looks = request.method == net::HttpMethod::get || request.method == net::HttpMethod::head;
  return looks && !request.path.starts_with(kStoreCopies) ? Role::read : Role::write;
}

Result<Identity, Error> admit(const Caller& caller, const net::HttpRequest& request) {
  const Role needed = needed_role(request);
  if (caller.role < needed) {
    return Error{ErrorCode::permission_denied,
                 "the role of '" + caller.name + "' looks and changes nothing",
                 {{"requiredRole", to_json(needed)}, {"currentRole", to_json(caller.role)}}};
  }
  Identity identity;
  identity.user_id = caller.name;
  identity.role = std::string{to_json(caller.role).as_string()};
  identity.claims = json::object{{"by", to_json(caller.by)}};
  if (!caller.token_id.empty()) identity.claims["tokenId"] = caller.token_id;
  return identity;
}

}  // namespace sluice::admin
