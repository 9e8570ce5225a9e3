#include "join_desk.h"

#include <arpa/inet.h>

#include <array>
#include <chrono>
#include <utility>

#include "audit.h"
#include "join_pass.h"
#include "password.h"
#include "sluice/background.h"
#include "sluice/timers.h"
#include "users.h"

namespace sluice::meetings {

namespace {

/// In it, who is refused again at the same meeting is not put on record again; guests are one.
constexpr auto kRefusalWindow = std::chrono::minutes{10};

std::optional<Role> best_role(const std::vector<Invited>& own) {
  std::optional<Role> best;
  for (const Invited& row : own) {
    if (row.status == InvitedStatus::removed || row.walk_in) continue;
    if (!best || row.role < *best) best = row.role;
  }
  return best;
}

Error not_found() { return {ErrorCode::not_found, "there is no such meeting"}; }

Error password_refusal(std::string_view reason, const std::string& message) {
  return {ErrorCode::admission_denied, message, {{"reasons", json::array{json::value(reason)}}}};
}

}  // namespace

std::string attempts_of(const Identity& who, const std::string& address) {
  if (!who.guest) return "user " + who.tenant + "/" + who.user_id;
  std::string host = address.substr(0, address.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) return "address " + host;
  std::array<char, INET6_ADDRSTRLEN> text{};
  for (std::size_t i = 8; i < bytes.size(); ++i) bytes[i] = 0;
  return "network " + std::string{inet_ntop(AF_INET6, bytes.data(), text.data(), text.size())};
}

void JoinDesk::look_up(const Identity& who, const std::string& tenant, const std::string& meeting_id,
                       Done<JoinCase> done) {
  if (const LiveSession* session = live_.find(tenant, meeting_id)) {
    return done(JoinCase{.meeting = session->meeting,
                         .invited_as = session->roles.role_of(who),
                         .live = true,
                         .in_room = session->room->size()});
  }
  // A guest's name is in nobody's list, and must not be taken for that of a user.
  const Viewer viewer = who.guest ? Viewer{} : viewer_of(who);
  context_.repository.find(
      tenant, meeting_id, viewer,
      lifeline_.guard([guest = who.guest, done = std::move(done)](Result<MeetingView, Error> view) mutable {
        if (!view) return done(view.error());
        done(JoinCase{.meeting = std::move(view->meeting), .invited_as = guest ? std::nullopt : best_role(view->own)});
      }));
}

void JoinDesk::find(const Identity& who, const std::string& meeting_id, Done<JoinCase> done) {
  if (const auto pass = read_pass(who); pass && pass->meeting_id != meeting_id) {
    return done(Error{ErrorCode::admission_denied, "the token is for another meeting"});
  }
  const bool belongs_nowhere = who.guest && who.tenant.empty();
  if (!belongs_nowhere) return look_up(who, who.tenant, meeting_id, std::move(done));
  store_.tenant_for_guests(meeting_id, lifeline_.guard([this, who, meeting_id, done = std::move(done)](
                                                           Result<std::optional<std::string>, Error> tenant) mutable {
    if (!tenant) return done(tenant.error());
    if (!*tenant) return done(not_found());
    const std::string home = **tenant;
    look_up(who, home, meeting_id, [this, home, done = std::move(done)](Result<JoinCase, Error> found) mutable {
      // What does not admit guests is not there for those who come from nowhere.
      const bool hidden = found && !home.empty() && !admits_guests(found->meeting, context_.options);
      if (hidden) return done(not_found());
      done(std::move(found));
    });
  }));
}

MeetingNow JoinDesk::now_of(const JoinCase& wish) const {
  return {
      .meeting = wish.meeting, .live = wish.live, .in_room = wish.in_room, .now = context_.host.timers().wall_time()};
}

JoinVerdict JoinDesk::judge(const JoinCase& wish, const Identity& who) const {
  bool active = true;
  try {
    context_.users.demand_active(who);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::permission_denied) throw;
    active = false;
  }
  return meetings::judge(now_of(wish), {.who = who, .invited_as = wish.invited_as, .active = active}, context_.options);
}

Error JoinDesk::refuse(const JoinCase& wish, const Identity& who, const JoinVerdict& verdict) {
  if (refused_by_policy(verdict) && is_news(wish.meeting, who)) {
    context_.audit.record(wish.meeting.tenant, wish.meeting.id, who, "meeting.join_refused", who.user_id,
                          {{"reasons", to_names(verdict.reasons)}});
  }
  return refusal(verdict, now_of(wish), context_.options);
}

// Trying again and again must not push what others did out of the trail, which keeps so many entries.
bool JoinDesk::is_news(const Meeting& meeting, const Identity& who) {
  const std::string caller = who.guest ? "guests" : attempts_of(who, {});
  return !refusals_.begin(meeting.tenant + "/" + caller, meeting.id, {.most = 1, .window = kRefusalWindow},
                          context_.host.timers().now());
}

void JoinDesk::check_password(const Identity& who, const std::string& address, const Meeting& meeting,
                              std::string password, Done<Ok> done) {
  if (password.empty()) return done(password_refusal("password_required", "the meeting has a password"));
  const std::string caller = attempts_of(who, address);
  const auto wait = attempts_.begin(
      caller, meeting.id, {.most = context_.options.password_attempts, .window = context_.options.password_window_ms},
      context_.host.timers().now());
  if (wait) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(*wait).count();
    return done(Error{ErrorCode::rate_limited, "too many attempts at the password", {{"retryAfterMs", ms}}});
  }
  // Shared by the completion and the case that the pool takes no work: one of the two calls it.
  const auto answer = std::make_shared<Done<Ok>>(std::move(done));
  const auto checked = lifeline_.guard([this, caller, id = meeting.id, answer](JobResult<bool> result) {
    bool right = false;
    try {
      right = result.value();
    } catch (const std::exception&) {
      return (*answer)(Error{ErrorCode::internal, "the password cannot be checked"});
    }
    if (!right) return (*answer)(password_refusal("wrong_password", "this is not the meeting's password"));
    attempts_.succeeded(caller, id);
    (*answer)(Ok{});
  });
  try {
    context_.host.background().run(
        [password = std::move(password), hash = meeting.password_hash] { return verify_password(password, hash); },
        checked);
  } catch (const Error& error) {
    (*answer)(error);
  }
}

}  // namespace sluice::meetings
