#pragma once

#include <optional>
#include <string_view>

#include "sluice/json.h"

namespace sluice::admin {

/// What `/admin/v1/openapi.json` says of a route of the gateway's own, whose answers stand without an envelope.
/// @param answer  JSON Schema of the 200.
/// @param body    JSON Schema of the request's body, where there is one.
[[nodiscard]] json::object operation(std::string_view summary, json::object answer,
                                     std::optional<json::object> body = {});

}  // namespace sluice::admin
