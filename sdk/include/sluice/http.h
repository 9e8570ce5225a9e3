#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/function.h"
#include "sluice/identity.h"
#include "sluice/json.h"

namespace sluice {

/// One HTTP request, read whole; its body is bounded by `http.public.body_bytes`.
struct HttpRequest {
  std::string method;  ///< upper case: `GET`
  std::string path;    ///< percent-decoded and normalised, without the query
  std::map<std::string, std::string, std::less<>> path_parameters;  ///< of the route's `{name}` segments
  std::map<std::string, std::string, std::less<>> query;            ///< the last one of a repeated name wins
  std::map<std::string, std::string, std::less<>> headers;          ///< names in lower case
  std::string body;
  std::string remote_address;  ///< `203.0.113.7:51324`
  Identity identity;           ///< from `Authorization: Bearer`, or a guest
};

/// The answer to one HTTP request; completed exactly once, now or later. Destroyed without an answer it answers 500.
/// @note Control thread only.
class HttpReply {
 public:
  struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    std::map<std::string, std::string, std::less<>> headers;
  };
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void send(Response response) = 0;
    /// The HttpReply was destroyed without an answer.
    virtual void abandoned() = 0;
  };

  explicit HttpReply(std::shared_ptr<Sink> sink) noexcept : sink_{std::move(sink)} {}
  HttpReply(HttpReply&&) noexcept = default;
  HttpReply& operator=(HttpReply&&) noexcept = default;
  ~HttpReply();

  void send(Response response);
  /// `application/json` with status 200, or the one given.
  void json(const json::value& body, int status = 200);
  /// `{success: false, error: {code, message, details}}` with the status that stands for the code.
  void fail(const Error& error);
  /// What `fail` sends, for who changes the status or adds headers. A 401 names the scheme to authenticate by (RFC 6750
  /// section 3), RATE_LIMITED says in `Retry-After` how long to wait.
  [[nodiscard]] static Response failure(const Error& error);

 private:
  // Owners: this reply, and the host while the handler runs.
  std::shared_ptr<Sink> sink_;
};

/// The HTTP routes of a plugin: on the public listener (`Host::http`) or on the admin listener (`Host::admin`, below
/// `/admin/v1`, where callers have shown the admin token).
///
/// @note Control thread only. Routes are removed by the host when the plugin stops.
class Http {
 public:
  using Handler = Function<void(const HttpRequest&, HttpReply)>;

  virtual ~Http() = default;

  /// Serves `method` on `pattern`, whose `{name}` segments match one path segment each: `/api/rooms/{id}`.
  /// What the handler throws is answered in the error envelope. Throws std::logic_error if the route is taken.
  void route(std::string_view method, std::string_view pattern, Handler handler) {
    route_described(method, pattern, json::object(), std::move(handler));
  }
  /// The same, with what `/api/openapi.json` says of it: an Operation Object of OpenAPI 3.1, to which the gateway adds
  /// the path's parameters, the errors that every route has, and the security scheme. Empty: the route is not listed.
  /// `sluice/rest.h` writes it from the types of a route.
  virtual void route_described(std::string_view method, std::string_view pattern, json::object operation,
                               Handler handler) = 0;
};

}  // namespace sluice
