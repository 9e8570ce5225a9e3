// The admin routes of what routes media, over an inspector that answers when the test says so.

#include "core/admin/media_routes.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "sluice/error.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using namespace media_records;

/// Knows one of each; answers at tell().
class FakeInspector final : public MediaInspector {
 public:
  [[nodiscard]] std::vector<WorkerStats> workers() const override {
    return {{.index = 0, .load = 0.25, .transports = 2}};
  }
  void transports(const Selection& which, Answer<TransportRecord> answer) override {
    TransportRecord record;
    record.id = "t1";
    record.state = TransportState::connected;
    record.stats.emplace().receiving_bps = 7'000;
    page(which, std::move(record), std::move(answer));
  }
  void producers(const Selection& which, Answer<ProducerRecord> answer) override {
    ProducerRecord record;
    record.id = "p1";
    page(which, std::move(record), std::move(answer));
  }
  void consumers(const Selection& which, Answer<ConsumerRecord> answer) override {
    ConsumerRecord record;
    record.id = "c1";
    page(which, std::move(record), std::move(answer));
  }
  void transport(std::string_view id, DetailsAnswer<TransportDetails> answer) override {
    TransportDetails details;
    details.id = "t1";
    details.states.push_back({.at = 5, .state = TransportState::failed, .reason = "timeout"});
    details.ice.emplace().protocol = "tcp";
    details.sends.emplace_back().id = "p1";
    one(id == "t1", std::move(details), std::move(answer));
  }
  void producer(std::string_view id, DetailsAnswer<ProducerDetails> answer) override {
    ProducerDetails details;
    details.id = "p1";
    details.rtp_parameters.mid = "a";
    one(id == "p1", std::move(details), std::move(answer));
  }
  void consumer(std::string_view id, DetailsAnswer<ConsumerDetails> answer) override {
    ConsumerDetails details;
    details.id = "c1";
    one(id == "c1", std::move(details), std::move(answer));
  }
  bool close_transport(std::string_view id) override { return close("t1", id); }
  bool close_producer(std::string_view id) override { return close("p1", id); }
  bool close_consumer(std::string_view id) override {
    if (id == "slot") throw Error{ErrorCode::conflict, "a slot"};
    return close("c1", id);
  }

  void tell() {
    for (auto& answer : std::exchange(waiting_, {})) answer();
  }

  Selection asked;
  std::set<std::string, std::less<>> closed;

 private:
  template <class Record>
  void page(const Selection& which, Record record, Answer<Record> answer) {
    asked = which;
    waiting_.emplace_back([record = std::move(record), answer = std::move(answer)]() mutable {
      Page<Record> page;
      page.entries.push_back(std::move(record));
      page.total = 9;
      answer(std::move(page));
    });
  }
  template <class Details>
  void one(bool known, Details details, DetailsAnswer<Details> answer) {
    if (!known) return answer(std::nullopt);
    waiting_.emplace_back(
        [details = std::move(details), answer = std::move(answer)]() mutable { answer(std::move(details)); });
  }
  bool close(std::string_view known, std::string_view id) { return known == id && closed.emplace(id).second; }

  std::vector<Function<void()>> waiting_;
};

struct Fixture {
  Fixture() { logs.set_levels(LogLevel::error, {}); }

  net::HttpResponse ask(net::HttpMethod method, const std::string& path, net::HttpFields query = {}) {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    net::HttpResponse answer{0};
    const auto match = router.match(method, path);
    REQUIRE(match.handler != nullptr);
    request.params = match.params;
    (*match.handler)(request, net::HttpResponder{[&](net::HttpResponse response) { answer = std::move(response); }});
    loop.run_ready();
    inspector.tell();
    loop.run_ready();
    return answer;
  }
  json::value get(const std::string& path, net::HttpFields query = {}, int status = 200) {
    const auto answer = ask(net::HttpMethod::get, "/admin/v1" + path, std::move(query));
    CHECK(answer.status == status);
    return json::parse(*answer.body);
  }
  int remove(const std::string& path) { return ask(net::HttpMethod::delete_, "/admin/v1" + path).status; }

  ManualClock clock;
  ControlLoop loop{clock};
  MetricRegistry metrics;
  LogBook logs{LogOptions{}};
  net::HttpRouter router;
  ControlRoutes routes{router, loop, [](const net::HttpRequest&) { return Result<Identity, Error>{Identity{}}; },
                       "/admin/v1"};
  AdminSite site{{.clock = clock, .routes = routes, .logs = logs, .metrics = metrics, .callback_warn = 50ms}};
  FakeInspector inspector;
  MediaRoutes media{site, inspector};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the workers are told as they were asked last") {
  const json::value body = get("/workers");
  CHECK(body.at("workers").as_array().size() == 1);
  CHECK(body.at("workers").at(0).at("load") == 0.25);
}

TEST_CASE_FIXTURE(Fixture, "lists are told with their statistics and how many there are") {
  for (const std::string what : {"transports", "producers", "consumers"}) {
    CAPTURE(what);
    const json::value body = get("/" + what);
    CHECK(body.at("total") == 9);
    CHECK(body.at(what).as_array().size() == 1);
    CHECK(inspector.asked.limit == 50);
    CHECK(inspector.asked.newest_first);
  }
  CHECK(get("/transports").at("transports").at(0).at("stats").at("receivingBps") == 7'000);
  CHECK_FALSE(get("/producers").at("producers").at(0).as_object().contains("streams"));
}

TEST_CASE_FIXTURE(Fixture, "which ones, and how many, is the caller's choice within bounds") {
  get("/producers", {{"offset", "3"},
                     {"limit", "1000"},
                     {"order", "oldest"},
                     {"plugin", "videoroom"},
                     {"router", "r1"},
                     {"transport", "t1"}});
  CHECK(inspector.asked.offset == 3);
  CHECK(inspector.asked.limit == 200);
  CHECK_FALSE(inspector.asked.newest_first);
  CHECK(inspector.asked.plugin == "videoroom");
  CHECK(inspector.asked.router_id == "r1");
  CHECK(inspector.asked.transport_id == "t1");
  for (const net::HttpFields& wrong : std::vector<net::HttpFields>{
           {{"offset", "-1"}}, {{"limit", "many"}}, {{"limit", "99999999999999999999"}}, {{"order", "random"}}}) {
    const json::value body = get("/transports", wrong, 400);
    CHECK(body.at("error").at("code") == "INVALID_PAYLOAD");
    CHECK(body.at("error").at("details").at("path").as_string() == wrong.begin()->first);
  }
}

TEST_CASE_FIXTURE(Fixture, "one of them is told with all that is known") {
  const json::value transport = get("/transports/t1");
  CHECK(transport.at("id") == "t1");
  CHECK(transport.at("states").at(0).at("reason") == "timeout");
  CHECK(transport.at("ice").at("protocol") == "tcp");
  CHECK(transport.at("sends").at(0).at("id") == "p1");
  CHECK(get("/producers/p1").at("rtpParameters").at("mid") == "a");
  CHECK(get("/consumers/c1").at("id") == "c1");
  for (const std::string what : {"transports", "producers", "consumers"}) {
    CHECK(get("/" + what + "/other", {}, 404).at("error").at("code") == "NOT_FOUND");
  }
}

TEST_CASE_FIXTURE(Fixture, "each can be closed, once") {
  for (const std::string path : {"/transports/t1", "/producers/p1", "/consumers/c1"}) {
    CAPTURE(path);
    CHECK(remove(path) == 200);
    CHECK(remove(path) == 404);
  }
  CHECK(inspector.closed.size() == 3);
  CHECK(remove("/consumers/slot") == 409);
}

}  // namespace sluice
