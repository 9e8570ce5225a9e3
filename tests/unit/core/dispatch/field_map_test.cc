#include "core/dispatch/field_map.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

namespace sluice {
namespace {

struct Row {
  const char* what;
  FieldNames names;
  const char* before;
  const char* after;
};

json::object read(const char* text) { return json::parse(text).as_object(); }

}  // namespace

TEST_CASE("what an older client sends is renamed") {
  const Row table[] = {
      {"a field is moved",
       {.fields = {{"meetingId", "roomId"}}},
       R"({"meetingId":"m","x":1})",
       R"({"roomId":"m","x":1})"},
      {"what is not there is not made", {.fields = {{"meetingId", "roomId"}}}, R"({"x":1})", R"({"x":1})"},
      {"a canonical field that is there stays",
       {.fields = {{"meetingId", "roomId"}}},
       R"({"meetingId":"m","roomId":"r"})",
       R"({"roomId":"r"})"},
      {"null does not keep out another older name",
       {.fields = {{"recipientId", "to"}, {"recipientType", "to"}}},
       R"({"recipientId":null,"recipientType":"host"})",
       R"({"recipientId":null,"to":"host"})"},
      {"from a nested object it is copied",
       {.fields = {{"options.recordVideo", "video"}}},
       R"({"options":{"recordVideo":true}})",
       R"({"options":{"recordVideo":true},"video":true})"},
      {"into a nested object, which is made",
       {.fields = {{"max", "options.maxParticipants"}}},
       R"({"max":3})",
       R"({"max":3,"options":{"maxParticipants":3}})"},
      {"a nested name that leads through something else leaves it",
       {.fields = {{"max", "options.most.of"}}},
       R"({"max":3,"options":{"most":"none"}})",
       R"({"max":3,"options":{"most":"none"}})"},
      {"two fields may swap their names", {.fields = {{"a", "b"}, {"b", "a"}}}, R"({"a":1,"b":2})", R"({"a":2,"b":1})"},
      {"values are mapped, others stay",
       {.fields = {{"kind", "source"}}, .values = {{"kind", {{"audio", "mic"}}}}},
       R"({"kind":"audio"})",
       R"({"source":"mic"})"},
      {"an unknown value stays for the plugin to refuse",
       {.fields = {{"kind", "source"}}, .values = {{"kind", {{"audio", "mic"}}}}},
       R"({"kind":{"odd":1}})",
       R"({"source":{"odd":1}})"},
      {"true and false are booleans",
       {.fields = {{"muted", "enabled"}}, .values = {{"muted", {{"true", false}, {"false", true}}}}},
       R"({"muted":true})",
       R"({"enabled":false})"}};
  for (const Row& row : table) {
    CAPTURE(row.what);
    CHECK(FieldMap::to_canonical(row.names).apply(read(row.before)) == read(row.after));
  }
}

TEST_CASE("what an older client is sent is renamed the other way") {
  const Row table[] = {
      {"a field is moved", {.fields = {{"meetingId", "roomId"}}}, R"({"roomId":"m"})", R"({"meetingId":"m"})"},
      {"it may have several older names, its own among them",
       {.fields = {{"id", "producerId"}, {"producerId", "producerId"}}},
       R"({"producerId":"p"})",
       R"({"id":"p","producerId":"p"})"},
      {"from below it is copied up",
       {.fields = {{"userName", "participant.name"}}},
       R"({"participant":{"name":"Anna"}})",
       R"({"participant":{"name":"Anna"},"userName":"Anna"})"},
      {"an older name wins over a canonical field of that name",
       {.fields = {{"userId", "participantId"}, {"user_id", "userId"}}},
       R"({"participantId":"p","userId":"u"})",
       R"({"userId":"p","user_id":"u"})"},
      {"null is told", {.fields = {{"userId", "participantId"}}}, R"({"participantId":null})", R"({"userId":null})"},
      {"values are mapped back",
       {.fields = {{"kind", "source"}}, .values = {{"kind", {{"audio", "mic"}, {"true", 1}}}}},
       R"({"source":"mic"})",
       R"({"kind":"audio"})"},
      {"each object of a list is renamed, what is no object stays",
       {.lists = {{"participants", {{"userId", "participantId"}, {"audio", "media.audio"}}}}},
       R"({"participants":[{"participantId":"a","media":{"audio":true}},7,{"participantId":"b"}]})",
       R"({"participants":[{"userId":"a","media":{"audio":true},"audio":true},7,{"userId":"b"}]})"},
      {"a list that is none stays",
       {.lists = {{"participants", {{"userId", "participantId"}}}}},
       R"({"participants":{"participantId":"a"}})",
       R"({"participants":{"participantId":"a"}})"}};
  for (const Row& row : table) {
    CAPTURE(row.what);
    CHECK(FieldMap::to_older(row.names).apply(read(row.before)) == read(row.after));
  }
}

TEST_CASE("a path of an error is told by the client's own name") {
  const auto map = FieldMap::to_canonical({.fields = {{"meetingId", "roomId"}, {"options.recordVideo", "video"}}});
  CHECK(map.origin("roomId") == "meetingId");
  CHECK(map.origin("roomId.x[1]") == "meetingId.x[1]");
  CHECK(map.origin("video") == "options.recordVideo");
  CHECK(map.origin("roomIds") == "roomIds");
  CHECK(map.origin("") == "");
}

}  // namespace sluice
