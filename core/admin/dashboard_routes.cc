#include "core/admin/dashboard_routes.h"

#include <memory>
#include <string>
#include <utility>

#include "core/net/content_type.h"
#include "core/net/file_answer.h"

namespace sluice {

namespace {

constexpr std::string_view kIndex = "index.html";

/// Nothing from elsewhere, nothing inline, no frame around it, and no text that becomes markup: names of participants
/// come from strangers.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

void set_common_headers(net::HttpHeaders& headers, const DashboardFile& file) {
  headers.set("ETag", file.etag);
  // Asked for again each time, and not sent again: a new gateway's page never runs with an old one's modules.
  headers.set("Cache-Control", "no-cache");
  headers.set("Content-Security-Policy", kPolicy);
  headers.set("X-Frame-Options", "DENY");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

net::HttpHandler serve(const DashboardFile& file) {
  return [file, body = std::make_shared<const std::string>(file.content)](const net::HttpRequest& request,
                                                                          const net::HttpResponder& responder) {
    const bool unchanged = net::names_entity(request.headers.get("If-None-Match"), file.etag);
    net::HttpResponse response{unchanged ? 304 : 200};
    set_common_headers(response.headers, file);
    if (!unchanged) {
      response.headers.set("Content-Type", net::content_type_of(file.name));
      response.body = body;
    }
    responder.send(std::move(response));
  };
}

/// To `admin/` from `/` and from `/admin`: relative, so that it holds behind a proxy that puts a path before it.
void redirect(const net::HttpResponder& responder) {
  net::HttpResponse response{307};
  response.headers.set("Location", "admin/");
  responder.send(std::move(response));
}

/// The router sees no difference between /admin and /admin/, but the page's relative links do.
net::HttpHandler serve_index(const DashboardFile& file) {
  return [page = serve(file)](const net::HttpRequest& request, const net::HttpResponder& responder) {
    if (request.path.ends_with('/')) return page(request, responder);
    redirect(responder);
  };
}

}  // namespace

DashboardRoutes::DashboardRoutes(net::HttpRouter& router, std::span<const DashboardFile> files) : router_{router} {
  const auto get = [this](const std::string& pattern, net::HttpHandler handler) {
    ids_.push_back(router_.add(net::HttpMethod::get, pattern, std::move(handler)));
  };
  get("/", [](const net::HttpRequest&, const net::HttpResponder& responder) { redirect(responder); });
  for (const DashboardFile& file : files) {
    if (file.name == kIndex) {
      get("/admin", serve_index(file));
    } else {
      get("/admin/" + std::string{file.name}, serve(file));
    }
  }
}

DashboardRoutes::~DashboardRoutes() {
  for (const net::RouteId id : ids_) router_.remove(id);
}

}  // namespace sluice
