#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/http_message.h"
#include "core/net/http_responder.h"
#include "core/net/web_socket.h"

namespace sluice::net {

/// A malformed pattern, or a second route of the same method and shape.
class RouteError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

enum class RouteId : std::uint64_t {};

struct RouteDescription {
  HttpMethod method;
  std::string pattern;
};

/// Which handler answers which path. Shared by the threads of a listener and whoever adds routes: readers take an
/// immutable table, writers replace it. Every method is safe from any thread.
///
/// A pattern is a path of literal segments, `{name}` for any one segment, and `{name...}` at the end for the whole rest
/// (one segment or more): `/api/rooms/{id}`, `/files/{path...}`. A literal segment wins over `{name}`, which wins over
/// `{name...}`. A slash at the end has no meaning, in a pattern or in a request.
class HttpRouter {
 public:
  HttpRouter();
  ~HttpRouter();
  HttpRouter(const HttpRouter&) = delete;
  HttpRouter& operator=(const HttpRouter&) = delete;

  /// @param body_bytes  Longest body of a request; 0: that of the listener.
  /// Throws RouteError.
  RouteId add(HttpMethod method, std::string_view pattern, HttpHandler handler, std::size_t body_bytes = 0);
  /// WebSocket upgrades on a path; a plain GET of the same path needs a route of its own. Throws RouteError.
  RouteId add_web_socket(std::string_view pattern, WebSocketAcceptor acceptor);
  /// No request enters the handler once this returns but for those that matched before; an unknown id is ignored.
  void remove(RouteId id);

  /// HTTP routes by pattern and method, for the API's own description.
  [[nodiscard]] std::vector<RouteDescription> routes() const;

  struct Match {
    /// Null: no route of this method.
    std::shared_ptr<const HttpHandler> handler;
    /// Of the handler's route.
    RouteId route{};
    HttpFields params;
    /// Where there is no handler, and for OPTIONS: the methods that the path has, `GET, HEAD, OPTIONS`; empty if no
    /// route has it.
    std::string allow;
  };
  /// Longest body that the path's route takes; 0: that of the listener.
  [[nodiscard]] std::size_t body_bytes(HttpMethod method, std::string_view path) const;
  /// HEAD falls back to GET's route.
  [[nodiscard]] Match match(HttpMethod method, std::string_view path) const;

  struct WebSocketMatch {
    /// Null: no WebSocket here.
    std::shared_ptr<const WebSocketAcceptor> acceptor;
    HttpFields params;
  };
  [[nodiscard]] WebSocketMatch match_web_socket(std::string_view path) const;

 private:
  struct Route;
  struct Table;

  [[nodiscard]] std::shared_ptr<const Table> table() const;
  RouteId insert(Route route);

  mutable std::mutex mutex_;  // guards the pointer, not the table
  // Owners: the router and each look-up in progress.
  std::shared_ptr<const Table> table_;
};

}  // namespace sluice::net
