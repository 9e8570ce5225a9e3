#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/request_limiter.h"
#include "core/control/callback_scope.h"
#include "core/control/control_loop.h"
#include "core/net/http_router.h"
#include "sluice/error.h"
#include "sluice/http.h"
#include "sluice/result.h"

namespace sluice {

/// Whether a request may enter, and as whom. Runs on the control thread.
using AuthorizeRequest = std::function<Result<Identity, Error>(const net::HttpRequest&)>;

/// The routes of one listener whose handlers run on the control thread: takes requests from the net threads, checks who
/// asks, calls the handler in its plugin's scope, and carries the answer back.
///
/// @note Control thread only. Requests that are on their way when the routes die answer 503.
class ControlRoutes {
 public:
  struct Description {
    std::string method;
    std::string pattern;
    std::string plugin;
    json::object operation;  ///< of OpenAPI 3.1; empty: not to be listed
  };

  /// @param prefix   Put before every pattern: "/admin/v1", or nothing.
  /// @param limiter  Asked for routes that are rate limited; null: none is. Outlives the routes.
  ControlRoutes(net::HttpRouter& router, ControlLoop& loop, AuthorizeRequest authorize, std::string prefix,
                RequestLimiter* limiter = nullptr);
  ~ControlRoutes();
  ControlRoutes(const ControlRoutes&) = delete;
  ControlRoutes& operator=(const ControlRoutes&) = delete;

  /// Throws std::logic_error if the method is unknown, the pattern malformed, or the route taken.
  void add(std::shared_ptr<CallbackScope> scope, std::string_view method, std::string_view pattern,
           Http::Handler handler, RouteOptions options = {});
  void remove_all(const CallbackScope& scope);
  [[nodiscard]] std::vector<Description> describe() const;
  /// Another number after each change of the routes.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

 private:
  struct Route;
  struct Table;

  net::HttpRouter& router_;
  ControlLoop& loop_;
  std::string prefix_;
  std::uint64_t revision_ = 0;
  // Owners: these routes, and weakly each request on its way from a net thread.
  std::shared_ptr<Table> table_;
};

}  // namespace sluice
