#include "core/net/http_refusals.h"

namespace sluice::net {

HttpResponse body_too_large() { return HttpResponse::error(413, "LIMIT_EXCEEDED", "the body is too large"); }

std::optional<HttpResponse> answer_to_unreadable(error_code failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
    return HttpResponse::error(431, "LIMIT_EXCEEDED", "the header fields are too large");
  }
  if (failed == http::error::body_limit) return body_too_large();
  if (failed == http::error::end_of_stream || failed == http::error::partial_message) return std::nullopt;
  if (failed.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return HttpResponse::error(400, "INVALID_PAYLOAD", "malformed request");
}

HttpResponse too_many_large_bodies() {
  HttpResponse response = HttpResponse::error(503, "LIMIT_EXCEEDED", "too many large requests at once");
  response.headers.set("Retry-After", "1");
  return response;
}

HttpResponse answer_to(RequestError error) {
  switch (error) {
    case RequestError::unknown_method:
      return HttpResponse::error(501, "UNSUPPORTED", "unknown method");
    case RequestError::bad_target:
      return HttpResponse::error(400, "INVALID_PAYLOAD", "malformed request target");
    case RequestError::bad_host:
      return HttpResponse::error(400, "INVALID_PAYLOAD", "one Host header is needed");
    case RequestError::bad_header:
      break;
  }
  return HttpResponse::error(400, "INVALID_PAYLOAD", "malformed header");
}

}  // namespace sluice::net
