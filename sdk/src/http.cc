#include "sluice/http.h"

#include <boost/json/serialize.hpp>

namespace sluice {

HttpReply::~HttpReply() {
  if (sink_ != nullptr) sink_->abandoned();
}

void HttpReply::send(Response response) {
  if (const auto sink = std::exchange(sink_, nullptr)) sink->send(std::move(response));
}

void HttpReply::json(const json::value& body, int status) {
  send({.status = status, .content_type = "application/json", .body = json::serialize(body), .headers = {}});
}

void HttpReply::fail(const Error& error) { send(failure(error)); }

void HttpReply::fail(const Error& error, int status) {
  Response response = failure(error);
  response.status = status;
  send(std::move(response));
}

HttpReply::Response HttpReply::failure(const Error& error) {
  Response response{.status = http_status(error.code()),
                    .content_type = "application/json",
                    .body = json::serialize(json::object{{"success", false}, {"error", error.to_json()}}),
                    .headers = {}};
  if (response.status == 401) response.headers["WWW-Authenticate"] = "Bearer";
  const json::value* wait = error.details().if_contains("retryAfterMs");
  if (wait != nullptr && wait->is_int64()) {
    response.headers["Retry-After"] = std::to_string((wait->as_int64() + 999) / 1000);
  }
  return response;
}

}  // namespace sluice
