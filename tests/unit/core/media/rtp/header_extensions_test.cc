#include "core/media/rtp/header_extensions.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/media/rtp/header_extension_values.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using Element = std::vector<std::uint8_t>;

Bytes as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

TEST_CASE("every known extension has a URI that leads back to it") {
  for (std::size_t i = 0; i < kHeaderExtensionCount; ++i) {
    const auto extension = static_cast<HeaderExtension>(i);
    CHECK(header_extension_from_uri(uri(extension)) == extension);
  }
  CHECK(uri(HeaderExtension::dependency_descriptor) ==
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");
  CHECK(uri(HeaderExtension::audio_level) == "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
  CHECK(!header_extension_from_uri("urn:ietf:params:rtp-hdrext:unknown").has_value());
  CHECK(!header_extension_from_uri("").has_value());
}

TEST_CASE("a map holds one id for an extension and one extension for an id") {
  HeaderExtensionMap map;
  CHECK(map.add(HeaderExtension::mid, 4).has_value());
  CHECK(map.add(HeaderExtension::mid, 4).has_value());
  CHECK(map.add(HeaderExtension::mid, 5).error() == ExtensionMapError::already_mapped);
  CHECK(map.add(HeaderExtension::rid, 4).error() == ExtensionMapError::id_taken);
  CHECK(map.add(HeaderExtension::rid, 0).error() == ExtensionMapError::bad_id);
  CHECK(map.add(HeaderExtension::rid, 15).error() == ExtensionMapError::bad_id);
  CHECK(map.add(HeaderExtension::rid, 255).has_value());

  CHECK(map.id_of(HeaderExtension::mid) == 4);
  CHECK(map.extension_of(4) == HeaderExtension::mid);
  CHECK(map.extension_of(255) == HeaderExtension::rid);
  CHECK(!map.id_of(HeaderExtension::audio_level).has_value());
  CHECK(!map.extension_of(0).has_value());
  CHECK(!map.extension_of(9).has_value());
}

TEST_CASE("labels are 1 to 16 characters of what their RFC allows") {
  CHECK(read_mid(as_bytes("0"))->text() == "0");
  CHECK(read_mid(as_bytes("audio-{1}.~"))->text() == "audio-{1}.~");
  CHECK(read_mid(as_bytes("0123456789abcdef")).has_value());
  CHECK(read_rid(as_bytes("hi_-9"))->text() == "hi_-9");

  CHECK(!read_mid({}).has_value());
  CHECK(!read_mid(as_bytes("0123456789abcdefg")).has_value());
  for (const std::string_view bad : {" ", "a b", "a\r\n", "a/b", "a\"", "(", "\xc3\xa4", "a:b", "\x7f"}) {
    CAPTURE(bad);
    CHECK(!read_mid(as_bytes(bad)).has_value());
  }
  CHECK(!read_mid(as_bytes({"a\0b", 3})).has_value());
  for (const std::string_view bad : {"a.b", "a+", "a;b", "", "~"}) {
    CAPTURE(bad);
    CHECK(!read_rid(as_bytes(bad)).has_value());
  }
  const auto mid = Mid::from("cam");
  CHECK(read_mid(element_data(*mid)) == mid);
  CHECK(mid != Mid::from("camera"));
}

TEST_CASE("an audio level is a voice flag and minus dBov") {
  CHECK(read_audio_level(Element{0xff}) == AudioLevel{.voice = true, .minus_dbov = 127});
  CHECK(read_audio_level(Element{0x1e}) == AudioLevel{.voice = false, .minus_dbov = 30});
  CHECK(read_audio_level(Element{0x80, 0x00}) == AudioLevel{.voice = true, .minus_dbov = 0});
  CHECK(!read_audio_level({}).has_value());
  CHECK(!read_audio_level(Element{1, 2, 3}).has_value());
  CHECK(write_audio_level({.voice = true, .minus_dbov = 200})[0] == 0xff);
  CHECK(read_audio_level(write_audio_level({.voice = true, .minus_dbov = 5})) ==
        AudioLevel{.voice = true, .minus_dbov = 5});
}

TEST_CASE("abs-send-time is 6.18 fixed point seconds that wrap after 64") {
  CHECK(to_abs_send_time(Instant{}).value == 0);
  CHECK(to_abs_send_time(Instant{} + 1s).value == 0x04'0000);
  CHECK(to_abs_send_time(Instant{} + 500ms).value == 0x02'0000);
  CHECK(to_abs_send_time(Instant{} + 63'999'999'999ns).value == 0xff'ffff);
  CHECK(to_abs_send_time(Instant{} + 64s).value == 0);
  CHECK(to_abs_send_time(Instant{} + 24h * 365 * 200).value <= 0xff'ffff);

  CHECK(read_abs_send_time(Element{0x04, 0x00, 0x01})->value == 0x04'0001);
  CHECK(!read_abs_send_time(Element{1, 2}).has_value());
  CHECK(!read_abs_send_time(Element{1, 2, 3, 4}).has_value());
  const auto written = write_abs_send_time({0xab'cdef});
  CHECK(read_abs_send_time(written)->value == 0xab'cdef);
}

TEST_CASE("time between abs-send-times crosses the wrap either way") {
  const AbsSendTime before = to_abs_send_time(Instant{} + 63s + 750ms);
  const AbsSendTime after = to_abs_send_time(Instant{} + 64s + 250ms);
  CHECK(elapsed(before, after) == 500ms);
  CHECK(elapsed(after, before) == -500ms);
  CHECK(elapsed(after, after) == 0ms);
}

TEST_CASE("a transport-wide sequence number is 16 bits, with or without a feedback request") {
  CHECK(read_transport_sequence(Element{0xff, 0xfe}) == TransportSequence{0xfffe});
  CHECK(read_transport_sequence(Element{0x00, 0x01, 0x80, 0x05}) == TransportSequence{1});
  CHECK(!read_transport_sequence(Element{1}).has_value());
  CHECK(!read_transport_sequence(Element{1, 2, 3}).has_value());
  CHECK(read_transport_sequence(write_transport_sequence(TransportSequence{0x8001})) == TransportSequence{0x8001});
}

TEST_CASE("a video orientation is camera, flip and quarter turns") {
  CHECK(read_video_orientation(Element{0x0f}) ==
        VideoOrientation{.back_camera = true, .flipped = true, .rotation_degrees = 270});
  CHECK(read_video_orientation(Element{0x01}) == VideoOrientation{.rotation_degrees = 90});
  CHECK(!read_video_orientation({}).has_value());
  for (const std::uint16_t degrees : {0, 90, 180, 270}) {
    const VideoOrientation orientation{.back_camera = true, .rotation_degrees = degrees};
    CHECK(read_video_orientation(write_video_orientation(orientation)) == orientation);
  }
}

TEST_CASE("a playout delay is two 12-bit numbers of 10 ms") {
  CHECK(read_playout_delay(Element{0x00, 0x10, 0x02}) == PlayoutDelay{.min = 10ms, .max = 20ms});
  CHECK(read_playout_delay(Element{0xff, 0xff, 0xff}) == PlayoutDelay{.min = 40'950ms, .max = 40'950ms});
  CHECK(!read_playout_delay(Element{0x00, 0x20, 0x01}).has_value());  // min above max
  CHECK(!read_playout_delay(Element{0, 0}).has_value());
  CHECK(write_playout_delay({.min = 19ms, .max = 1h}) == std::array<std::uint8_t, 3>{0x00, 0x1f, 0xff});
  CHECK(write_playout_delay({.min = -5ms, .max = 0ms}) == std::array<std::uint8_t, 3>{0, 0, 0});
}

}  // namespace
}  // namespace sluice
