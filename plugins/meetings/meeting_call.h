#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "access.h"
#include "context.h"
#include "join_pass.h"
#include "repository.h"
#include "sluice/lifeline.h"
#include "sluice/log.h"
#include "sluice/rest.h"
#include "users.h"

/// What the routes of live meetings have in common.
namespace sluice::meetings {

/// The same handlers stand below both.
inline constexpr std::array<std::string_view, 2> kPrefixes{"/api/meeting", "/api/v1/meetings"};

/// Shared by the steps of one request, of which the last answers.
using Answer = std::shared_ptr<rest::Reply>;

/// A meeting, as the one who asks for it may see it.
struct Asked {
  Identity caller;
  MeetingView view;
  Standing standing = Standing::none;

  [[nodiscard]] const Meeting& meeting() const noexcept { return view.meeting; }
};

/// Runs `work`, which answers; what it throws is the answer.
template <class Work>
void answering(Host& host, const Answer& answer, Work work) {
  try {
    work();
  } catch (const Error& error) {
    answer->fail(error);
  } catch (const std::exception& error) {
    host.log().error("a request threw", {{"error", error.what()}});
    answer->fail(Error{ErrorCode::internal, "a defect on our side"});
  }
}

/// Throws Error{unauthorized} for who has shown no token at all: neither an account's nor one to join with.
inline void demand_token(const Identity& caller) {
  if (caller.guest && !read_pass(caller)) throw Error{ErrorCode::unauthorized, "a token is needed"};
}

/// `then(const Asked&, const Answer&)` for who may; others are answered. Throws as `demand_token` does.
template <class Then>
void with_meeting(Context& context, const Lifeline& lifeline, const Identity& caller, const std::string& id,
                  Standing least, rest::Reply reply, Then then) {
  demand_token(caller);
  context.users.demand_active(caller);
  const auto answer = std::make_shared<rest::Reply>(std::move(reply));
  context.repository.find(caller.tenant, id, viewer_of(caller),
                          lifeline.guard([&context, caller, least, answer,
                                          then = std::move(then)](Result<MeetingView, Error> view) mutable {
                            if (!view) return answer->fail(view.error());
                            answering(context.host, answer, [&] {
                              Asked asked{.caller = caller, .view = std::move(*view)};
                              asked.standing =
                                  caller_access(caller, asked.view.meeting, asked.view.own, context.options);
                              demand(asked.standing, least);
                              then(asked, answer);
                            });
                          }));
}

}  // namespace sluice::meetings
