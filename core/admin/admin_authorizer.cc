#include "core/admin/admin_authorizer.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice {

namespace {

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

Identity administrator() {
  Identity identity;
  identity.user_id = "admin";
  return identity;
}

}  // namespace

AuthorizeRequest admin_authorizer(Secret token) {
  return [token = std::move(token)](const net::HttpRequest& request) -> Result<Identity, Error> {
    if (token.empty()) {
      if (names_this_machine(request.headers.get("Host"))) return administrator();
      return Error{ErrorCode::permission_denied,
                   "without an admin token the admin listener is reached as localhost or by its IP address only"};
    }
    if (token.matches(request.bearer_token())) return administrator();
    return Error{ErrorCode::unauthorized, "the admin token is needed: Authorization: Bearer <http.admin.token>"};
  };
}

}  // namespace sluice
