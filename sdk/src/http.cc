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

void HttpReply::fail(const Error& error) {
  json(json::object{{"success", false}, {"error", error.to_json()}}, http_status(error.code()));
}

}  // namespace sluice
