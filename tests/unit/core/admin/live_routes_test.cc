#include "core/admin/live_routes.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/admin/event_stream.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

/// A viewer's end of a stream.
struct Reader {
  net::HttpResponse response{0};

  std::string take() { return response.stream->take().bytes; }
  [[nodiscard]] bool ended() { return response.stream->take().end == net::HttpStreamReader::End::complete; }
  void leave() { response.stream.reset(); }
};

struct Fixture {
  Fixture() {
    route("/counter", [this](const HttpRequest&, HttpReply reply) {
      ++asked["counter"];
      reply.json(json::object{{"n", counter}});
    });
    route("/whoami", [this](const HttpRequest& request, HttpReply reply) {
      ++asked["whoami"];
      reply.json(json::object{{"role", request.identity.role.value_or("")}});
    });
    route("/slow", [this](const HttpRequest&, HttpReply reply) {
      ++asked["slow"];
      held.push_back(std::move(reply));
    });
    route("/lines", [this](const HttpRequest& request, HttpReply reply) {
      const auto after = request.query.find("after");
      asked_after.push_back(after == request.query.end() ? "" : after->second);
      reply.json(json::object{{"lines", json::array{}}, {"next", next}});
    });
    route("/rooms/{id}", [](const HttpRequest& request, HttpReply reply) {
      reply.json(json::object{{"room", request.path_parameters.at("id")}, {"tenant", request.query.at("tenant")}});
    });
    route("/page", [](const HttpRequest&, HttpReply reply) {
      reply.send({.status = 200, .content_type = "text/html", .body = "<p>", .headers = {}});
    });
    route("/file", [](const HttpRequest&, HttpReply reply) {
      HttpReply::Response response;
      response.content_type = "application/json";
      response.file = "/etc/hostname";
      reply.send(std::move(response));
    });
    route("/large", [this](const HttpRequest&, HttpReply reply) {
      ++asked["large"];
      reply.json(json::value(std::string(LiveHub::kMaxAnswerBytes, 'x')));
    });
    live.emplace(site, loop);
  }

  void route(std::string_view pattern, Http::Handler handler) { site.add("GET", pattern, {}, std::move(handler)); }

  Reader open(const std::string& watch, const std::string& role = "read") {
    Reader reader;
    net::HttpRequest request;
    request.path = "/admin/v1/live";
    request.query["watch"] = watch;
    request.headers.set("Authorization", "Bearer " + role);
    const auto match = router.match(net::HttpMethod::get, request.path);
    REQUIRE(match.handler != nullptr);
    (*match.handler)(request,
                     net::HttpResponder{[&](net::HttpResponse answer) { reader.response = std::move(answer); }});
    loop.run_ready();
    return reader;
  }
  void pass(Duration time) {
    clock.advance(time);
    loop.run_ready();
  }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  LogBook logs{quiet()};
  net::HttpRouter router;
  std::map<std::string, bool> refused;  // roles that may no longer enter
  ControlRoutes routes{router, loop,
                       [this](const net::HttpRequest& request) -> Result<Identity, Error> {
                         Identity identity;
                         identity.user_id = "admin";
                         identity.role = std::string{request.bearer_token()};
                         if (refused[*identity.role]) return Error{ErrorCode::unauthorized, "no longer"};
                         return identity;
                       },
                       "/admin/v1"};
  AdminSite site{{.clock = clock, .routes = routes, .logs = logs, .metrics = metrics, .callback_warn = 50ms}};
  int counter = 1;
  int next = 7;
  std::map<std::string, int> asked;
  std::vector<std::string> asked_after;
  std::vector<HttpReply> held;
  std::optional<LiveRoutes> live;

  static LogOptions quiet() {
    LogOptions options;
    options.level = LogLevel::error;
    return options;
  }
};

}  // namespace

TEST_CASE("an event has one line of data for each of its text's") {
  CHECK(admin::server_sent_event("a?b=c", "{}") == "event: a?b=c\ndata: {}\n\n");
  CHECK(admin::server_sent_event("x", "1\n2\r\n3\r4") == "event: x\ndata: 1\ndata: 2\ndata: 3\ndata: 4\n\n");
  CHECK(admin::server_sent_event("x", "") == "event: x\ndata: \n\n");
}

TEST_CASE("items are separated by commas, and encoded so that they may hold commas") {
  CHECK(watched_items("overview,workers") == std::vector<std::string>{"overview", "workers"});
  CHECK(watched_items("overview,overview") == std::vector<std::string>{"overview"});
  CHECK(watched_items("rooms%2Flobby%3Ftenant%3Dx") == std::vector<std::string>{"rooms/lobby?tenant=x"});
  CHECK(watched_items("rooms/lobby?tenant=x") == std::vector<std::string>{"rooms/lobby?tenant=x"});
  CHECK(watched_items("rooms%2Fa%252Cb") == std::vector<std::string>{"rooms/a%2Cb"});
  for (const char* bad : {"", ",", "overview,", "%", "a%0Ab", "..%2Fmetrics", "..%2F..%2F..%2Fx", "live", "live/",
                          "live?watch=x", "me", "me/", "m%2565"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(watched_items(bad), Error);
  }
  CHECK_THROWS_AS(watched_items(std::string(1025, 'x')), Error);
  std::string many = "i0";
  for (std::size_t i = 1; i < LiveHub::kMaxItems; ++i) many += ",i" + std::to_string(i);
  CHECK(watched_items(many).size() == LiveHub::kMaxItems);
  CHECK_THROWS_AS(watched_items(many + ",more"), Error);
}

TEST_CASE_FIXTURE(Fixture, "an item is sent at once, and then where it has changed, once a second") {
  Reader reader = open("counter,rooms%2Flobby%3Ftenant%3Dx");
  CHECK(reader.response.status == 200);
  CHECK(reader.response.headers.get("Content-Type") == "text/event-stream");
  CHECK(reader.take() ==
        "event: counter\ndata: {\"n\":1}\n\n"
        "event: rooms/lobby?tenant=x\ndata: {\"room\":\"lobby\",\"tenant\":\"x\"}\n\n");
  pass(1s);
  CHECK(reader.take() == "");
  CHECK(asked["counter"] == 2);
  counter = 2;
  pass(900ms);
  CHECK(reader.take() == "");
  pass(100ms);
  CHECK(reader.take() == "event: counter\ndata: {\"n\":2}\n\n");
}

TEST_CASE_FIXTURE(Fixture, "what many watch is asked once, for all of the same rights") {
  Reader one = open("counter,whoami");
  Reader two = open("counter,whoami");
  Reader writer = open("whoami", "write");
  asked.clear();
  counter = 2;
  pass(1s);
  CHECK(asked["counter"] == 1);
  CHECK(asked["whoami"] == 2);
  CHECK(one.take().find("{\"n\":2}") != std::string::npos);
  CHECK(two.take().find("{\"n\":2}") != std::string::npos);
  CHECK(writer.take() == "event: whoami\ndata: {\"role\":\"write\"}\n\n");
}

TEST_CASE_FIXTURE(Fixture, "an answer that takes its time is waited for, by who comes later too") {
  Reader one = open("slow");
  pass(1s);
  pass(1s);
  Reader two = open("slow");
  CHECK(asked["slow"] == 1);
  held.front().json(json::object{{"late", true}});
  CHECK(one.take() == "event: slow\ndata: {\"late\":true}\n\n");
  CHECK(two.take() == "event: slow\ndata: {\"late\":true}\n\n");
  pass(1s);
  CHECK(asked["slow"] == 2);
  held.clear();  // gives up
  CHECK(one.take().find("INTERNAL") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "an answer with `next` goes on from there, for each viewer from its own place") {
  Reader one = open("lines");
  pass(1s);
  CHECK(asked_after == std::vector<std::string>{"", "7"});
  asked_after.clear();
  Reader two = open("lines");
  CHECK(asked_after == std::vector<std::string>{""});
  next = 8;
  pass(1s);
  CHECK(asked_after == std::vector<std::string>{"", "7"});  // both stand at 7 now: one question
  asked_after.clear();
  pass(1s);
  CHECK(asked_after == std::vector<std::string>{"8"});
}

TEST_CASE_FIXTURE(Fixture, "what is no JSON of bounded size, or does not exist, is an error in its place") {
  Reader reader = open("page,file,large,nothing,counter");
  const std::string sent = reader.take();
  const auto error_of = [&](const std::string& item) {
    const std::size_t at = sent.find("event: " + item + "\ndata: ");
    REQUIRE(at != std::string::npos);
    const std::size_t data = sent.find("data: ", at) + 6;
    const json::value answer = json::parse(sent.substr(data, sent.find('\n', data) - data));
    CHECK(answer.at("success") == false);
    return std::string{answer.at("error").at("code").as_string()};
  };
  CHECK(error_of("page") == "UNSUPPORTED");
  CHECK(error_of("file") == "UNSUPPORTED");
  CHECK(error_of("large") == "LIMIT_EXCEEDED");
  CHECK(error_of("nothing") == "NOT_FOUND");
  CHECK(sent.find("event: counter\ndata: {\"n\":1}") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "what is too large to be watched is asked for seldom") {
  const Reader reader = open("large");
  for (int i = 0; i < 9; ++i) pass(1s);
  CHECK(asked["large"] == 1);
  pass(1s);
  CHECK(asked["large"] == 2);
}

TEST_CASE_FIXTURE(Fixture, "a silent stream shows every 15 seconds that it lives") {
  Reader reader = open("counter");
  reader.take();
  std::string sent;
  for (int i = 0; i < 31; ++i) {
    pass(1s);
    sent += reader.take();
  }
  CHECK(sent == ":\n\n:\n\n");
}

TEST_CASE_FIXTURE(Fixture, "who may no longer look is told so within ten seconds, and sees nothing more") {
  Reader reader = open("counter");
  reader.take();
  refused["read"] = true;
  counter = 2;
  pass(9s);
  CHECK(reader.take() != "");
  counter = 3;
  pass(1s);
  const std::string last = reader.take();
  CHECK(last.find("event: error\ndata: ") == 0);
  CHECK(last.find("UNAUTHORIZED") != std::string::npos);
  CHECK(last.find("\"n\"") == std::string::npos);
  CHECK(reader.ended());
}

TEST_CASE_FIXTURE(Fixture, "while nobody watches, nothing is asked") {
  Reader reader = open("counter");
  reader.leave();
  loop.run_ready();
  asked.clear();
  pass(5s);
  CHECK(asked["counter"] == 0);
  Reader next_viewer = open("counter");  // and it begins again
  next_viewer.take();
  pass(1s);
  CHECK(next_viewer.take() == "");
  CHECK(asked["counter"] == 2);
}

TEST_CASE_FIXTURE(Fixture, "a viewer who is behind gets the latest once it has read") {
  std::string body(LiveHub::kMaxAnswerBytes - 100, 'a');
  route("/big", [&](const HttpRequest&, HttpReply reply) { reply.json(json::object{{"text", body}}); });
  Reader reader = open("big");
  for (char c : {'b', 'c', 'd', 'e', 'f'}) {
    body.assign(body.size(), c);
    pass(1s);
  }
  const std::string sent = reader.take();
  CHECK(sent.size() < LiveHub::kQueueBytes);
  CHECK(sent.find("eee") == std::string::npos);
  CHECK(reader.take() == "");  // now it has read
  pass(1s);
  CHECK(reader.take().find("fff") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "there is an end to how many may watch, and to what") {
  std::vector<Reader> readers;
  for (std::size_t i = 0; i < LiveHub::kMaxStreams; ++i) readers.push_back(open("counter"));
  Reader refusal = open("counter");
  CHECK(refusal.response.body->find("LIMIT_EXCEEDED") != std::string::npos);
  CHECK(refusal.response.stream == nullptr);
  readers.clear();
  loop.run_ready();
  CHECK(open("counter").response.status == 200);

  const auto items_from = [](std::size_t first) {
    std::string items = "i" + std::to_string(first);
    for (std::size_t i = 1; i < LiveHub::kMaxItems; ++i) items += ",i" + std::to_string(first + i);
    return items;
  };
  for (std::size_t i = 0; i < LiveHub::kMaxDistinctItems; i += LiveHub::kMaxItems) {
    readers.push_back(open(items_from(i)));
    CHECK(readers.back().response.status == 200);
  }
  loop.run_ready();
  CHECK(open("one-more").response.body->find("LIMIT_EXCEEDED") != std::string::npos);
  CHECK(open("i0,i1").response.status == 200);  // is asked for already
}

TEST_CASE_FIXTURE(Fixture, "who may not enter, or asks for nothing, gets no stream") {
  refused["read"] = true;
  CHECK(open("counter").response.status == 401);
  refused["read"] = false;
  CHECK(open("").response.status == 400);
  CHECK(open("live").response.status == 400);
}

TEST_CASE_FIXTURE(Fixture, "routes and streams may go in any order") {
  Reader reader = open("counter,slow");
  live.reset();
  CHECK(reader.response.stream->take().end == net::HttpStreamReader::End::broken);
  held.clear();
  reader.leave();
  pass(5s);
}

}  // namespace sluice
