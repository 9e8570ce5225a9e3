#include "sluice/json.h"

#include <doctest/doctest.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sluice {
namespace {

enum class Direction { send_only, auto_ };
BOOST_DESCRIBE_ENUM(Direction, send_only, auto_)

struct Encoding {
  Ssrc ssrc;
  std::optional<std::uint32_t> max_bitrate;
};
BOOST_DESCRIBE_STRUCT(Encoding, (), (ssrc, max_bitrate))

struct Request {
  Text<8> name;
  Direction direction = Direction::auto_;
  std::vector<Encoding> encodings;
  std::uint8_t channels = 1;
  static constexpr std::array kMayBeMissing{"channels", "direction"};
};
BOOST_DESCRIBE_STRUCT(Request, (), (name, direction, encodings, channels))

std::string path_of_error(std::string_view text) {
  try {
    static_cast<void>(from_json<Request>(json::parse(text)));
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_payload);
    return std::string{error.details().at("path").as_string()};
  }
  return "no error";
}

}  // namespace

TEST_CASE("members are camelCase on the wire and lose a trailing underscore") {
  CHECK(json_name("participant_id") == "participantId");
  CHECK(json_name("auto_") == "auto");
  CHECK(json_name("mid") == "mid");
}

TEST_CASE("a described struct is read from and written to JSON") {
  const auto request = from_json<Request>(
      json::parse(R"({"name":"a","direction":"send_only","encodings":[{"ssrc":7,"maxBitrate":900}],"later":1})"));
  CHECK(request.name == "a");
  CHECK(request.direction == Direction::send_only);
  REQUIRE(request.encodings.size() == 1);
  CHECK(request.encodings[0].ssrc == Ssrc{7});
  CHECK(request.channels == 1);
  CHECK(json::serialize(to_json(request)) ==
        R"({"name":"a","direction":"send_only","encodings":[{"ssrc":7,"maxBitrate":900}],"channels":1})");
}

TEST_CASE("what does not fit is named by its path") {
  CHECK(path_of_error(R"([])") == "");
  CHECK(path_of_error(R"({"name":"a"})") == "encodings");
  CHECK(path_of_error(R"({"name":"a","encodings":[{"ssrc":1},{"ssrc":4294967296}]})") == "encodings[1].ssrc");
  CHECK(path_of_error(R"({"name":"a","encodings":[{"ssrc":-1}]})") == "encodings[0].ssrc");
  CHECK(path_of_error(R"({"name":"a","encodings":[{"ssrc":1,"maxBitrate":"x"}]})") == "encodings[0].maxBitrate");
  CHECK(path_of_error(R"({"name":"123456789","encodings":[]})") == "name");
  CHECK(path_of_error(R"({"name":"a","encodings":[],"direction":"up"})") == "direction");
  CHECK(path_of_error(R"({"name":"a","encodings":[],"channels":256})") == "channels");
}

}  // namespace sluice
