#include "core/net/file_answer.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temporary_file.h"

namespace sluice::net {
namespace {

HttpResponse answer(const std::string& path, const FileConditions& conditions) {
  HttpResponse response{200};
  response.headers.set("Content-Type", "text/plain");
  response.file = path;
  complete_file_answer(response, conditions);
  return response;
}

}  // namespace

TEST_CASE("ranges are read as RFC 9110 section 14.1.2 has them") {
  struct Case {
    const char* range;
    RangeKind kind;
    std::uint64_t offset;
    std::uint64_t bytes;
  };
  const auto whole = [](const char* range) { return Case{range, RangeKind::whole, 0, 0}; };
  const auto none = [](const char* range) { return Case{range, RangeKind::unsatisfiable, 0, 0}; };
  for (const Case& expected :
       {Case{"bytes=0-499", RangeKind::part, 0, 500}, Case{"bytes=500-", RangeKind::part, 500, 500},
        Case{"bytes=-1", RangeKind::part, 999, 1}, Case{"bytes=-5000", RangeKind::part, 0, 1000},
        Case{"bytes=999-999", RangeKind::part, 999, 1},
        Case{"bytes=990-18446744073709551615", RangeKind::part, 990, 10}, none("bytes=1000-"), none("bytes=1000-2000"),
        none("bytes=-0"), whole(""), whole("bytes=0-1,5-6"), whole("bytes=5-4"), whole("bytes=a-b"), whole("bytes=-"),
        whole("bytes=1"), whole("bytes=+1-2"), whole("bytes=0-18446744073709551616"), whole("lines=0-1")}) {
    CAPTURE(expected.range);
    const ByteRange range = parse_range(expected.range, 1000);
    CHECK(range.kind == expected.kind);
    CHECK(range.part.offset == expected.offset);
    CHECK(range.part.bytes == expected.bytes);
  }
  CHECK(parse_range("bytes=-1", 0).kind == RangeKind::unsatisfiable);
  CHECK(parse_range("bytes=0-", 0).kind == RangeKind::unsatisfiable);
}

TEST_CASE("a file is answered whole, in part, or not at all, by the request's conditions") {
  const TemporaryFile file{"0123456789"};
  const HttpResponse whole = answer(file.path(), {});
  const std::string tag{whole.headers.get("ETag")};
  CHECK(whole.status == 200);
  CHECK(tag.size() > 2);
  CHECK(whole.headers.get("Accept-Ranges") == "bytes");
  CHECK(!whole.part.has_value());

  const HttpResponse part = answer(file.path(), {.range = "bytes=2-4"});
  CHECK(part.status == 206);
  CHECK(part.headers.get("Content-Range") == "bytes 2-4/10");
  CHECK(part.part.value().offset == 2);
  CHECK(part.part.value().bytes == 3);

  const HttpResponse beyond = answer(file.path(), {.range = "bytes=10-"});
  CHECK(beyond.status == 416);
  CHECK(beyond.headers.get("Content-Range") == "bytes */10");
  CHECK(beyond.file.empty());

  CHECK(answer(file.path(), {.method = HttpMethod::head, .range = "bytes=2-4"}).status == 200);
  CHECK(answer(file.path(), {.range = "bytes=2-4", .if_range = tag}).status == 206);
  CHECK(answer(file.path(), {.range = "bytes=2-4", .if_range = "W/" + tag}).status == 200);
  CHECK(answer(file.path(), {.range = "bytes=2-4", .if_range = "Sun, 06 Nov 1994 08:49:37 GMT"}).status == 200);

  for (const std::string& condition : {tag, "W/" + tag, "\"x\", " + tag, std::string{"*"}}) {
    CAPTURE(condition);
    const HttpResponse unchanged = answer(file.path(), {.range = "bytes=2-4", .if_none_match = condition});
    CHECK(unchanged.status == 304);
    CHECK(unchanged.headers.get("ETag") == tag);
    CHECK(unchanged.file.empty());
    CHECK(!unchanged.headers.contains("Content-Type"));
  }
  CHECK(answer(file.path(), {.if_none_match = "\"x\""}).status == 200);
}

TEST_CASE("a tag of the handler's own stays, and what is no regular file is gone") {
  const TemporaryFile file{"0123456789"};
  HttpResponse response{200};
  response.file = file.path();
  response.headers.set("ETag", "\"7\"");
  complete_file_answer(response, {.if_none_match = "\"7\""});
  CHECK(response.status == 304);
  CHECK(answer(file.path() + ".missing", {}).status == 404);
  CHECK(answer("/dev", {}).status == 404);
  CHECK(answer("/dev/zero", {}).status == 404);
}

}  // namespace sluice::net
