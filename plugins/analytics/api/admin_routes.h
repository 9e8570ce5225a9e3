#pragma once

#include "api/context.h"
#include "api/series.h"

namespace sluice::analytics {

/// `GET /admin/v1/analytics/sessions`, `/sessions/{id}` and `/rooms/{id}/series`: of all rooms, meetings or not.
void serve_admin_routes(Api& api, SeriesReader& series);

}  // namespace sluice::analytics
