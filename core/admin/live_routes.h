#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/admin/admin_site.h"
#include "core/admin/live_hub.h"

namespace sluice {

/// GET /admin/v1/live?watch=ITEM,ITEM: what the other routes answer, as server-sent events, once a second where it has
/// changed.
/// @note Control thread only; outlives the routes of `site`.
class LiveRoutes {
 public:
  static constexpr std::size_t kMaxItemBytes = 1024;

  LiveRoutes(AdminSite& site, ControlLoop& loop);

 private:
  void open(net::HttpRequest request, Identity viewer, const net::HttpResponder& responder);

  AdminSite& site_;
  LiveHub hub_;
};

/// The items of `watch`: separated by commas, each percent-encoded once more than the query itself, each once. Throws
/// Error{invalid_payload} for none, one that is no path below /admin/v1, or one that cannot be watched;
/// Error{limit_exceeded} for too many.
[[nodiscard]] std::vector<std::string> watched_items(std::string_view watch);

}  // namespace sluice
