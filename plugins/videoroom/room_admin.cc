#include "room_admin.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "audit.h"
#include "context.h"
#include "refusal.h"
#include "room_actions.h"
#include "room_report.h"
#include "room_table.h"
#include "sluice/log.h"
#include "sluice/rest.h"

namespace sluice::videoroom {

namespace {

constexpr std::uint32_t kDefaultPage = 100;
constexpr std::uint32_t kMaxPage = 1'000;
constexpr std::uint32_t kDefaultReportPage = 50;
constexpr std::uint32_t kMaxReportPage = 200;

using Tenant = std::optional<Text<Identity::kMaxBytes>>;

struct ListQuery {
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListQuery, (), (offset, limit))

struct ReportQuery {
  Tenant tenant;
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ReportQuery, (), (tenant, offset, limit))

struct RoomQuery {
  Tenant tenant;
};
BOOST_DESCRIBE_STRUCT(RoomQuery, (), (tenant))

struct RemovalQuery {
  Tenant tenant;
  std::optional<Text<256>> reason;
  std::optional<bool> ban;
};
BOOST_DESCRIBE_STRUCT(RemovalQuery, (), (tenant, reason, ban))

struct MuteBody {
  MuteKind kind = MuteKind::audio;
};
BOOST_DESCRIBE_STRUCT(MuteBody, (), (kind))

rest::Doc about(std::string summary) {
  return {.summary = std::move(summary), .tag = "rooms", .errors = {ErrorCode::room_not_found}};
}

/// The routes of one videoroom.
class RoomAdmin {
 public:
  RoomAdmin(Context& context, RoomTable& table, const RoomActivities& activities) noexcept
      : context_{context}, table_{table}, activities_{activities} {}

  void list(const rest::Call<Nothing, ListQuery>& call, rest::Reply reply) const {
    const std::size_t limit = std::min(call.query.limit.value_or(kDefaultPage), kMaxPage);
    auto rooms = table_.rooms();
    json::object data{{"total", rooms.size()}, {"participants", table_.participant_count()}};
    const std::size_t first = std::min<std::size_t>(call.query.offset.value_or(0), rooms.size());
    rooms.erase(rooms.begin(), rooms.begin() + static_cast<std::ptrdiff_t>(first));
    if (rooms.size() > limit) rooms.resize(limit);
    send_room_list(context_, activities_, rooms, std::move(data), std::move(reply));
  }

  void report(const rest::Call<Nothing, ReportQuery>& call, rest::Reply reply) const {
    const ReportPage page{.offset = call.query.offset.value_or(0),
                          .limit = std::min(call.query.limit.value_or(kDefaultReportPage), kMaxReportPage)};
    send_room_report(context_, activities_, room_of(call), page, std::move(reply));
  }

  void close(const rest::Call<Nothing, RoomQuery>& call, rest::Reply reply) const {
    LiveRoom& room = room_of(call);
    const std::string id = room.id();
    context_.host.log().info("room closed by the admin API", {{"room", id}, {"by", call.http.remote_address}});
    audit(context_, room, call.caller(), "room.close", {}, {{"reason", "closed_by_admin"}});
    room.close("closed_by_admin");
    reply.ok(json::object{{"roomId", id}});
  }

  void participant(const rest::Call<Nothing, RoomQuery>& call, rest::Reply reply) const {
    send_participant_report(context_, member_of(call), std::move(reply));
  }

  void remove(const rest::Call<Nothing, RemovalQuery>& call, rest::Reply reply) const {
    Member& member = member_of(call);
    const std::string id = member.id();
    const std::string user_id = member.identity().user_id;
    std::string reason = sanitise_text(call.query.reason.value_or(""));
    if (reason.empty()) reason = "removed";
    const bool ban = call.query.ban.value_or(false);
    LiveRoom& room = member.live_room();
    if (ban) room.ban(user_id);
    note("participant removed by the admin API", call.http, member);
    audit(context_, room, call.caller(), "participant.remove", user_id, {{"reason", reason}, {"ban", ban}});
    ban ? take_out_all(room, user_id, reason) : member.remove(reason);
    reply.ok(json::object{{"participantId", id}, {"banned", ban}});
  }

  void mute(const rest::Call<MuteBody, RoomQuery>& call, rest::Reply reply) const {
    Member& member = member_of(call);
    note("participant muted by the admin API", call.http, member);
    audit_mute(call, member, "participant.mute");
    member.media().state.mute(call.body.kind, nullptr);
    reply.ok(json::value(member.summary()));
  }

  void unmute(const rest::Call<MuteBody, RoomQuery>& call, rest::Reply reply) const {
    Member& member = member_of(call);
    note("participant unmuted by the admin API", call.http, member);
    audit_mute(call, member, "participant.ask_unmute");
    member.media().state.unmute(call.body.kind, nullptr);
    reply.ok(json::value(member.summary()));
  }

 private:
  template <class Call>
  LiveRoom& room_of(const Call& call) const {
    LiveRoom* room = table_.find(call.query.tenant.value_or(""), call.path("id"));
    if (room == nullptr) throw Error{ErrorCode::room_not_found, "there is no such room"};
    return *room;
  }
  template <class Call>
  Member& member_of(const Call& call) const {
    Member* member = room_of(call).find(call.path("pid"));
    if (member == nullptr) refuse_unknown("participant", call.path("pid"));
    return *member;
  }
  void note(std::string_view what, const HttpRequest& request, Member& member) const {
    context_.host.log().info(
        what, {{"room", member.live_room().id()}, {"participant", member.id()}, {"by", request.remote_address}});
  }
  void audit_mute(const rest::Call<MuteBody, RoomQuery>& call, Member& member, std::string_view action) const {
    audit(context_, member.live_room(), call.caller(), action, member.identity().user_id,
          {{"kind", to_json(call.body.kind)}});
  }

  Context& context_;
  RoomTable& table_;
  const RoomActivities& activities_;
};

}  // namespace

void serve_admin_routes(Context& context, RoomTable& table, const RoomActivities& activities) {
  Http& admin = context.host.admin();
  const RoomAdmin rooms{context, table, activities};
  rest::route<Nothing, ListQuery>(admin, "GET", "/rooms", about("Rooms, and what they receive and send"),
                                  [rooms](const auto& call, rest::Reply reply) { rooms.list(call, std::move(reply)); });
  rest::route<Nothing, ReportQuery>(
      admin, "GET", "/rooms/{id}", about("A room, its participants, and the figures of their media"),
      [rooms](const auto& call, rest::Reply reply) { rooms.report(call, std::move(reply)); });
  rest::route<Nothing, RoomQuery>(
      admin, "DELETE", "/rooms/{id}", about("Closes a room"),
      [rooms](const auto& call, rest::Reply reply) { rooms.close(call, std::move(reply)); });
  rest::route<Nothing, RoomQuery>(
      admin, "GET", "/rooms/{id}/participants/{pid}", about("All that is known of a participant"),
      [rooms](const auto& call, rest::Reply reply) { rooms.participant(call, std::move(reply)); });
  rest::route<Nothing, RemovalQuery>(
      admin, "DELETE", "/rooms/{id}/participants/{pid}", about("Takes a participant out of its room"),
      [rooms](const auto& call, rest::Reply reply) { rooms.remove(call, std::move(reply)); });
  rest::route<MuteBody, RoomQuery>(
      admin, "POST", "/rooms/{id}/participants/{pid}/mute", about("Holds what a participant sends"),
      [rooms](const auto& call, rest::Reply reply) { rooms.mute(call, std::move(reply)); });
  rest::route<MuteBody, RoomQuery>(
      admin, "POST", "/rooms/{id}/participants/{pid}/unmute", about("Lets a participant send again"),
      [rooms](const auto& call, rest::Reply reply) { rooms.unmute(call, std::move(reply)); });
}

}  // namespace sluice::videoroom
