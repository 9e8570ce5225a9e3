#include "quality/client_report.h"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <limits>

#include "sluice/error.h"

using namespace sluice;
using namespace sluice::analytics;

namespace {

ClientReport report(std::string_view text) { return from_json<ClientReport>(json::parse(text)); }

/// The path that is refused; empty: none is.
std::string refused(std::string_view text) {
  try {
    demand_sane(report(text));
    return {};
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_payload);
    return std::string{error.details().at("path").as_string()};
  }
}

std::string entries(const char* list, int count) {
  std::string out = std::string{"{\""} + list + "\": [";
  for (int i = 0; i < count; ++i) out += i == 0 ? "{}" : ",{}";
  return out + "]}";
}

}  // namespace

TEST_CASE("a report may say nothing, and what we do not know yet") {
  CHECK(refused("{}") == "");
  CHECK(refused(R"({"audio": [], "video": [], "battery": 0.5})") == "");
  CHECK(refused(R"({"audio": [{"jitterMs": null, "codecId": "x"}]})") == "");
}

TEST_CASE("a number out of its bounds is refused by its path") {
  CHECK(refused(R"({"intervalMs": 99})") == "intervalMs");
  CHECK(refused(R"({"intervalMs": 60001})") == "intervalMs");
  CHECK(refused(R"({"roundTripMs": -1})") == "roundTripMs");
  CHECK(refused(R"({"roundTripMs": 1e300})") == "roundTripMs");
  CHECK(refused(R"({"audio": [{}, {"jitterMs": 60001}]})") == "audio[1].jitterMs");
  CHECK(refused(R"({"audio": [{"jitterBufferMs": -0.1}]})") == "audio[0].jitterBufferMs");
  CHECK(refused(R"({"audio": [{"totalSamplesReceived": 1e9}]})") == "audio[0].totalSamplesReceived");
  CHECK(refused(R"({"audio": [{"concealedSamples": -5}]})") == "audio[0].concealedSamples");
  CHECK(refused(R"({"video": [{"frameWidth": 16385}]})") == "video[0].frameWidth");
  CHECK(refused(R"({"video": [{"frameHeight": -1}]})") == "video[0].frameHeight");
  CHECK(refused(R"({"video": [{"framesPerSecond": 1001}]})") == "video[0].framesPerSecond");
  CHECK(refused(R"({"video": [{"freezeCount": 10001}]})") == "video[0].freezeCount");
  CHECK(refused(R"({"video": [{"totalFreezesDurationMs": 60001}]})") == "video[0].totalFreezesDurationMs");
}

TEST_CASE("what is of another kind is refused by its path") {
  CHECK(refused(R"({"roundTripMs": "fast"})") == "roundTripMs");
  CHECK(refused(R"({"audio": {}})") == "audio");
  CHECK(refused(R"({"video": [7]})") == "video[0]");
  CHECK(refused(R"({"video": [{"source": "satellite"}]})") == "video[0].source");
}

TEST_CASE("a list has 64 entries at most") {
  CHECK(refused(entries("audio", 64)) == "");
  CHECK(refused(entries("audio", 65)) == "audio");
  CHECK(refused(entries("video", 65)) == "video");
}

TEST_CASE("numbers that are none are refused") {
  ClientReport odd;
  odd.round_trip_ms = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(demand_sane(odd), Error);
  odd.round_trip_ms = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(demand_sane(odd), Error);
}

TEST_CASE("of all sound the worst jitter counts, and what was made up of all together") {
  const auto out = summarise(report(R"({"audio": [
    {"jitterMs": 4, "jitterBufferMs": 60, "totalSamplesReceived": 240000, "concealedSamples": 0},
    {"jitterMs": 9, "totalSamplesReceived": 240000, "concealedSamples": 24000},
    {"concealedSamples": 240000}]})"));
  CHECK(out.jitter_ms == 9.0);
  CHECK(out.jitter_buffer_ms == 60.0);
  CHECK(out.concealed == 0.05);
  CHECK_FALSE(out.width.has_value());
  CHECK_FALSE(out.freezes.has_value());
}

TEST_CASE("who claims to have made up more than came, made up all") {
  const auto out = summarise(report(R"({"audio": [{"totalSamplesReceived": 10, "concealedSamples": 1000}]})"));
  CHECK(out.concealed == 1.0);
  CHECK_FALSE(summarise(report(R"({"audio": [{"totalSamplesReceived": 0, "concealedSamples": 0}]})")).concealed);
}

TEST_CASE("the largest video has the size, all of them the freezes, and the worst the time that it stood still") {
  const auto out = summarise(report(R"({"intervalMs": 4000, "video": [
    {"frameWidth": 320, "frameHeight": 180, "framesPerSecond": 7, "freezeCount": 2, "totalFreezesDurationMs": 1000},
    {"frameWidth": 1280, "frameHeight": 720, "framesPerSecond": 30, "freezeCount": 1, "totalFreezesDurationMs": 400}]})"));
  CHECK(out.width == 1'280);
  CHECK(out.height == 720);
  CHECK(out.frames_per_second == 30.0);
  CHECK(out.camera_rate == 30.0);
  CHECK(out.freezes == 3);
  CHECK(out.frozen == 0.25);
}

TEST_CASE("the rate of a shared screen, and of a video that is not sent, says nothing") {
  const auto screen = summarise(report(R"({"video": [
    {"source": "screen", "frameWidth": 1920, "frameHeight": 1080, "framesPerSecond": 2},
    {"source": "webcam", "frameWidth": 320, "frameHeight": 180, "framesPerSecond": 0}]})"));
  CHECK(screen.frames_per_second == 2.0);
  CHECK_FALSE(screen.camera_rate.has_value());
}

TEST_CASE("nothing stands still for longer than the time") {
  const auto out = summarise(report(R"({"intervalMs": 100, "video": [{"totalFreezesDurationMs": 60000}]})"));
  CHECK(out.frozen == 1.0);
}
