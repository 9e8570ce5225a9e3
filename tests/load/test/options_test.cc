#include "tests/load/options.h"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "tests/load/plan.h"

namespace sluice::load {
namespace {

Options parse(std::vector<const char*> arguments) { return parse_options(arguments); }

std::string refusal(std::vector<const char*> arguments) {
  try {
    static_cast<void>(parse_options(arguments));
    return "taken";
  } catch (const OptionsError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a shape is packets a second, bytes and bursts") {
  CHECK(parse_shape("100x1100/25") == StreamShape{100, 1100, 25});
  CHECK(parse_shape("50x80") == StreamShape{50, 80, 50});
  for (const char* const bad : {"", "100", "100x", "x80", "0x80", "50x80/0", "50x80/51", "50x47", "50x1201", "50x80 ",
                                "-1x80", "50x80/", "200000x100"}) {
    CAPTURE(bad);
    CHECK(!parse_shape(bad));
  }
}

TEST_CASE("packets are spread over bursts, and none is forgotten") {
  const StreamShape shape{100, 1100, 30};
  std::uint32_t sum = 0;
  for (std::uint64_t i = 0; i < 30; ++i) {
    const std::uint32_t in_burst = shape.packets_in_burst(i);
    CHECK((in_burst == 3 || in_burst == 4));
    sum += in_burst;
  }
  CHECK(sum == 100);
}

TEST_CASE("a whole command line") {
  const Options options = parse({"--server",
                                 "ws://127.0.0.1:8080/ws",
                                 "--publishers",
                                 "1",
                                 "--subscribers",
                                 "300",
                                 "--video",
                                 "100x1100/25",
                                 "--audio",
                                 "off",
                                 "--duration",
                                 "2m",
                                 "--warm-up",
                                 "500ms",
                                 "--join-rate",
                                 "20",
                                 "--busy-poll",
                                 "--door",
                                 "janus",
                                 "--server-pid",
                                 "42"});
  CHECK(options.server == Endpoint{"127.0.0.1", 8080, "/ws"});
  CHECK(options.subscribers == 300);
  CHECK(options.video == StreamShape{100, 1100, 25});
  CHECK(!options.audio);
  CHECK(options.duration == std::chrono::minutes{2});
  CHECK(options.warm_up == std::chrono::milliseconds{500});
  CHECK(options.busy_poll);
  CHECK(options.door == DoorKind::janus);
  CHECK(options.server_pid == 42);
}

TEST_CASE("with simulcast every packet is decrypted") {
  CHECK(parse({"--server", "ws://a/", "--publishers", "1", "--video", "90x1000/30", "--simulcast", "3"}).verify_every ==
        1);
}

TEST_CASE("a wrong argument is named, with what it should have been") {
  CHECK(refusal({"--servr", "x"}) == "unknown option '--servr'");
  CHECK(refusal({"--server"}) == "--server takes a value");
  CHECK(refusal({"--server", "ftp://x"}).starts_with("--server: 'ftp://x' is not a URL"));
  CHECK(refusal({"--subscribers", "many"}).starts_with("--subscribers: 'many' is not a number from 0"));
  CHECK(refusal({"--duration", "20"}).starts_with("--duration: '20' is not a duration"));
  CHECK(refusal({"--publishers", "1"}) == "--server is missing");
  CHECK(refusal({"--server", "ws://a/", "--publishers", "1"}).starts_with("nothing is published"));
  CHECK(refusal({"--server", "ws://a/", "--audio", "50x80"}).starts_with("nobody publishes"));
  CHECK(refusal({"--ramp", "1:2"}).starts_with("--ramp: '1:2' is not a ramp"));
}

TEST_CASE("endpoints") {
  CHECK(parse_endpoint("http://127.0.0.1") == Endpoint{"127.0.0.1", 80, "/"});
  CHECK(parse_endpoint("ws://[::1]:8188/janus") == Endpoint{"::1", 8188, "/janus"});
  for (const char* const bad :
       {"", "ws://", "ws://:80/", "ws://a:0/", "ws://a:x/", "ws://a:70000/", "wss://a/", "ws://[::1"}) {
    CAPTURE(bad);
    CHECK(!parse_endpoint(bad));
  }
}

TEST_CASE("each participant expects what the others of its room send") {
  const Plan plan = make_plan(parse({"--server", "ws://a/", "--rooms", "2", "--participants", "10", "--publishers", "1",
                                     "--subscribers", "3", "--video", "100x1100/25"}));
  CHECK(plan.senders.size() == 2);
  CHECK(plan.receivers.size() == 26);
  // In each room 10 receive 9 participants and the publisher, 3 receive all 11.
  CHECK(expected_streams(plan, 26) == 2 * (10 * 10 + 3 * 11));
  CHECK(expected_packets(plan, 26) == 0);
  CHECK(plan.receivers.front().room == "bench-1");
  CHECK(plan.receivers.front().other_publishers == 10);
}

TEST_CASE("layers are sources of one track, the best last") {
  const Plan plan = make_plan(parse({"--server", "ws://a/", "--publishers", "1", "--subscribers", "1", "--video",
                                     "100x1000/25", "--simulcast", "3"}));
  REQUIRE(plan.senders.front().tracks.size() == 1);
  const auto& layers = plan.senders.front().tracks.front().layers;
  REQUIRE(layers.size() == 3);
  CHECK(layers[0].shape.packets_per_second == 25);
  CHECK(layers[1].shape.packets_per_second == 50);
  CHECK(layers[2].shape.packets_per_second == 100);
  CHECK(expected_streams(plan, 1) == 1);
}

}  // namespace sluice::load
