#include "core/net/http_dispatch.h"

#include <exception>

namespace sluice::net {

namespace {

bool is_refused_origin(const ListenerCore& core, const HttpRequest& request) {
  return core.options.foreign_origins == ForeignOrigins::refuse && core.cors.is_foreign(request);
}

/// RFC 9110 section 9.2.1: what a page of another origin may do without harm; the answer stays hidden from it.
bool is_safe(HttpMethod method) noexcept {
  return method == HttpMethod::get || method == HttpMethod::head || method == HttpMethod::options;
}

HttpResponse origin_refused(ListenerCore& core) {
  ++core.counters.refused_origin;
  return HttpResponse::error(403, "PERMISSION_DENIED", "this origin is not in the list of allowed origins");
}

HttpResponse handler_failed(ListenerCore& core) {
  ++core.counters.handler_failures;
  return HttpResponse::error(500, "INTERNAL", "the handler failed");
}

HttpResponse not_found() { return HttpResponse::error(404, "NOT_FOUND", "no such path"); }

/// @param allow  The methods that routes have for the path, if any.
HttpResponse answer_without_route(const ListenerCore& core, const HttpRequest& request, const std::string& allow) {
  if (request.method == HttpMethod::options && !allow.empty()) return core.cors.answer_options(request, allow);
  if (core.static_files) {
    if (auto file = core.static_files->answer(request)) return std::move(*file);
  }
  if (allow.empty()) return not_found();
  HttpResponse response = HttpResponse::error(405, "UNSUPPORTED", "the path does not have this method");
  response.headers.set("Allow", allow);  // RFC 9110 section 15.5.6
  return response;
}

}  // namespace

void dispatch(ListenerCore& core, HttpRequest request, const HttpResponder& responder) {
  if (!is_safe(request.method) && is_refused_origin(core, request)) {
    responder.send(origin_refused(core));
    return;
  }
  HttpRouter::Match match = core.router.match(request.method, request.path);
  try {
    if (CorsPolicy::is_preflight(request) && !match.allow.empty()) {
      // Also where a route answers OPTIONS itself: a browser asks without the token that the route may want.
      responder.send(core.cors.answer_options(request, match.allow));
      return;
    }
    if (!match.handler) {
      responder.send(answer_without_route(core, request, match.allow));
      return;
    }
    request.params = std::move(match.params);
    (*match.handler)(std::move(request), responder);
  } catch (...) {
    // Whatever a handler throws is its own defect; its text is not for the peer.
    responder.send(handler_failed(core));
  }
}

AcceptDecision decide_upgrade(ListenerCore& core, HttpRequest request) {
  if (is_refused_origin(core, request)) return origin_refused(core);
  HttpRouter::WebSocketMatch match = core.router.match_web_socket(request.path);
  if (!match.acceptor) return not_found();
  request.params = std::move(match.params);
  try {
    return (*match.acceptor)(request);
  } catch (...) {
    return handler_failed(core);
  }
}

}  // namespace sluice::net
