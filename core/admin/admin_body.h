#pragma once

#include <boost/json/parse.hpp>

#include "sluice/error.h"
#include "sluice/http.h"
#include "sluice/json.h"

namespace sluice::admin {

/// The JSON of a request's body as a described struct. Throws Error{invalid_payload} with the field's path.
template <class T>
[[nodiscard]] T body_of(const HttpRequest& request) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  if (error) throw Error{ErrorCode::invalid_payload, "the body is not JSON: " + error.message()};
  return from_json<T>(body);
}

}  // namespace sluice::admin
