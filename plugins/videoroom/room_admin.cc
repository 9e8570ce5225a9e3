#include "room_admin.h"

#include <algorithm>
#include <charconv>

#include "context.h"
#include "room_report.h"
#include "room_table.h"
#include "sluice/http.h"
#include "sluice/log.h"

namespace sluice::videoroom {

namespace {

constexpr std::size_t kDefaultPage = 100;
constexpr std::size_t kMaxPage = 1'000;
/// Each participant in a report costs a question to the media workers per transport, producer and consumer.
constexpr std::size_t kDefaultReportPage = 50;
constexpr std::size_t kMaxReportPage = 200;

std::size_t number_of(const HttpRequest& request, std::string_view name, std::size_t fallback) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return fallback;
  const std::string& text = found->second;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  throw Error{ErrorCode::invalid_payload, std::string{name} + ": must be a number", {{"path", name}}};
}

LiveRoom& room_of(RoomTable& table, const HttpRequest& request) {
  const auto tenant = request.query.find("tenant");
  const std::string& id = request.path_parameters.at("id");
  LiveRoom* room = table.find(tenant == request.query.end() ? std::string{} : tenant->second, id);
  if (room == nullptr) throw Error{ErrorCode::room_not_found, "there is no such room"};
  return *room;
}

json::object list_rooms(const RoomTable& table, const HttpRequest& request) {
  const std::size_t offset = number_of(request, "offset", 0);
  const std::size_t limit = std::min(number_of(request, "limit", kDefaultPage), kMaxPage);
  const auto rooms = table.rooms();
  json::array page;
  for (std::size_t i = offset; i < rooms.size() && page.size() < limit; ++i) page.push_back(admin_summary(*rooms[i]));
  return {{"rooms", std::move(page)}, {"total", rooms.size()}, {"participants", table.participant_count()}};
}

}  // namespace

void serve_admin_routes(Context& context, RoomTable& table) {
  Http& admin = context.host.admin();
  admin.route("GET", "/rooms", [&table](const HttpRequest& request, HttpReply reply) {
    reply.json(json::object{{"success", true}, {"data", list_rooms(table, request)}});
  });
  admin.route("GET", "/rooms/{id}", [&context, &table](const HttpRequest& request, HttpReply reply) {
    const ReportPage page{.offset = number_of(request, "offset", 0),
                          .limit = std::min(number_of(request, "limit", kDefaultReportPage), kMaxReportPage)};
    send_room_report(context, room_of(table, request), page, std::move(reply));
  });
  admin.route("DELETE", "/rooms/{id}", [&context, &table](const HttpRequest& request, HttpReply reply) {
    LiveRoom& room = room_of(table, request);
    context.host.log().info("room closed by the admin API", {{"room", room.id()}, {"by", request.remote_address}});
    room.close("closed_by_admin");
    reply.json(json::object{{"success", true}, {"data", json::object{{"roomId", room.id()}}}});
  });
}

}  // namespace sluice::videoroom
