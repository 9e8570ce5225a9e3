#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/function.h"
#include "sluice/identity.h"
#include "sluice/json.h"

namespace sluice {

/// One HTTP request, read whole; its body is bounded by `http.public.body_bytes`, or by RouteOptions::body_bytes.
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
    /// Path of a regular file that is sent instead of `body`, with status 200: the listener streams it, and answers
    /// HEAD, `Range` with one range (206, 416; RFC 9110 section 14), `If-Range` and `If-None-Match` (304) by itself.
    /// `ETag` is made of the file's time and size unless it stands in `headers`. A file that is gone is a 404.
    std::string file{};
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
  /// The same with another status, where HTTP has a finer one: CONFLICT with 412 or 428.
  void fail(const Error& error, int status);
  /// What `fail` sends, for who changes the status or adds headers. A 401 names the scheme to authenticate by (RFC 6750
  /// section 3), RATE_LIMITED says in `Retry-After` how long to wait.
  [[nodiscard]] static Response failure(const Error& error);

 private:
  // Owners: this reply, and the host while the handler runs.
  std::shared_ptr<Sink> sink_;
};

/// How a route is served, where the usual is not right.
struct RouteOptions {
  /// What `/api/openapi.json` says of it: an Operation Object of OpenAPI 3.1, to which the gateway adds the path's
  /// parameters, the errors that every route has, and the security scheme. Empty: the route is not listed.
  /// `sluice/rest.h` writes it from the types of a route.
  json::object operation{};
  /// Longest body of a request; more is refused with 413 before it is read. 0: `http.public.body_bytes`. What is larger
  /// than that shares `http.public.large_bodies_bytes` with all such requests; more of them at once get 503.
  std::size_t body_bytes{};
  /// Whether requests count against `http.public.requests_per_second`. Not so what load balancers ask.
  bool rate_limited = true;
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
    serve(method, pattern, {}, std::move(handler));
  }
  /// The same, in another way than the usual one.
  virtual void serve(std::string_view method, std::string_view pattern, RouteOptions options, Handler handler) = 0;
};

}  // namespace sluice
