#include "core/api/api_description.h"

#include <boost/json/serialize.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/api/api_page.h"

namespace sluice {
namespace {

/// Nothing from elsewhere, nothing inline, no frame around it.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

net::HttpHandler serve_text(std::string_view content_type, std::string_view text) {
  return [content_type, text](const net::HttpRequest&, const net::HttpResponder& responder) {
    net::HttpResponse response{200, content_type, std::string{text}};
    response.headers.set("Content-Security-Policy", kPolicy);
    response.headers.set("Referrer-Policy", "no-referrer");
    responder.send(std::move(response));
  };
}

}  // namespace

struct ApiDescription::Source {
  const ControlRoutes& routes;
  ApiInfo info;
  std::optional<std::uint64_t> revision{};  // of the routes that `text` describes
  std::string text{};

  // Everybody may ask as often as he likes: it is written once for the routes that there are.
  const std::string& document() {
    if (revision != routes.revision()) {
      text = json::serialize(openapi_document(routes.describe(), info));
      revision = routes.revision();
    }
    return text;
  }
};

ApiDescription::ApiDescription(net::HttpRouter& router, ControlLoop& loop, const ControlRoutes& described, ApiInfo info)
    : router_{router}, source_{std::make_shared<Source>(Source{described, std::move(info)})} {
  const auto get = [this](std::string_view pattern, net::HttpHandler handler) {
    ids_.push_back(router_.add(net::HttpMethod::get, pattern, std::move(handler)));
  };
  get("/api/openapi.json",
      [weak = std::weak_ptr{source_}, &loop](const net::HttpRequest&, net::HttpResponder responder) {
        loop.post([weak, responder = std::move(responder)] {
          const auto source = weak.lock();
          if (source == nullptr) return;
          responder.send(net::HttpResponse::json(200, source->document()));
        });
      });
  get("/api/docs", serve_text("text/html; charset=utf-8", api_page::kHtml));
  get("/api/docs/page.css", serve_text("text/css; charset=utf-8", api_page::kStyle));
  get("/api/docs/page.js", serve_text("text/javascript; charset=utf-8", api_page::kScript));
}

ApiDescription::~ApiDescription() {
  for (const net::RouteId id : ids_) router_.remove(id);
}

}  // namespace sluice
