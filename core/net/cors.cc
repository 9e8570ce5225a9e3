#include "core/net/cors.h"

#include <algorithm>

namespace sluice::net {

namespace {

// What browsers may send and read beyond the safe-listed headers: tokens, SDP bodies, and the answers of WHIP and WHEP
// (RFC 9725 sections 4.2 and 4.6: Location, ETag, Link).
constexpr std::string_view kAllowHeaders = "Authorization, Content-Type, If-Match, If-None-Match";
constexpr std::string_view kExposeHeaders =
    "Location, ETag, Link, Accept-Post, Accept-Patch, Retry-After, WWW-Authenticate";
constexpr std::string_view kPreflightMaxAge = "600";  // seconds

}  // namespace

CorsPolicy::CorsPolicy(std::vector<std::string> origins) : origins_{std::move(origins)} {
  any_ = std::ranges::find(origins_, "*") != origins_.end();
}

bool CorsPolicy::allows(std::string_view origin) const noexcept {
  return any_ || std::ranges::find(origins_, origin) != origins_.end();
}

bool CorsPolicy::is_foreign(const HttpRequest& request) const noexcept {
  const auto origin = request.headers.find("Origin");
  if (!origin) return false;
  // By host alone: behind a proxy that ends TLS, the page's scheme is not ours.
  std::string_view host = *origin;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (host.starts_with(scheme)) host.remove_prefix(scheme.size());
  }
  const bool same = host == request.headers.get("Host");
  return !same && !allows(*origin);
}

bool CorsPolicy::is_preflight(const HttpRequest& request) noexcept {
  return request.method == HttpMethod::options && request.headers.contains("Origin") &&
         request.headers.contains("Access-Control-Request-Method");
}

void CorsPolicy::apply(std::string_view origin, HttpResponse& response) const {
  if (origins_.empty()) return;
  if (!any_) response.headers.add("Vary", "Origin");  // also where this origin is refused: caches must not mix them
  if (origin.empty() || !allows(origin)) return;
  response.headers.set("Access-Control-Allow-Origin", any_ ? "*" : origin);
  response.headers.set("Access-Control-Expose-Headers", kExposeHeaders);
}

HttpResponse CorsPolicy::answer_options(const HttpRequest& request, std::string_view allow) const {
  HttpResponse response{204};
  response.headers.set("Allow", allow);
  if (!is_preflight(request) || !allows(request.headers.get("Origin"))) return response;
  response.headers.set("Access-Control-Allow-Methods", allow);
  response.headers.set("Access-Control-Allow-Headers", kAllowHeaders);
  response.headers.set("Access-Control-Max-Age", kPreflightMaxAge);
  return response;
}

}  // namespace sluice::net
