#include "core/admin/metrics_route.h"

#include <utility>

namespace sluice {

namespace {

net::HttpResponse refusal(const Error& error) {
  HttpReply::Response said = HttpReply::failure(error);
  net::HttpResponse response{said.status, said.content_type, std::move(said.body)};
  for (const auto& [name, value] : said.headers) response.headers.set(name, value);
  return response;
}

}  // namespace

MetricsRoute::MetricsRoute(net::HttpRouter& router, AuthorizeRequest authorize, const MetricRegistry& metrics)
    : router_{router},
      route_{router.add(net::HttpMethod::get, "/metrics",
                        [authorize = std::move(authorize), &metrics](const net::HttpRequest& request,
                                                                     const net::HttpResponder& responder) {
                          const Result<Identity, Error> identity = authorize(request);
                          if (!identity) {
                            responder.send(refusal(identity.error()));
                            return;
                          }
                          responder.send(net::HttpResponse{200, "text/plain; version=0.0.4", metrics.expose()});
                        })} {}

MetricsRoute::~MetricsRoute() { router_.remove(route_); }

}  // namespace sluice
