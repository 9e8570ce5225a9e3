#pragma once

#include <string>
#include <vector>

#include "core/api/control_routes.h"
#include "sluice/json.h"

namespace sluice {

/// What the description of an API says of the whole.
struct ApiInfo {
  std::string title;
  std::string version;  ///< of the software
  std::string description;
};

/// The OpenAPI 3.1 document of the routes that describe themselves; the others are left out. What every route has is
/// added here: parameters of the path, security, the errors that any request may meet, an id for each operation.
[[nodiscard]] json::object openapi_document(const std::vector<ControlRoutes::Description>& routes, const ApiInfo& info);

}  // namespace sluice
