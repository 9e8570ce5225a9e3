#pragma once

#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "access.h"
#include "context.h"
#include "sluice/log.h"
#include "sluice/rest.h"

/// The REST API's way in: the same routes below two prefixes, for callers who are somebody.
/// @note Control thread only.
namespace sluice::meetings {

inline constexpr std::array<std::string_view, 2> kPrefixes{"/api/meeting", "/api/v1/meetings"};

/// Throws Error: unauthorized for a guest (where they may not come in), permission_denied for a deactivated user.
/// Remembers who came.
void admit_caller(Context& context, const Identity& caller, bool guests);

/// Throws Error{permission_denied} for a join token, which is for one meeting and the calls that name it.
void demand_no_join_token(const Identity& caller);

/// Serves `path` below both prefixes. `handler` is `void (const rest::Call<Body, Query>&, rest::Reply)`, copyable.
template <class Body = Nothing, class Query = Nothing, class Handler>
void serve(Context& context, std::string_view method, std::string_view path, const rest::Doc& doc, Handler handler) {
  for (const std::string_view prefix : kPrefixes) {
    rest::route<Body, Query>(
        context.host.http(), method, std::string{prefix}.append(path), doc,
        [&context, handler, guests = doc.guests](const rest::Call<Body, Query>& call, rest::Reply reply) mutable {
          admit_caller(context, call.caller(), guests);
          handler(call, std::move(reply));
        });
  }
}

/// The value; throws the error that stands there instead.
template <class T>
[[nodiscard]] T& value_of(Result<T, Error>& result) {
  if (!result) throw Error{result.error()};
  return *result;
}

/// Runs what answers; what it throws is the answer.
template <class F>
void answering(Host& host, rest::Reply& reply, F answer) {
  try {
    answer();
  } catch (const Error& error) {
    reply.fail(error);
  } catch (const std::exception& error) {
    host.log().error("a request failed", {{"error", error.what()}});
    reply.fail(Error{ErrorCode::internal, "the request failed"});
  }
}

/// A meeting as its caller sees it.
struct Seen {
  Identity caller;
  MeetingView view;
  Standing standing = Standing::none;
};
/// Finds the meeting of the path's `{id}`, checks what the caller is to it, and goes on with `next(Seen, rest::Reply)`,
/// later; what is thrown there is answered while it has the reply.
template <class Next>
void with_meeting(Context& context, const HttpRequest& http, Standing least, rest::Reply reply, Next next) {
  const Identity& caller = http.identity;
  context.repository.find(caller.tenant, http.path_parameters.at("id"), viewer_of(caller),
                          [&context, caller, least, reply = std::move(reply),
                           next = std::move(next)](Result<MeetingView, Error> found) mutable {
                            answering(context.host, reply, [&] {
                              MeetingView& view = value_of(found);
                              const Standing standing = caller_access(caller, view.meeting, view.own, context.options);
                              demand(standing, least);
                              next(Seen{.caller = std::move(caller), .view = std::move(view), .standing = standing},
                                   reply);
                            });
                          });
}

/// Pages: `page` from 1 and `limit`, or `offset` and `limit`.
struct Paging {
  std::int64_t offset = 0;
  std::int64_t limit = 0;
};
/// Throws Error{invalid_payload} for what is out of bounds; a limit over `page_limit` is that.
[[nodiscard]] Paging paging_of(std::optional<std::int64_t> page, std::optional<std::int64_t> limit,
                               std::optional<std::int64_t> offset, const Options& options);
/// `{offset, limit, total, has_more}`
[[nodiscard]] json::object paging_json(const Paging& paging, std::size_t shown, std::int64_t total);

/// Throws Error{invalid_payload} that names the field.
[[noreturn]] void refuse(std::string_view path, std::string_view reason);
/// Throws the same as seen from above: what is wrong with `email` is wrong with `participants[3].email`.
[[noreturn]] void refuse_below(const std::string& path, const Error& inner);
/// What `read` refuses, it refuses below `path`.
template <class F>
auto below(const std::string& path, F read) {
  try {
    return read();
  } catch (const Error& error) {
    refuse_below(path, error);
  }
}

}  // namespace sluice::meetings
