#include "parts.h"

#include <stdexcept>
#include <utility>

#include "access.h"
#include "meeting_call.h"
#include "room_setup.h"
#include "sluice/log.h"
#include "users.h"

namespace sluice::meetings {

class Parts::Handle final : public Registration {
 public:
  Handle(std::weak_ptr<Table> table, std::string part) : table_{std::move(table)}, part_{std::move(part)} {}
  ~Handle() override {
    if (const auto table = table_.lock()) table->erase(part_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

 private:
  std::weak_ptr<Table> table_;
  std::string part_;
};

namespace {

/// The answer of a provider, which may throw instead of giving one, and does so when nobody up the stack answers for
/// it.
class PartSink final : public HttpReply::Sink {
 public:
  explicit PartSink(HttpReply reply) noexcept : reply_{std::move(reply)} {}
  void send(HttpReply::Response response) override {
    if (!std::exchange(answered_, true)) reply_.send(std::move(response));
  }
  void abandoned() override {}  // what is never answered is so by the end of `reply_`

 private:
  HttpReply reply_;
  bool answered_ = false;
};

}  // namespace

void Parts::find(const Identity& caller, std::string_view meeting_id, MeetingAccess access, Found found) {
  try {
    demand_token(caller);
    context_.users.demand_active(caller);
  } catch (const Error& error) {
    return found(error);
  }
  context_.repository.find(
      caller.tenant, std::string{meeting_id}, viewer_of(caller),
      lifeline_.guard([this, caller, access, found = std::move(found)](Result<MeetingView, Error> view) mutable {
        if (!view) return found(view.error());
        try {
          demand(caller_access(caller, view->meeting, view->own, context_.options), least_standing(access));
        } catch (const Error& error) {
          return found(error);
        }
        found(info_of(view->meeting));
      }));
}

std::optional<MeetingInfo> Parts::meeting_of(Room& room) {
  const LiveSession* session = live_.find(room);
  return session == nullptr ? std::nullopt : std::optional{info_of(session->meeting)};
}

std::unique_ptr<Meetings::Registration> Parts::provide_part(std::string_view part, PartHandler handler) {
  const bool taken = !table_->emplace(part, std::make_shared<PartHandler>(std::move(handler))).second;
  if (taken) throw std::logic_error{"somebody answers to '" + std::string{part} + "' already"};
  return std::make_unique<Handle>(table_, std::string{part});
}

std::unique_ptr<Meetings::Registration> Parts::provide_figure(std::string_view name, Figure figure) {
  return figures_.provide(name, std::move(figure));
}

void Parts::answer(std::string_view part, const HttpRequest& request, std::string_view meeting_id, MeetingAccess access,
                   rest::Reply reply) {
  // The request lives as long as the handler of its route: the provider gets a copy.
  find(request.identity, meeting_id, access,
       [this, part = std::string{part}, request, reply = std::move(reply)](Result<MeetingInfo, Error> found) mutable {
         if (!found) return reply.fail(found.error());
         run(part, request, *found, std::move(reply));
       });
}

void Parts::answer_for_tenant(std::string_view part, const HttpRequest& request, rest::Reply reply) {
  context_.users.demand_active(request.identity);
  if (request.identity.guest) throw Error{ErrorCode::unauthorized, "a token is required"};
  demand_admin(request.identity, context_.options);
  MeetingInfo tenant;
  tenant.tenant = request.identity.tenant;
  run(part, request, tenant, std::move(reply));
}

void Parts::run(std::string_view part, const HttpRequest& request, const MeetingInfo& meeting, rest::Reply reply) {
  const auto found = table_->find(part);
  if (found == table_->end()) {
    return reply.fail(Error{ErrorCode::feature_not_loaded, "no loaded plugin keeps " + std::string{part}});
  }
  const std::shared_ptr<PartHandler> handler = found->second;
  const auto sink = std::make_shared<PartSink>(std::move(reply).release());
  try {
    (*handler)(request, meeting, rest::Reply{HttpReply{sink}});
  } catch (const Error& error) {
    sink->send(HttpReply::failure(error));
  } catch (const std::exception& error) {
    context_.host.log().error("a part of a meeting threw", {{"part", part}, {"error", error.what()}});
    sink->send(HttpReply::failure(Error{ErrorCode::internal, "a defect on our side"}));
  }
}

}  // namespace sluice::meetings
