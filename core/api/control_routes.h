#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/request_limiter.h"
#include "core/control/callback_scope.h"
#include "core/control/control_loop.h"
#include "core/net/http_router.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/http.h"
#include "sluice/result.h"

namespace sluice {

/// Whether a request may enter, and as whom. Runs on the control thread.
using AuthorizeRequest = std::function<Result<Identity, Error>(const net::HttpRequest&)>;

/// An answer that is about to go out, and to what.
struct RouteAnswer {
  net::HttpRequest request;        ///< without its body
  std::optional<Identity> caller;  ///< nothing: not let in
  int status = 0;
};

/// Hears of answers before they go out, and may hold them until they are recorded.
/// @note Control thread only, outside of every plugin's scope.
class AnswerWatch {
 public:
  virtual ~AnswerWatch() = default;
  /// Whether it wants to hear of an answer of this status; others go out at once.
  [[nodiscard]] virtual bool wants(const net::HttpRequest& request, int status) const = 0;
  /// @param go_on  Sends the answer; called now or later.
  virtual void record(RouteAnswer answer, Function<void()> go_on) = 0;
};

/// Answers a request by itself, at once: with a stream (core/net/http_stream.h). Runs on the control thread.
using StreamHandler = Function<void(net::HttpRequest, Identity, const net::HttpResponder&)>;

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
  /// The same for a GET that is answered with a stream. It counts as one call, and is nothing to `ask`.
  void add_stream(std::shared_ptr<CallbackScope> scope, std::string_view pattern, StreamHandler handler,
                  json::object operation);
  void remove_all(const CallbackScope& scope);
  /// Whether a request may enter, and as whom.
  [[nodiscard]] Result<Identity, Error> authorize(const net::HttpRequest& request) const;
  /// Asks one of these routes from inside, as GET, for somebody who has been let in already. It is answered as from
  /// outside: with 404 where there is no such route, an error's envelope where it fails, now or later.
  /// @param target  With the prefix, percent-encoded, with its query: `/admin/v1/rooms/lobby?tenant=x`.
  void ask(std::string_view target, Identity caller, net::HttpResponder responder);
  /// Who hears of every answer from now on; null: nobody. Outlives the routes, or takes itself away before it goes.
  void watch(AnswerWatch* watch) noexcept;
  [[nodiscard]] std::vector<Description> describe() const;
  /// Another number after each change of the routes.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

 private:
  struct Route;
  struct Table;

  void insert(Route route, net::HttpMethod method, std::size_t body_bytes);

  net::HttpRouter& router_;
  ControlLoop& loop_;
  std::string prefix_;
  std::uint64_t revision_ = 0;
  // Owners: these routes, and weakly each request on its way from a net thread.
  std::shared_ptr<Table> table_;
};

}  // namespace sluice
