#include "routes.h"

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "audit.h"
#include "requests.h"
#include "sluice/rest.h"
#include "view.h"

namespace sluice::recording {

namespace {

constexpr const char* kTag = "recordings";

void demand_token(const Identity& caller) {
  if (caller.guest) throw Error{ErrorCode::unauthorized, "a token is required"};
}

void serve_room_commands(const RouteParts& parts) {
  Http& http = parts.context.host.http();
  Control& control = parts.control;
  const std::vector<ErrorCode> errors{ErrorCode::not_found, ErrorCode::not_in_room, ErrorCode::permission_denied,
                                      ErrorCode::conflict};
  rest::route<StartBody>(http, "POST", "/api/rooms/{roomId}/recording/start",
                         {.summary = "Begins to record a room that the caller is in",
                          .tag = kTag,
                          .data = schema_of<RecordingView>(),
                          .errors = errors,
                          .status = 201},
                         [&control](const rest::Call<StartBody>& call, rest::Reply reply) {
                           control.by_user(Command::start, call.caller(), call.path("roomId"), call.body,
                                           std::move(reply));
                         });
  struct Row {
    Command command;
    const char* name;
    const char* summary;
  };
  for (const Row& row : {Row{Command::stop, "stop", "Ends the recording of a room that the caller is in"},
                         Row{Command::pause, "pause", "Pauses the recording of a room that the caller is in"},
                         Row{Command::resume, "resume", "Goes on recording a room that the caller is in"}}) {
    rest::route(http, "POST", std::string{"/api/rooms/{roomId}/recording/"} + row.name,
                {.summary = row.summary, .tag = kTag, .data = schema_of<RecordingView>(), .errors = errors},
                [&control, command = row.command](const rest::Call<>& call, rest::Reply reply) {
                  control.by_user(command, call.caller(), call.path("roomId"), {}, std::move(reply));
                });
  }
}

void serve_lists(const RouteParts& parts) {
  Http& http = parts.context.host.http();
  Listing& listing = parts.listing;
  rest::route<Nothing, RecordingsQuery>(
      http, "GET", "/api/recordings", {.summary = "The recordings that the caller has started or was at", .tag = kTag},
      [&listing](const rest::Call<Nothing, RecordingsQuery>& call, rest::Reply reply) {
        demand_token(call.caller());
        listing.of_caller(call.caller(), call.query, std::move(reply));
      });
  rest::route(http, "GET", "/api/recordings/{id}",
              {.summary = "A recording that the caller may see, with addresses of its files",
               .tag = kTag,
               .data = schema_of<RecordingView>(),
               .errors = {ErrorCode::not_found}},
              [&listing](const rest::Call<>& call, rest::Reply reply) {
                demand_token(call.caller());
                listing.one(call.caller(), call.path("id"), std::move(reply));
              });
}

void serve_files(const RouteParts& parts) {
  Http& http = parts.context.host.http();
  Downloads& downloads = parts.downloads;
  rest::Doc doc{.summary = "The recording itself: with a token, or with the `ticket` of its address",
                .tag = kTag,
                .description = "Answers HEAD and ranges. `download=1`: to be saved instead of shown.",
                .errors = {ErrorCode::not_found, ErrorCode::conflict},
                .guests = true,
                .answer_type = "video/mp4"};
  rest::route(http, "GET", "/api/recordings/{id}/file", doc, [&downloads](const rest::Call<>& call, rest::Reply reply) {
    downloads.serve(call.http, call.path("id"), {}, std::move(reply).release());
  });
  doc.summary = "A file beside it: the thumbnail, a transcript of the chat";
  doc.answer_type = "application/octet-stream";
  rest::route(http, "GET", "/api/recordings/{id}/files/{name}", doc,
              [&downloads](const rest::Call<>& call, rest::Reply reply) {
                downloads.serve(call.http, call.path("id"), call.path("name"), std::move(reply).release());
              });
}

void serve_deletion(const RouteParts& parts) {
  Context& context = parts.context;
  Upkeep& upkeep = parts.upkeep;
  rest::route(parts.context.host.http(), "DELETE", "/api/recordings/{id}",
              {.summary = "Deletes a recording for good, with all its files",
               .tag = kTag,
               .errors = {ErrorCode::not_found, ErrorCode::permission_denied, ErrorCode::conflict}},
              [&context, &upkeep, &access = parts.access](const rest::Call<>& call, rest::Reply reply) {
                demand_token(call.caller());
                const auto kept = std::make_shared<rest::Reply>(std::move(reply));
                access.find(call.caller(), call.path("id"), Access::Need::remove,
                            [&context, &upkeep, kept, caller = call.caller()](const Result<Record, Error>& record) {
                              if (!record) return kept->fail(record.error());
                              upkeep.remove(*record, [&context, kept, caller,
                                                      record = *record](const Result<Ok, Error>& removed) {
                                if (!removed) return kept->fail(removed.error());
                                audit(context, record, caller, "recording.delete");
                                kept->ok(json::object{{"id", record.id}}, "Deleted");
                              });
                            });
              });
}

}  // namespace

void serve_routes(const RouteParts& parts) {
  serve_room_commands(parts);
  serve_lists(parts);
  serve_files(parts);
  serve_deletion(parts);
}

}  // namespace sluice::recording
