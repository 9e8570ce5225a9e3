#include <doctest/doctest.h>

#include "simulated_sender.h"

namespace sluice::media {
namespace {

constexpr double kHour = 3'600;

SimulatedTrack audio() {
  return {.name = "audio", .clock_rate = 48'000, .packets_apart = 0.02, .first_timestamp = 0x1234'5678};
}
SimulatedTrack video() {
  return {.name = "video", .clock_rate = 90'000, .packets_apart = 1.0 / 30, .first_timestamp = 0xfedc'ba98};
}
SimulatedSender sender() { return {.tracks = {audio(), video()}}; }

void check_grows(const SimulatedSender& sender, const SenderTimeline& timeline, double end) {
  for (const SimulatedTrack& track : sender.tracks) {
    MediaTime before = timeline.time_of(track.name, track.timestamp_at(-10)).value();
    for (double time = -10; time < end + 10; time += 0.033) {
      const MediaTime now = timeline.time_of(track.name, track.timestamp_at(time)).value();
      REQUIRE(now >= before);
      before = now;
    }
  }
}

}  // namespace

TEST_CASE("a track that is not known, or of which nothing was seen, has no place") {
  SenderTimeline timeline;
  CHECK(!timeline.time_of("audio", 0));
  timeline.add_track("audio", 48'000);
  CHECK(!timeline.time_of("audio", 0));
  timeline.add_point("video", {});
  CHECK(!timeline.time_of("video", 0));
}

TEST_CASE("one point places a track") {
  SenderTimeline timeline;
  timeline.add_track("audio", 48'000);
  timeline.add_point("audio", {.timestamp = 1'000, .arrival = at_seconds(2)});
  CHECK(timeline.time_of("audio", 1'000) == at_seconds(2));
  CHECK(timeline.time_of("audio", 1'000 + 48'000) == at_seconds(3));
  CHECK(timeline.time_of("audio", 1'000 - 24'000) == at_seconds(1.5));
}

TEST_CASE("tracks of one sender are in step where arrivals differ") {
  SenderTimeline timeline;
  timeline.add_track("audio", 48'000);
  timeline.add_track("video", 90'000);
  const std::uint64_t wall = 0xe000'0000'0000'0000;
  timeline.add_point("audio", {.timestamp = 0, .arrival = at_seconds(1), .ntp = wall});
  timeline.add_point("video", {.timestamp = 90'000, .arrival = at_seconds(2.3), .ntp = wall + (1ULL << 32)});
  CHECK(timeline.time_of("video", 90'000) == at_seconds(2));  // the video is 300 ms slower on its way
  CHECK(timeline.time_of("audio", 48'000) == at_seconds(2));
}

TEST_CASE("clocks that drift for an hour are followed, and tracks stay in step") {
  for (const double ppm : {-200.0, 0.0, 200.0}) {
    CAPTURE(ppm);
    SimulatedSender call = sender();
    call.wall_ppm = ppm;
    call.tracks[0].ppm = -ppm;
    call.tracks[1].ppm = ppm / 2;
    const SenderTimeline timeline = call.run(kHour);
    const Errors errors = largest_errors(call, timeline, 0, kHour);
    CHECK(errors.largest < 0.005);
    CHECK(errors.apart < 0.002);  // 300 ppm from one report to the next
    check_grows(call, timeline, kHour);
  }
}

TEST_CASE("delays that vary by 100 ms do not move a track") {
  SimulatedSender call = sender();
  call.queue = 0.1;
  call.wall_ppm = 100;
  const SenderTimeline timeline = call.run(kHour);
  const Errors errors = largest_errors(call, timeline, 0, kHour);
  CHECK(errors.largest < 0.010);
  CHECK(errors.apart < 0.001);
}

TEST_CASE("a queue that stands for half an hour does not shift what lies behind it") {
  SimulatedSender call = sender();
  call.wall_ppm = 150;
  call.standing = [](double time) { return time > 1'200 && time < 3'000 ? 0.4 : 0.0; };
  const Errors errors = largest_errors(call, call.run(kHour), 0, kHour);
  CHECK(errors.largest < 0.025);  // the drift may have changed meanwhile: it is given 20 ppm
  CHECK(errors.apart < 0.001);
}

TEST_CASE("a first report that is late places what came before it, too") {
  SimulatedSender call = sender();
  call.tracks[0].first_report = 35;
  call.tracks[1].first_report = 61;
  const Errors errors = largest_errors(call, call.run(300), 0, 300);
  CHECK(errors.largest < 0.005);
  CHECK(errors.apart < 0.001);
}

TEST_CASE("a track without reports goes by its arrivals") {
  SimulatedSender call = sender();
  for (SimulatedTrack& track : call.tracks) track.first_report.reset();
  call.tracks[0].ppm = 200;
  call.tracks[1].ppm = -200;
  const SenderTimeline timeline = call.run(kHour);
  CHECK(largest_errors(call, timeline, 0, kHour).largest < 0.005);
  check_grows(call, timeline, kHour);
}

TEST_CASE("one track with reports and one without are both in their place") {
  SimulatedSender call = sender();
  call.tracks[1].first_report.reset();
  CHECK(largest_errors(call, call.run(600), 0, 600).largest < 0.005);
}

TEST_CASE("a wall clock that steps does not part the tracks or move them") {
  for (const double step : {-3'600.0, -0.5, 0.2, 2.0, 86'400.0}) {
    CAPTURE(step);
    SimulatedSender call = sender();
    call.wall_step = [step](double time) { return time > 123.4 ? step : 0.0; };
    call.wall_ppm = 50;
    call.tracks[0].ppm = -100;
    call.tracks[1].reports_apart = 5;
    const SenderTimeline timeline = call.run(600);
    const Errors errors = largest_errors(call, timeline, 0, 600);
    CHECK(errors.largest < 0.008);
    CHECK(errors.apart < 0.005);
    check_grows(call, timeline, 600);
  }
}

TEST_CASE("a track that begins after the wall clock has stepped is in step with the others") {
  SimulatedSender call = sender();
  call.tracks[0].begins = 200;
  call.tracks[0].first_report = 201;
  call.wall_step = [](double time) { return time > 60 ? 7.0 : 0.0; };
  const Errors errors = largest_errors(call, call.run(600), 200, 600);
  CHECK(errors.largest < 0.008);
  CHECK(errors.apart < 0.005);
}

TEST_CASE("timestamps that stand still while a track is silent go on where they belong") {
  SimulatedSender call = sender();
  call.tracks[0].reports_apart = 1;
  for (const bool reports : {true, false}) {
    CAPTURE(reports);
    SenderTimeline timeline;
    timeline.add_track("audio", 48'000);
    ClockWatch watch{48'000};
    std::optional<ClockWatch::Report> report;
    for (double now = 0; now < 300; now += 0.02) {
      if (now > 100 && now < 160) continue;
      const auto timestamp = static_cast<std::int64_t>(48'000 * (now < 130 ? now : now - 60));
      if (reports) report = {.timestamp = timestamp, .ntp = call.wall_at(now)};
      if (const auto point = watch.on_packet(timestamp, at_seconds(now), report)) timeline.add_point("audio", *point);
    }
    CHECK(std::abs(seconds_of(*timeline.time_of("audio", 48'000 * 80)) - 80) < 0.01);
    CHECK(std::abs(seconds_of(*timeline.time_of("audio", 48'000 * 99)) - 99) < 0.01);
    CHECK(std::abs(seconds_of(*timeline.time_of("audio", 48'000 * 120)) - 180) < 0.01);
    CHECK(std::abs(seconds_of(*timeline.time_of("audio", 48'000 * 200)) - 260) < 0.01);
  }
}

TEST_CASE("reports that are nonsense do not carry a track away") {
  SimulatedSender call = sender();
  SUBCASE("a wall clock that stands still") {
    call.wall_ppm = -1e6;
    CHECK(largest_errors(call, call.run(600), 0, 600).largest < 0.3);
  }
  SUBCASE("a wall clock at random") {
    call.wall_step = [](double time) { return 1e6 * std::sin(time * 1e6); };
    const SenderTimeline timeline = call.run(600);
    CHECK(largest_errors(call, timeline, 0, 600).largest < 0.5);
    check_grows(call, timeline, 600);
  }
  SUBCASE("tracks with clocks of their own") {
    SenderTimeline timeline;
    for (const SimulatedTrack& track : call.tracks) timeline.add_track(track.name, track.clock_rate);
    std::uint64_t wall = call.wall_start;
    for (const SimulatedTrack& track : call.tracks) {
      for (int i = 0; i < 60; ++i)
        timeline.add_point(track.name, {.timestamp = track.timestamp_at(10 * i),
                                        .arrival = at_seconds(10 * i + call.way),
                                        .ntp = wall + (static_cast<std::uint64_t>(10 * i) << 32)});
      wall += std::uint64_t{1'000} << 32;
    }
    CHECK(largest_errors(call, timeline, 0, 600).largest < 0.001);
  }
}

TEST_CASE("a live program's knowledge of the first seconds is good enough to begin with") {
  SimulatedSender call = sender();
  call.wall_ppm = 200;
  const Errors errors = largest_errors(call, call.run(5), 0, 5);
  CHECK(errors.largest < 0.005);
  CHECK(errors.apart < 0.001);
}

}  // namespace sluice::media
