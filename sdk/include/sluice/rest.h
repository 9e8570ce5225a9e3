#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/events.h"
#include "sluice/http.h"
#include "sluice/json_schema.h"

/// Typed REST routes: the body and the query of a request are described structs, the answer is the envelope
/// `{success, data, message}`, and the route's entry in `/api/openapi.json` is written from the same types.
///
///     struct Rename { static constexpr bool kSnakeCase = true; Text<256> new_name; };
///     BOOST_DESCRIBE_STRUCT(Rename, (), (new_name))
///
///     rest::route<Rename>(host.http(), "PUT", "/api/things/{id}",
///                         {.summary = "Renames a thing", .tag = "things", .errors = {ErrorCode::not_found}},
///                         [](const rest::Call<Rename>& call, rest::Reply reply) {
///                           reply.ok(rename(call.path("id"), call.body.new_name), "Renamed");
///                         });
///
/// @note Control thread only.
namespace sluice::rest {

/// What the API's description says of a route, beyond what its types say.
struct Doc {
  std::string summary;                 ///< one line
  std::string tag;                     ///< the group in which it is listed
  std::string description = {};        ///< CommonMark
  json::object data = {};              ///< schema of the envelope's `data`: `schema_of<T>()`; empty: anything
  std::vector<ErrorCode> errors = {};  ///< beyond those that every route has
  int status = 200;                    ///< of a success
  bool guests = false;                 ///< no token is needed where guests are admitted
  std::string body_type = {};          ///< media type of a body that is no JSON: read `call.http.body`
  std::string answer_type = {};        ///< media type of a success that is no envelope: a file
  std::size_t body_bytes = 0;          ///< longest body; 0: as configured for all (RouteOptions::body_bytes)
  bool rate_limited = true;            ///< not so what load balancers ask
};

/// Whether a change is based on what is there now: `If-Match` against the entity tag of what is to be changed.
enum class Precondition : std::uint8_t {
  holds,
  missing,  ///< the header is not there; 428, RFC 6585 section 3
  failed    ///< somebody else has changed it meanwhile; 412, RFC 9110 section 13.1.1
};

/// @param entity_tag  With its quotes: `"7"`. The comparison is strong: `W/"7"` never matches.
[[nodiscard]] Precondition if_match(const HttpRequest& request, std::string_view entity_tag);

/// The answer in the envelope; completed exactly once, now or later.
class Reply {
 public:
  explicit Reply(HttpReply reply) noexcept : reply_{std::move(reply)} {}

  /// `{success: true, data, message?}`
  void ok(json::value data, std::string_view message = {}) { respond(200, std::move(data), message); }
  void created(json::value data, std::string_view message = {}) { respond(201, std::move(data), message); }
  void respond(int status, json::value data, std::string_view message = {});
  /// `{success: false, error: {code, message, details}}` with the status that stands for the code.
  void fail(const Error& error) { reply_.fail(error); }
  /// The same with another status, where HTTP has a finer one.
  void fail(const Error& error, int status) { reply_.fail(error, status); }
  /// CONFLICT with 428 or 412, and the tag that would have matched as `details.etag`.
  void precondition_failed(Precondition why, std::string_view entity_tag);
  /// A header of the answer to come (`ETag`).
  void header(std::string name, std::string value) { headers_[std::move(name)] = std::move(value); }
  /// One more member of a success, beside `data`: `pagination`.
  void member(std::string_view name, json::value value) { members_[name] = std::move(value); }
  /// For what is no JSON: a file.
  [[nodiscard]] HttpReply release() && noexcept { return std::move(reply_); }

 private:
  HttpReply reply_;
  std::map<std::string, std::string, std::less<>> headers_;
  json::object members_;
};

/// One request, read.
template <class Body = Nothing, class Query = Nothing>
struct Call {
  const HttpRequest& http;
  Body body;
  Query query;

  [[nodiscard]] const Identity& caller() const noexcept { return http.identity; }
  /// The `{name}` segment of the path.
  [[nodiscard]] const std::string& path(std::string_view name) const { return http.path_parameters.find(name)->second; }
  /// A header, by its name in lower case.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
    const auto found = http.headers.find(name);
    return found == http.headers.end() ? std::nullopt : std::optional{found->second};
  }
};

/// The JSON of a body; an empty one is `{}`. Throws Error{invalid_payload}, UNSUPPORTED for another content type.
[[nodiscard]] json::value read_body(const HttpRequest& request);
/// A query as JSON for the schema of what is wanted: numbers and booleans become such.
[[nodiscard]] json::value read_query(const HttpRequest& request, const json::object& schema);
/// The Operation Object.
[[nodiscard]] json::object describe(const Doc& doc, const json::object* body, const json::object* query);

/// Serves `method` on `pattern`. `handler` is `void (const Call<Body, Query>&, Reply)`; the call lives as long as the
/// handler runs. A body or a query that does not fit is answered INVALID_PAYLOAD with the field's path and never
/// reaches it; what it throws is answered.
template <class Body = Nothing, class Query = Nothing, class Handler>
void route(Http& http, std::string_view method, std::string_view pattern, const Doc& doc, Handler handler) {
  const json::object body_schema = schema_of<Body>();
  const json::object query_schema = schema_of<Query>();
  json::object operation = describe(doc, std::same_as<Body, Nothing> ? nullptr : &body_schema,
                                    std::same_as<Query, Nothing> ? nullptr : &query_schema);
  http.serve(method, pattern,
             {.operation = std::move(operation), .body_bytes = doc.body_bytes, .rate_limited = doc.rate_limited},
             [handler = std::move(handler), query_schema](const HttpRequest& request, HttpReply reply) mutable {
               Call<Body, Query> call{.http = request, .body = {}, .query = {}};
               if constexpr (!std::same_as<Body, Nothing>) call.body = from_json<Body>(read_body(request));
               if constexpr (!std::same_as<Query, Nothing>)
                 call.query = from_json<Query>(read_query(request, query_schema));
               handler(call, Reply{std::move(reply)});
             });
}

}  // namespace sluice::rest
