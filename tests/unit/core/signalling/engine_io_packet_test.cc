#include "core/signalling/engine_io_packet.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

std::vector<EngineIoPacket> read_all(std::string_view payload) {
  std::vector<EngineIoPacket> packets;
  EngineIoPayloadReader reader{payload};
  while (const auto packet = reader.next()) {
    REQUIRE(packet->has_value());
    packets.push_back(packet->value());
  }
  return packets;
}

TEST_CASE("every packet type of the protocol document is read") {
  struct Row {
    std::string_view text;
    EngineIoPacket packet;
  };
  const Row rows[] = {
      {R"(0{"sid":"x"})", {EngineIoType::open, R"({"sid":"x"})"}},
      {"1", {EngineIoType::close, ""}},
      {"2", {EngineIoType::ping, ""}},
      {"2probe", {EngineIoType::ping, "probe"}},
      {"3probe", {EngineIoType::pong, "probe"}},
      {"4hello", {EngineIoType::message, "hello"}},
      {"4\xe2\x82\xac", {EngineIoType::message, "\xe2\x82\xac"}},
      {"5", {EngineIoType::upgrade, ""}},
      {"6", {EngineIoType::noop, ""}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto packet = parse_engine_io_packet(row.text);
    REQUIRE(packet.has_value());
    CHECK(*packet == row.packet);
  }
}

TEST_CASE("a packet that the protocol does not know is an error with its reason") {
  CHECK(parse_engine_io_packet("").error() == EngineIoError::empty);
  CHECK(parse_engine_io_packet("7").error() == EngineIoError::unknown_type);
  CHECK(parse_engine_io_packet("abc").error() == EngineIoError::unknown_type);
  CHECK(parse_engine_io_packet("bAQIDBA==").error() == EngineIoError::binary);
}

TEST_CASE("a payload is its packets, parted by the record separator") {
  CHECK(read_all("4hello\x1e"
                 "2\x1e"
                 "4world") == std::vector<EngineIoPacket>{{EngineIoType::message, "hello"},
                                                          {EngineIoType::ping, ""},
                                                          {EngineIoType::message, "world"}});
  CHECK(read_all("4hello").size() == 1);
}

TEST_CASE("an empty packet in a payload is an error") {
  for (const std::string_view payload : {"", "\x1e", "4a\x1e",
                                         "4a\x1e\x1e"
                                         "4b"}) {
    bool failed = false;
    EngineIoPayloadReader reader{payload};
    while (const auto packet = reader.next()) failed = failed || !packet->has_value();
    CHECK(failed);
  }
}

TEST_CASE("a payload of more packets than the bound ends with an error") {
  std::string payload{"6"};
  for (std::size_t i = 1; i < kMaxPayloadPackets; ++i)
    payload +=
        "\x1e"
        "6";
  CHECK(read_all(payload).size() == kMaxPayloadPackets);

  payload +=
      "\x1e"
      "6";
  EngineIoPayloadReader reader{payload};
  std::size_t good = 0;
  std::optional<Result<EngineIoPacket, EngineIoError>> packet = reader.next();
  for (; packet && packet->has_value(); packet = reader.next()) ++good;
  CHECK(good == kMaxPayloadPackets);
  REQUIRE(packet.has_value());
  CHECK(packet->error() == EngineIoError::too_many_packets);
  CHECK(!reader.next().has_value());
}

}  // namespace
}  // namespace sluice
