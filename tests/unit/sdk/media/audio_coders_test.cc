#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "sluice/media/coders.h"
#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

using namespace testing;
using namespace std::chrono_literals;

std::vector<Packet> encode_all(AudioEncoder& encoder, const AudioBlock& sound, std::size_t piece = 960) {
  std::vector<Packet> packets;
  for (std::size_t at = 0; at < sound.frames(); at += piece) {
    AudioBlock block{.pts = sound.pts + time_of_sample(static_cast<std::int64_t>(at)), .samples = {}};
    const auto end = std::min(at + piece, sound.frames());
    block.samples.assign(sound.samples.begin() + static_cast<std::ptrdiff_t>(at * 2),
                         sound.samples.begin() + static_cast<std::ptrdiff_t>(end * 2));
    std::ranges::move(encoder.encode(block), std::back_inserter(packets));
  }
  std::ranges::move(encoder.finish(), std::back_inserter(packets));
  return packets;
}

std::vector<AudioBlock> decode_all(AudioDecoder& decoder, const std::vector<Packet>& packets) {
  std::vector<AudioBlock> blocks;
  for (const auto& packet : packets) {
    if (auto block = decoder.decode(packet)) blocks.push_back(std::move(*block));
  }
  return blocks;
}

TEST_CASE("a click at one second is decoded at one second") {
  for (const auto codec : {Codec::aac, Codec::opus, Codec::mp3}) {
    CAPTURE(static_cast<int>(codec));
    AudioEncoder encoder{{.codec = codec, .bitrate = DataRate::kbps(192)}};
    const auto packets = encode_all(encoder, click(96'000, 48'000), 777);
    AudioDecoder decoder{encoder.format()};
    const auto blocks = decode_all(decoder, packets);
    CHECK(decoder.errors() == 0);
    CHECK(std::chrono::abs(loudest(blocks) - 1s) <= 2ms);
  }
}

TEST_CASE("a click stays where it is through the containers") {
  struct Way {
    Codec codec;
    Container container;
  };
  const TemporaryFolder folder;
  for (const auto& [codec, container] : {Way{Codec::aac, Container::mp4}, Way{Codec::aac, Container::fragmented_mp4},
                                         Way{Codec::aac, Container::matroska}, Way{Codec::opus, Container::webm},
                                         Way{Codec::opus, Container::mp4}, Way{Codec::mp3, Container::mp3}}) {
    CAPTURE(static_cast<int>(codec));
    CAPTURE(static_cast<int>(container));
    AudioEncoder encoder{{.codec = codec, .bitrate = DataRate::kbps(192)}};
    const auto path = folder.file("sound");
    FileWriter writer{path, {.container = container, .tracks = {encoder.format()}, .metadata = {{"title", "A click"}}}};
    for (const auto& packet : encode_all(encoder, click(96'000, 48'000))) writer.write(packet);
    writer.finish();
    FileReader reader{path};
    REQUIRE(reader.tracks().size() == 1);
    CHECK(reader.tracks()[0].codec == codec);
    CHECK(reader.tracks()[0].sample_rate == 48'000);
    AudioDecoder decoder{reader.tracks()[0]};
    const auto blocks = decode_all(decoder, all_packets(reader));
    CHECK(std::chrono::abs(loudest(blocks) - 1s) <= 2ms);
    if (container == Container::matroska) continue;  // tells no length
    REQUIRE(reader.duration().has_value());
    CHECK(std::chrono::abs(*reader.duration() - 2s) <= 60ms);
  }
}

TEST_CASE("sound that does not begin at zero keeps its time") {
  AudioEncoder encoder{{.codec = Codec::opus}};
  auto sound = click(48'000, 24'000);
  sound.pts = 7s;
  AudioDecoder decoder{encoder.format()};
  CHECK(std::chrono::abs(loudest(decode_all(decoder, encode_all(encoder, sound))) - 7'500ms) <= 2ms);
}

TEST_CASE("a tone keeps its loudness") {
  for (const auto codec : {Codec::aac, Codec::opus, Codec::mp3}) {
    CAPTURE(static_cast<int>(codec));
    AudioEncoder encoder{{.codec = codec}};
    AudioDecoder decoder{encoder.format()};
    const auto blocks = decode_all(decoder, encode_all(encoder, sine(0, 48'000, 1'000, 0.5)));
    double power = 0;
    std::size_t samples = 0;
    for (const auto& block : blocks) {
      if (block.pts < 200ms || block.pts > 800ms) continue;
      for (const auto sample : block.samples) power += sample * sample;
      samples += block.samples.size();
    }
    CHECK(std::sqrt(2 * power / static_cast<double>(samples)) == doctest::Approx(0.5).epsilon(0.05));
  }
}

TEST_CASE("the decoder's pts go on without gaps") {
  AudioEncoder encoder{{.codec = Codec::opus}};
  AudioDecoder decoder{encoder.format()};
  const auto blocks = decode_all(decoder, encode_all(encoder, sine(0, 48'000, 440, 0.5)));
  REQUIRE(blocks.size() >= 50);
  for (std::size_t i = 1; i < blocks.size(); ++i) {
    const auto end = blocks[i - 1].pts + time_of_sample(static_cast<std::int64_t>(blocks[i - 1].frames()));
    CHECK(std::chrono::abs(blocks[i].pts - end) <= 30us);
  }
}

TEST_CASE("a lost packet of Opus is concealed, for the time that is wanted") {
  AudioEncoder encoder{{.codec = Codec::opus}};
  const auto packets = encode_all(encoder, sine(0, 48'000, 440, 0.5));
  AudioDecoder decoder{encoder.format()};
  CHECK(!decoder.conceal(20ms).has_value());
  AudioBlock last;
  for (std::size_t i = 0; i < 20; ++i) last = decoder.decode(packets[i]).value();

  const auto concealed = decoder.conceal(30ms);
  REQUIRE(concealed.has_value());
  CHECK(concealed->frames() == 1'440);
  CHECK(std::chrono::abs(concealed->pts - (last.pts + 20ms)) <= 30us);
  float peak = 0;
  for (std::size_t i = 0; i < 480; ++i) peak = std::max(peak, std::abs(concealed->samples[i]));
  CHECK(peak > 0.2F);                                                                     // it goes on with the tone
  CHECK(std::abs(concealed->samples[0] - last.samples[last.samples.size() - 2]) < 0.1F);  // and joins it
  CHECK(decoder.errors() == 0);

  const auto longest = decoder.conceal(1h);
  REQUIRE(longest.has_value());
  CHECK(longest->frames() == 48'000);
  CHECK(std::abs(longest->samples.back()) < 0.05F);
  CHECK(decoder.decode(packets[21]).has_value());
}

TEST_CASE("other codecs conceal nothing") {
  AudioEncoder encoder{{}};
  AudioDecoder decoder{encoder.format()};
  (void)decode_all(decoder, encode_all(encoder, sine(0, 9'600, 440, 0.5)));
  CHECK(!decoder.conceal(20ms).has_value());
}

TEST_CASE("garbage is counted") {
  for (const auto codec : {Codec::opus, Codec::mp3}) {
    AudioDecoder decoder{{.codec = codec}};
    std::mt19937 random{7};
    for (std::size_t i = 0; i < 200; ++i) {
      Packet packet{.data = std::vector<std::uint8_t>(i)};
      std::ranges::generate(packet.data, [&random] { return static_cast<std::uint8_t>(random()); });
      const auto block = decoder.decode(packet);
      if (block) CHECK(block->frames() <= 48'000);
    }
    CHECK(decoder.errors() > 0);
  }
}

TEST_CASE("a coder is asked for what it is not") {
  CHECK_THROWS_AS(AudioDecoder{{.codec = Codec::vp8}}, MediaError);
  CHECK_THROWS_AS(VideoDecoder{{.codec = Codec::opus}}, MediaError);
  CHECK_THROWS_AS(AudioEncoder{{.codec = Codec::h264}}, MediaError);
}

}  // namespace
}  // namespace sluice::media
