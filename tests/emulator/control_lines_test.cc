#include "tests/emulator/control_lines.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <chrono>
#include <string>

#include "tests/emulator/link_settings.h"

using namespace sluice;
using namespace sluice::emulator;
using namespace std::chrono_literals;
using simulation::JitterOrder;
using simulation::Link;

TEST_CASE("settings change what they name") {
  Link link;
  apply_settings(json::parse(R"({"rate_kbps": 400.5, "queue_ms": 300, "queue_kilobytes": 50, "delay_ms": 25,
                                 "jitter_ms": 2.5, "keep_order": true, "loss_percent": 5, "burst_enter_percent": 1,
                                 "burst_leave_percent": 25, "burst_loss_percent": 90, "duplicate_percent": 2,
                                 "reorder_percent": 3, "reorder_delay_ms": 40})")
                     .as_object(),
                 link);
  CHECK(link.rate == DataRate::bps(400'500));
  CHECK(link.queue_time == 300ms);
  CHECK(link.queue_bytes == 50'000);
  CHECK(link.delay == 25ms);
  CHECK(link.jitter == 2500us);
  CHECK(link.jitter_order == JitterOrder::is_kept);
  CHECK(link.loss == doctest::Approx(0.05));
  CHECK(link.bursts.enter == doctest::Approx(0.01));
  CHECK(link.bursts.leave == doctest::Approx(0.25));
  CHECK(link.bursts.loss == doctest::Approx(0.9));
  CHECK(link.duplication == doctest::Approx(0.02));
  CHECK(link.reordering == doctest::Approx(0.03));
  CHECK(link.reorder_delay == 40ms);
}

TEST_CASE("lines change links while they run, and ask for counters") {
  LinkPair links{Link{}, Link{}, 1};
  ControlLines control{links};
  CHECK(control.take(R"({"down":{"rate_kbps":400}})", Instant{}).empty());  // the line has not ended
  CHECK(control.take("\n{\"up\":{\"loss_percent\":100}}\n", Instant{}) == "{\"ok\":true}\n{\"ok\":true}\n");
  CHECK(links.down.link().rate == DataRate::kbps(400));
  CHECK(links.up.link().loss == 1);
  links.up.push({.bytes = {1, 2, 3}}, Instant{});

  const auto answer = json::parse(control.take("{\"counters\":true}\n", Instant{}));
  CHECK(answer.at("up").at("datagrams") == 1);
  CHECK(answer.at("up").at("lost") == 1);
  CHECK(answer.at("down").at("datagrams") == 0);
}

TEST_CASE("a line that makes no sense is answered with the reason, and changes nothing") {
  LinkPair links{Link{}, Link{}, 1};
  ControlLines control{links};
  for (const char* line : {"", "7", "{", R"({"sideways":{}})", R"({"down":7})", R"({"down":{"rate":1}})",
                           R"({"down":{"rate_kbps":1,"loss_percent":101}})", R"({"down":{"delay_ms":-1}})",
                           R"({"down":{"rate_kbps":1},"up":{"rate_kbps":"1"}})"}) {
    CAPTURE(line);
    const std::string answer = control.take(std::string{line} + "\n", Instant{});
    CHECK(json::parse(answer).as_object().contains("error"));
    CHECK(links.down.link().rate.is_zero());
  }
  CHECK_THROWS_AS(static_cast<void>(control.take(std::string(70'000, 'x'), Instant{})), std::runtime_error);
}
