#include "control/routes.h"

#include <string>
#include <utility>

#include "sluice/rest.h"

namespace sluice::livestream {

namespace {

const std::string kRoot = "/api/rooms/{roomId}/stream";

rest::Doc doc(const char* summary, json::object data, int status = 200) {
  return {.summary = summary,
          .tag = "streams",
          .data = std::move(data),
          .errors = {ErrorCode::not_found, ErrorCode::not_in_room, ErrorCode::permission_denied, ErrorCode::conflict},
          .status = status};
}

/// The caller's, in the room of the path.
template <class Call>
Door door_of(Control& control, const Call& call) {
  return control.door_of(call.caller(), call.path("roomId"));
}

void serve_stream(Http& http, Control& control) {
  rest::route<StartWish>(http, "POST", kRoot + "/start",
                         doc("Begins to stream a room that the caller is in", schema_of<StreamView>(), 201),
                         [&control](const rest::Call<StartWish>& call, rest::Reply reply) {
                           reply.created(to_json(control.start(door_of(control, call), call.body).view()));
                         });
  rest::route(http, "POST", kRoot + "/stop",
              doc("Ends the stream of a room that the caller is in", schema_of<StreamView>()),
              [&control](const rest::Call<>& call, rest::Reply reply) {
                reply.ok(to_json(control.stop(door_of(control, call)).view()));
              });
  rest::route<LayoutWish>(http, "POST", kRoot + "/layout",
                          doc("Lays the program out anew, from now on", schema_of<StreamView>()),
                          [&control](const rest::Call<LayoutWish>& call, rest::Reply reply) {
                            reply.ok(to_json(control.set_layout(door_of(control, call), call.body.layout).view()));
                          });
  rest::route(http, "GET", kRoot, doc("Whether and how a room that the caller is in is streamed", {}),
              [&control](const rest::Call<>& call, rest::Reply reply) {
                reply.ok(control.status(control.door_of(call.caller(), call.path("roomId"))));
              });
}

void serve_targets(Http& http, Control& control) {
  rest::route<TargetWish>(http, "POST", kRoot + "/targets",
                          doc("Pushes the stream to one more server", schema_of<TargetView>(), 201),
                          [&control](const rest::Call<TargetWish>& call, rest::Reply reply) {
                            reply.created(to_json(control.add_target(door_of(control, call), call.body)));
                          });
  rest::route(http, "DELETE", kRoot + "/targets/{targetId}", doc("Pushes the stream to a server no more", {}),
              [&control](const rest::Call<>& call, rest::Reply reply) {
                control.remove_target(door_of(control, call), call.path("targetId"));
                reply.ok(json::value(json::object{{"target_id", call.path("targetId")}}), "Removed");
              });
}

}  // namespace

void serve_room_routes(Context& context, Control& control) {
  serve_stream(context.host.http(), control);
  serve_targets(context.host.http(), control);
}

}  // namespace sluice::livestream
